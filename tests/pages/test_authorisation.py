"""Who may see and do what: every page and every role, another office's things, no one at all."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts
from requests import Response
from sqlalchemy import delete

from myna_backend import accounts
from myna_backend.app import create_app
from myna_backend.store.tables import PageRole, User
from tests.backend import test_authorisation as contract_matrix
from tests.backend.running import Terminal
from tests.pages.conftest import PASSWORD, Pages
from tests.pages.forms import Client, mailed_code
from tests.pages.test_forms import APPLICATION

APPLICANT = {PageRole.APPLICANT}
ANYBODY = {PageRole.OFFICE, PageRole.MANAGER, PageRole.GENERAL}
USER_MANAGERS = {PageRole.OFFICE, PageRole.MANAGER}
MATRIX: dict[str, set[PageRole]] = {
    "GET /portal": APPLICANT,
    "GET /portal/apply": APPLICANT,
    "POST /portal/apply": APPLICANT,
    "GET /portal/apply/confirm": APPLICANT,
    "POST /portal/apply/send": APPLICANT,
    "GET /portal/applied/{number}": APPLICANT,
    "GET /portal/notification/{number}": APPLICANT,
    "POST /portal/notification/{number}": APPLICANT,
    "GET /portal/accounts": APPLICANT,
    "GET /portal/accounts.csv": APPLICANT,
    "GET /portal/accounts/{user_id}/sheet": APPLICANT,
    "POST /portal/accounts/{user_id}/sheet": APPLICANT,
    "GET /portal/accounts/{user_id}/{act}": APPLICANT,
    "POST /portal/accounts/{user_id}/{act}": APPLICANT,
    "GET /portal/password": APPLICANT,
    "POST /portal/password": APPLICANT,
    "GET /portal/start": APPLICANT,
    "POST /portal/start": APPLICANT,
    "POST /portal/signout": APPLICANT,
    "GET /web": ANYBODY,
    "GET /web/password": ANYBODY,
    "POST /web/password": ANYBODY,
    "POST /web/signout": ANYBODY,
    "GET /web/users": USER_MANAGERS,
    "POST /web/users": USER_MANAGERS,
    "GET /web/users/{user_id}/remove": USER_MANAGERS,
    "POST /web/users/{user_id}/remove": USER_MANAGERS,
    "GET /web/users/{user_id}/password": USER_MANAGERS,
    "POST /web/users/{user_id}/password": USER_MANAGERS,
    "GET /web/terminals": {PageRole.MANAGER},
    "GET /web/terminals.csv": {PageRole.MANAGER},
    "GET /web/terminals/new": {PageRole.MANAGER},
    "POST /web/terminals/new": {PageRole.MANAGER},
    "GET /web/terminals/{terminal_id}/remove": {PageRole.MANAGER},
    "POST /web/terminals/{terminal_id}/remove": {PageRole.MANAGER},
    "GET /web/care": {PageRole.MANAGER, PageRole.GENERAL},
}
"""Pages for somebody who is signed in, and the roles that may."""
OPERATOR = {
    "GET /admin",
    "GET /admin/applications",
    "GET /admin/applications/{number}/notification",
    "POST /admin/applications/{number}/approve",
    "GET /admin/persons",
    "POST /admin/persons/{person_id}/{act}",
    "GET /admin/accounts",
    "POST /admin/accounts/{user_id}/{act}",
    "GET /admin/audit",
    "GET /admin/mail",
    "GET /admin/faults",
    "POST /admin/faults",
    "POST /admin/faults/{number}/cancel",
}
"""Pages for whoever sits at the server."""
OPEN = {
    "GET /portal/signin",
    "POST /portal/signin",
    "GET /web/signin",
    "POST /web/signin",
    "GET /web/code",
    "POST /web/code",
    "GET /portal/{rest:path}",
    "GET /web/{rest:path}",
    "GET /admin/{rest:path}",
    "GET /style.css",
    "GET /openapi.json",
    "HEAD /openapi.json",
}
STRANGERS = [{"X-Forwarded-For": "10.0.0.1"}, {"Forwarded": "for=10.0.0.1"}, {"Via": "1.1 proxy"},
             {"X-Real-IP": "127.0.0.1"}, {"Host": "evil.example"}]  # fmt: skip


def answer_to(client: Client, call: str, user_id: str = "W0000001", **headers: str) -> Response:
    method, path = call.split(" ")
    values = {
        "number": "1",
        "act": "deny" if "persons" in path else "stop",
        "user_id": "1" if path.startswith("/web") else user_id,
        "terminal_id": "7K3D9QXM2H4TVB83",
        "person_id": "p01",
    }
    path = path.format_map(values)
    return client.get(path, **headers) if method == "GET" else client.post(path, headers=headers)


def is_sent_to_sign_in(answer: Response) -> bool:
    return answer.status_code == 303 and answer.headers["Location"].endswith("/signin")


def test_every_page_and_every_call_stands_in_a_matrix(pages: Pages, tmp_path: Path) -> None:
    """The contract's own matrix is tried with the backend's tests."""
    app = create_app(replace(pages.server.backend.settings, data=tmp_path / "data"))
    served = {
        f"{method} {context.path}" for context in iter_route_contexts(app.routes) for method in context.methods or ()
    }
    app.state.backend.store.engine.dispose()
    contract = contract_matrix.CALLS | contract_matrix.OPEN
    assert served == set(MATRIX) | OPERATOR | OPEN | contract


@pytest.mark.parametrize("role", list(PageRole))
def test_a_role_reaches_its_own_pages_and_no_others(pages: Pages, role: PageRole) -> None:
    client = Client(pages.server)
    assert client.sign_in(f"clinic-{role}").status_code == 303
    for call, allowed in MATRIX.items():
        if call.endswith("/signout"):
            continue
        answer = answer_to(client, call, pages.clinic.user_id)
        assert answer.status_code < 500, call
        refused = is_sent_to_sign_in(answer) or answer.status_code == 403
        assert refused == (role not in allowed), (role, call)


def nobody(_pages: Pages) -> Client:
    return Client(_pages.server)


def without_code(pages: Pages) -> Client:
    client = Client(pages.server)
    assert client.post("/web/signin", {"login": "manager", "password": PASSWORD}).status_code == 303
    return client


def expired(pages: Pages) -> Client:
    client = Client(pages.server)
    for login in ("applicant", "manager"):
        assert client.sign_in(login).status_code == 303
    pages.server.clock.advance(minutes=31)
    return client


def removed(pages: Pages) -> Client:
    client = Client(pages.server)
    for login in ("applicant", "manager"):
        assert client.sign_in(login).status_code == 303
    with pages.server.backend.store.writing() as session:
        session.execute(delete(User).where(User.login.in_(("applicant", "manager"))))
    return client


def with_the_other_areas_cookie(pages: Pages) -> Client:
    client = Client(pages.server)
    for login in ("applicant", "manager"):
        assert client.sign_in(login).status_code == 303
    portal, web = (client.cookies[f"__Host-{area}"] for area in ("portal", "web"))
    client.cookies.update({"__Host-portal": web, "__Host-web": portal})
    return client


@pytest.mark.parametrize("standing", [nobody, without_code, expired, removed, with_the_other_areas_cookie])
def test_who_is_not_signed_in_is_sent_to_sign_in(pages: Pages, standing: Callable[[Pages], Client]) -> None:
    client = standing(pages)
    for call in MATRIX:
        assert is_sent_to_sign_in(answer_to(client, call)), call


def test_a_terminals_token_opens_no_page_and_a_page_no_call(pages: Pages) -> None:
    terminal = Terminal(pages.server, pages.care)
    assert terminal.register().status == 201
    assert terminal.fetch_token().status == 200
    client = Client(pages.server)
    for call in MATRIX:
        assert is_sent_to_sign_in(answer_to(client, call, Authorization=f"Bearer {terminal.token}")), call
    client.sign_in("manager")
    for call in contract_matrix.CALLS:
        method, path = call.split(" ")
        assert client.send(method, path.replace("{visit_id}", str(uuid4()))).status_code == 401, call


def test_administration_is_for_who_sits_at_the_server(pages: Pages) -> None:
    """Signing in elsewhere is no help: whoever came through something is refused, before a form is looked at."""
    client = Client(pages.server)
    client.sign_in("manager")
    for call in OPERATOR:
        for headers in STRANGERS:
            assert answer_to(client, call, **headers).status_code == 403, (call, headers)
        assert answer_to(client, call).status_code != 403, call


def test_a_session_ends_after_half_an_hour_without_use(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    for minutes, status in ((29, 200), (29, 200), (31, 303)):
        pages.server.clock.advance(minutes=minutes)
        assert client.get("/portal").status_code == status


@pytest.mark.parametrize("act", ["stop", "resume", "release", "end"])
def test_another_offices_account_cannot_be_touched_nor_seen(pages: Pages, act: str) -> None:
    client = Client(pages.server)
    client.sign_in("other-applicant")
    for user_id in (pages.care.user_id, pages.clinic.user_id, "W9999999", "x"):
        assert client.get(f"/portal/accounts/{user_id}/{act}").status_code == 404
        assert client.post(f"/portal/accounts/{user_id}/{act}").status_code == 404
        assert client.post(f"/portal/accounts/{user_id}/sheet").status_code == 404
    assert pages.care.user_id not in client.get("/portal/accounts").text


def test_another_offices_application_takes_no_notification(pages: Pages) -> None:
    clinic, other = Client(pages.server), Client(pages.server)
    clinic.sign_in("clinic-applicant")
    other.sign_in("applicant")
    clinic.post("/portal/apply/send", APPLICATION)
    assert clinic.get("/portal/notification/1").status_code == 200
    assert other.get("/portal/notification/1").status_code == 303


def test_a_manager_cannot_remove_an_office_user_nor_another_offices(pages: Pages) -> None:
    manager = Client(pages.server)
    manager.sign_in("manager")
    listed = manager.get("/web/users").text
    assert "general@example.jp" in listed
    assert "office@example.jp" not in listed
    for user_id in range(1, 13):
        manager.post(f"/web/users/{user_id}/password")
        manager.post(f"/web/users/{user_id}/remove")
    for login in ("office", "manager", "other-general", "clinic-general", "applicant"):
        assert Client(pages.server).sign_in(login).status_code == 303, login
    assert Client(pages.server).sign_in("general").status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/portal/signin", "/web/signin", "/web/code", "/admin/applications/1/approve", "/admin/accounts/W0000001/stop",
     "/admin/persons/p01/deny", "/portal/apply/send", "/portal/accounts/W0000001/stop", "/web/terminals/new"],
)  # fmt: skip
@pytest.mark.parametrize("token", ["", "0" * 64, "全角", None])
def test_a_form_without_this_browsers_token_is_refused(pages: Pages, path: str, token: str | None) -> None:
    client = Client(pages.server)
    client.sign_in("manager" if path.startswith("/web") else "applicant")
    client.get(path)
    fields = {} if token is None else {"csrf": token}
    assert client.send("POST", path, data={"x": "", **fields}).status_code == 403


def test_the_token_of_one_browser_does_not_open_another(pages: Pages) -> None:
    mine, other = Client(pages.server), Client(pages.server)
    token = mine.token("/portal/signin")
    assert other.send("POST", "/portal/signin", data={"csrf": token, "login": "a", "password": "b"}).status_code == 403


def test_cookies_are_for_this_host_and_no_script(pages: Pages) -> None:
    answer = Client(pages.server).get("/portal/signin")
    flags = answer.headers["Set-Cookie"]
    assert re.fullmatch(r"__Host-portal=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", flags)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert answer.headers["Cache-Control"] == "no-store"


def test_signing_in_changes_the_cookie(pages: Pages) -> None:
    client = Client(pages.server)
    client.get("/portal/signin")
    before = dict(client.cookies)
    client.sign_in("applicant")
    assert client.cookies != before


def test_sign_in_is_limited_and_says_until_when(pages: Pages) -> None:
    client = Client(pages.server)
    for _ in range(10):
        assert client.sign_in("applicant", "wrong").status_code == 422
    answer = client.sign_in("applicant")
    assert answer.status_code == 429
    assert 3000 < int(answer.headers["Retry-After"]) <= 3600
    pages.server.clock.advance(hours=1)
    assert client.sign_in("applicant").status_code == 303


def test_five_wrong_one_time_codes_end_the_sign_in(pages: Pages) -> None:
    client = Client(pages.server)
    client.post("/web/signin", {"login": "manager", "password": PASSWORD})
    right = mailed_code(pages.server)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        assert client.post("/web/code", {"code": wrong}).status_code == 422
    assert client.post("/web/code", {"code": right}).headers["Location"] == "/web/signin"


def test_a_terminal_is_registered_by_its_own_account_of_this_office_alone(pages: Pages) -> None:
    mine, other = Terminal(pages.server, pages.care), Terminal(pages.server, pages.other_care)
    for terminal in (mine, other):
        assert terminal.register().status == 201
    client = Client(pages.server)
    client.sign_in("manager")

    def result(user_id: str, password: str, terminal_id: str) -> str:
        fields = {"user_id": user_id, "password": password, "terminal_id": terminal_id}
        return "成功" if "<h2>成功" in client.post("/web/terminals/new", fields).text else "失敗"

    care, stranger = pages.care, pages.other_care
    assert result(stranger.user_id, stranger.password, other.terminal_id) == "失敗"
    assert result(care.user_id, care.password, other.terminal_id) == "失敗"
    assert result(care.user_id, "wrong", mine.terminal_id) == "失敗"
    assert result(care.user_id, care.password, mine.terminal_id[:-1] + "*") == "失敗"
    assert result(care.user_id, care.password, mine.terminal_id.lower()) == "成功"
    with pages.server.backend.store.writing() as session:
        accounts.stop(session, care.user_id)
    assert result(care.user_id, care.password, mine.terminal_id) == "失敗"


def test_an_ended_account_stays_ended(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    assert client.post(f"/portal/accounts/{pages.care.user_id}/end").status_code == 303
    for act, status in (("stop", 409), ("resume", 409), ("release", 409), ("end", 303)):
        assert client.post(f"/portal/accounts/{pages.care.user_id}/{act}").status_code == status
    assert "利用終了</td>" in client.get("/portal/accounts").text
