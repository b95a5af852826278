"""Who may see and do what: every page and every role, another office's things, no one at all."""

import re

import pytest
from fastapi.routing import APIRoute
from requests import Response
from sqlalchemy import delete

from myna_backend.pages import portal, web_service
from myna_backend.store.tables import LimitCount, PageRole
from tests.backend.running import Terminal
from tests.pages.conftest import PASSWORD, Pages
from tests.pages.forms import Client

APPLICANT = {PageRole.APPLICANT}
ANYBODY = {PageRole.OFFICE, PageRole.MANAGER, PageRole.GENERAL}
MATRIX: dict[str, set[PageRole]] = {
    "GET /portal": APPLICANT,
    "GET /portal/apply": APPLICANT,
    "POST /portal/apply": APPLICANT,
    "POST /portal/apply/back": APPLICANT,
    "POST /portal/apply/send": APPLICANT,
    "GET /portal/applied/{number}": APPLICANT,
    "GET /portal/notification/{number}": APPLICANT,
    "POST /portal/notification/{number}": APPLICANT,
    "GET /portal/accounts": APPLICANT,
    "POST /portal/accounts/{user_id}/sheet": APPLICANT,
    "GET /portal/accounts/{user_id}/{act}": APPLICANT,
    "POST /portal/accounts/{user_id}/{act}": APPLICANT,
    "GET /portal/start": APPLICANT,
    "POST /portal/start": APPLICANT,
    "POST /portal/signout": APPLICANT,
    "GET /web": ANYBODY,
    "POST /web/signout": ANYBODY,
    "GET /web/users": {PageRole.OFFICE, PageRole.MANAGER},
    "POST /web/users": {PageRole.OFFICE, PageRole.MANAGER},
    "POST /web/users/{user_id}/remove": {PageRole.OFFICE, PageRole.MANAGER},
    "GET /web/terminals": {PageRole.MANAGER},
    "GET /web/terminals/new": {PageRole.MANAGER},
    "POST /web/terminals/new": {PageRole.MANAGER},
    "GET /web/care": {PageRole.MANAGER, PageRole.GENERAL},
}
OPEN = {
    "GET /portal/signin",
    "POST /portal/signin",
    "GET /web/signin",
    "POST /web/signin",
    "GET /web/code",
    "POST /web/code",
}


def answer_to(client: Client, call: str, user_id: str = "W0000001") -> Response:
    method, path = call.split(" ")
    path = path.replace("{number}", "1").replace("{act}", "stop")
    path = path.replace("{user_id}", "1" if path.startswith("/web") else user_id)
    return client.get(path) if method == "GET" else client.post(path)


def is_sent_to_sign_in(answer: Response) -> bool:
    return answer.status_code == 303 and answer.headers["Location"].endswith("/signin")


def test_the_matrix_names_every_page(pages: Pages) -> None:
    app_routes: set[str] = set()
    for router in (portal.router, web_service.router):
        for route in router.routes:
            assert isinstance(route, APIRoute)
            app_routes |= {f"{method} {route.path}" for method in route.methods or ()}
    assert app_routes == set(MATRIX) | OPEN


@pytest.mark.parametrize("role", list(PageRole))
def test_a_role_reaches_its_own_pages_and_no_others(pages: Pages, role: PageRole) -> None:
    for call, allowed in MATRIX.items():
        if call.endswith("/signout"):
            continue
        client = Client(pages.server)
        _sign_in_once(client, pages, role)
        answer = answer_to(client, call, pages.clinic.user_id)
        assert answer.status_code < 500, call
        refused = is_sent_to_sign_in(answer) or answer.status_code == 403
        assert refused == (role not in allowed), (role, call)


def test_nobody_and_who_has_no_code_yet_are_sent_to_sign_in(pages: Pages) -> None:
    nobody, waiting = Client(pages.server), Client(pages.server)
    waiting.post("/web/signin", {"login": "manager", "password": PASSWORD})
    for call in MATRIX:
        assert is_sent_to_sign_in(answer_to(nobody, call)), call
        assert is_sent_to_sign_in(answer_to(waiting, call)), call


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
    clinic.post("/portal/apply/send", {"staff_count": "3", "terminal_count": "1", "terms": "on"})
    assert clinic.get("/portal/notification/1").status_code == 200
    assert other.get("/portal/notification/1").status_code == 303


def test_a_manager_cannot_remove_an_office_user_nor_another_offices(pages: Pages) -> None:
    manager = Client(pages.server)
    manager.sign_in("manager")
    listed = manager.get("/web/users").text
    assert "general@example.jp" in listed
    assert "office@example.jp" not in listed
    for user_id in range(1, 13):
        manager.post(f"/web/users/{user_id}/remove")
    for login in ("office", "manager", "other-general", "clinic-general", "applicant"):
        assert Client(pages.server).sign_in(login).status_code == 303, login
    assert Client(pages.server).sign_in("general").status_code == 422


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "10.0.0.1"}, {"Forwarded": "for=10.0.0.1"}, {"Via": "1.1 proxy"}, {"Host": "evil.example"}],
)
def test_administration_answers_nobody_who_came_through_something(pages: Pages, headers: dict[str, str]) -> None:
    client = Client(pages.server)
    for path in ("", "/applications", "/persons", "/accounts", "/audit", "/mail"):
        assert client.get(f"/admin{path}").status_code == 200
        assert client.get(f"/admin{path}", **headers).status_code == 403


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
    right = client.mailed_code()
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


def test_an_ended_account_stays_ended(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    assert client.post(f"/portal/accounts/{pages.care.user_id}/end").status_code == 303
    for act in ("stop", "resume", "release", "end"):
        assert client.post(f"/portal/accounts/{pages.care.user_id}/{act}").status_code == 409


def _sign_in_once(client: Client, pages: Pages, role: PageRole) -> None:
    """Each role under its own office's name, past the limits that tests of their own look at."""
    with pages.server.backend.store.writing() as session:
        session.execute(delete(LimitCount))
    assert client.sign_in(f"clinic-{role}").status_code == 303
