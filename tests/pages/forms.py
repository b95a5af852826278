"""The pages by plain HTTP: what a browser sends, and what it is answered."""

import re
from dataclasses import dataclass, field
from typing import Any

import requests

from myna_backend.store.tables import SandboxMail
from tests.backend.running import Server
from tests.pages.conftest import PASSWORD

AREAS = ("portal", "web", "admin")


def mailed_code(server: Server) -> str:
    """The one-time code of the last letter."""
    with server.backend.store.reading() as session:
        letter = session.query(SandboxMail).order_by(SandboxMail.id.desc()).first()
        assert letter is not None
        found = re.search(r"[0-9]{6}", letter.text)
        assert found is not None
        return found[0]


@dataclass
class Client:
    """A browser without pictures. Cookies are kept by hand: `requests` shares none over a changing port."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, fields: dict[str, str] | None = None, **options: Any) -> requests.Response:
        """A form with the token of this browser's cookie."""
        return self.send("POST", path, data={"csrf": self.token(path), **(fields or {})}, **options)

    def token(self, path: str) -> str:
        area = path.split("/")[1]
        entrance = "/admin" if area == "admin" else f"/{area}/signin"
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(entrance).text)
        if found is None:  # a page without a form
            digest = self.server.backend.server_key.digest
            return digest("csrf", f"__Host-{area}", self.cookies.get(f"__Host-{area}", ""))
        return found[1]

    def sign_in(self, login: str, password: str = PASSWORD) -> requests.Response:
        area = "portal" if login.endswith("applicant") else "web"
        answer = self.post(f"/{area}/signin", {"login": login, "password": password})
        if area == "web" and answer.status_code == 303:
            answer = self.post("/web/code", {"code": mailed_code(self.server)})
        return answer

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> requests.Response:
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        self.server.http.cookies.clear()
        answer = self.server.http.request(
            method,
            self.server.address + path,
            headers={**cookie, **(headers or {})},
            allow_redirects=False,
            timeout=30,
            **options,
        )
        self.cookies.update(answer.cookies.get_dict())
        return answer
