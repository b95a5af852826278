"""The backend as its users meet it: a real server over HTTPS on loopback, and a terminal that talks to it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey

from myna_app.formats.facility import FacilityKind
from myna_app.formats.visit_message import visit_message
from myna_backend.accounts import IssuedAccount, OfficeFields, issue
from myna_backend.app import create_app
from myna_backend.backend import Backend
from myna_backend.encodings import from_base64url, to_base64url
from myna_backend.load import load
from myna_backend.serve import listen, make_server
from myna_backend.settings import Settings
from myna_backend.tls import CA_FILE, CERTIFICATE_FILE, KEY_FILE
from tests.backend import issuing
from tests.backend.issuing import NOW, Holder

CONTACT = "見本県国保連合会　000-000-0000"


@dataclass
class FakeClock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Answer:
    """Status, JSON (None where there is none), headers, raw bytes."""

    status: int
    body: Any
    headers: Mapping[str, str]
    content: bytes

    @property
    def code(self) -> str:
        return str(self.body["code"])


@dataclass
class Server:
    address: str
    backend: Backend
    clock: FakeClock
    http: requests.Session
    codes: set[str] = field(default_factory=set)
    """Every problem code this server has answered with."""

    def call(self, method: str, path: str, **options: Any) -> Answer:
        answer = self.http.request(method, self.address + path, timeout=30, allow_redirects=False, **options)
        body: Any = answer.json() if answer.content.strip() else None
        if answer.headers.get("Content-Type") == "application/problem+json":
            assert body["status"] == answer.status_code
            assert body["type"] == f"urn:myna:problem:{body['code']}"
            self.codes.add(body["code"])
        return Answer(answer.status_code, body, answer.headers, answer.content)

    def lose_answer(self, path: str, body: Mapping[str, Any], **headers: str) -> None:
        """Posts and gives up before the answer comes, as an application does whose network is gone."""
        # A session of its own: the exception keeps its connections from being closed with the session.
        with requests.Session() as lost, pytest.raises(requests.Timeout):
            lost.trust_env = False
            lost.post(self.address + path, json=body, headers=headers, verify=self.http.verify, timeout=1)

    def account(self, kind: FacilityKind = FacilityKind.MEDICAL, **changes: Any) -> IssuedAccount:
        code = "8888888888" if kind is FacilityKind.CARE else "9919910019"
        fields: dict[str, Any] = {
            "name": f"見本 {kind}",
            "kind": kind,
            "institution_code": code,
            "contact": CONTACT,
            "service_starts_on": NOW.date(),
            **changes,
        }
        with self.backend.store.writing() as session:
            return issue(session, OfficeFields(**fields), 1, self.backend.activation_code_end())[0]

    def terminal(self, kind: FacilityKind = FacilityKind.MEDICAL, **changes: Any) -> "Terminal":
        """A registered terminal with a token."""
        terminal = Terminal(self, self.account(kind, **changes))
        answer = terminal.register()
        assert answer.status == 201, answer.body
        assert terminal.fetch_token().status == 200
        return terminal

    def load(self, folder: Path, *persons: Mapping[str, Any], **more: Any) -> None:
        report = load(self.backend.store, self.backend.settings.mode, issuing.write_export(folder, persons, **more))
        assert not report.bad_rows, [str(bad) for bad in report.bad_rows]


@dataclass
class Terminal:
    """The application's side of the contract, so far as a test needs it."""

    server: Server
    account: IssuedAccount
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    terminal_id: str = ""
    token: str = ""

    @property
    def issuer(self) -> str:
        return self.server.backend.settings.issuer

    @property
    def seconds(self) -> int:
        return int(self.server.clock().timestamp())

    def sign(self, claims: Mapping[str, Any], key: ECKey | None = None, **header: str) -> str:
        return jwt.encode({"alg": "ES256", **header}, dict(claims), key or self.key)

    def possession(self, **changes: Any) -> str:
        claims = {"aud": self.issuer, "iat": self.seconds, "jti": token_urlsafe(16), "user_id": self.account.user_id}
        return self.sign({**claims, **changes}, typ="myna-possession+jwt")

    def registration(self, **changes: Any) -> dict[str, Any]:
        body = {
            "institution_code": self.account.institution_code,
            "user_id": self.account.user_id,
            "password": self.account.password,
            "activation_code": self.account.activation_code,
            "terms_version": self.server.backend.settings.terms_version,
            "public_key": self.key.as_dict(private=False),
            "possession": self.possession(),
            "app_version": "0.1.0",
        }
        return {**body, **changes}

    def register(self, **changes: Any) -> Answer:
        answer = self.server.call("POST", "/v1/terminals", json=self.registration(**changes))
        if answer.status == 201:
            self.terminal_id = answer.body["terminal_id"]
        return answer

    def assertion(self, **changes: Any) -> str:
        claims = {
            "iss": self.terminal_id,
            "sub": self.terminal_id,
            "aud": self.issuer,
            "iat": self.seconds,
            "exp": self.seconds + 60,
            "jti": token_urlsafe(16),
        }
        return self.sign({**claims, **changes})

    def fetch_token(self, assertion: str | None = None, **changes: str) -> Answer:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.assertion(),
        }
        answer = self.server.call("POST", "/v1/token", data={**form, **changes})
        if answer.status == 200:
            self.token = answer.body["access_token"]
        return answer

    def call(self, method: str, path: str, **options: Any) -> Answer:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "User-Agent": "myna-app/0.1.0",
            **options.pop("headers", {}),
        }
        return self.server.call(method, path, headers=headers, **options)

    def challenge(self) -> dict[str, Any]:
        answer = self.call("POST", "/v1/challenges")
        assert answer.status == 201, answer.body
        return dict(answer.body)

    def visit_body(
        self, holder: Holder, card: str = "card", challenge: Mapping[str, Any] | None = None, **changes: Any
    ) -> dict[str, Any]:
        challenge = challenge or self.challenge()
        message = visit_message(
            UUID(challenge["challenge_id"]), from_base64url(challenge["nonce"]), self.terminal_id, holder.certificate
        )
        body = {
            "challenge_id": challenge["challenge_id"],
            "certificate": to_base64url(holder.certificate),
            "signature": to_base64url(issuing.sign(card, message)),
            "face_check": {"seconds_ago": 5, "way": "photograph"},
        }
        return {**body, **changes}

    def visit(self, holder: Holder, card: str = "card", **changes: Any) -> Answer:
        return self.call("POST", "/v1/visits", json=self.visit_body(holder, card, **changes))

    def prove(self, visit_id: str, record: bytes | None = None, issuer_certificate: bytes | None = None) -> Answer:
        body = {
            "birth_date_record": to_base64url(record or issuing.birth_date_record()),
            "issuer_certificate": to_base64url(issuer_certificate or issuing.issuer_certificate()),
        }
        return self.call("PUT", f"/v1/visits/{visit_id}/proof", json=body)

    def refuse_key(self, visit_id: str) -> Answer:
        body = {"refused": {"sw": "63C9", "tries_left": 9}}
        return self.call("PUT", f"/v1/visits/{visit_id}/proof", json=body)

    def first_visit(self, holder: Holder, card: str = "card", record: bytes | None = None) -> Answer:
        """A whole visit of a card not seen before."""
        answer = self.visit(holder, card)
        assert answer.body["next"] in ("prove", "ask_birth_date"), answer.body
        return self.prove(answer.body["visit_id"], record or issuing.birth_date_record(card=card))


@contextmanager
def serving(settings: Settings, clock: FakeClock, tls: Path) -> Iterator[Server]:
    """A server in a thread of this process; it ends with the block."""
    listener = listen("127.0.0.1", 0)
    app = create_app(settings, clock)
    ready = threading.Event()
    uvicorn_server = make_server(app, tls / CERTIFICATE_FILE, tls / KEY_FILE, ready.set)
    thread = threading.Thread(target=uvicorn_server.run, kwargs={"sockets": [listener.socket]})
    thread.start()
    assert ready.wait(20)
    with requests.Session() as http:
        http.trust_env = False
        http.verify = str(tls / CA_FILE)
        try:
            yield Server(listener.address, app.state.backend, clock, http)
        finally:
            http.close()
            uvicorn_server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()
