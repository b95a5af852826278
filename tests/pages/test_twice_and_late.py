"""A second click does nothing twice and loses nothing; a form that comes after its session has ended is not lost."""

import html
import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from myna_backend.accounts import find_account, is_password
from myna_backend.store.tables import Account
from tests.backend.running import Terminal
from tests.pages.conftest import PASSWORD, Pages
from tests.pages.forms import Client, mailed_code
from tests.pages.test_forms import APPLICATION

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
NEW_USER = {"login": "new.one", "name": "見本　新人", "mail": "new@example.jp", "role": "general"}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the main form."""
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in fields}


def send_shown_form(client: Client, page: str, fields: dict[str, str] | None = None) -> requests.Response:
    action = re.search(r'<form method="post" action="([^"]*)">', page.partition("<main")[2])
    assert action is not None
    return client.send("POST", action[1], data={**hidden(page.partition("<main")[2]), **(fields or {})})


def secrets_of(sheet: str) -> list[str]:
    return re.findall(r'<dd class="id">([^<]*)</dd>', sheet)


def test_one_confirmation_is_one_application_however_often_it_is_sent(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    leads_to = [client.post("/portal/apply", APPLICATION).headers["Location"] for _ in range(2)]
    keys = [dict(parse_qsl(urlsplit(path).query)) for path in leads_to]
    sent = [client.post("/portal/apply/send", keys[number]).headers["Location"] for number in (0, 0, 1, 0)]
    assert sent == ["/portal/applied/1", "/portal/applied/1", "/portal/applied/2", "/portal/applied/1"]


def test_two_offices_may_have_the_same_key(pages: Pages) -> None:
    mine, other = Client(pages.server), Client(pages.server)
    mine.sign_in("applicant")
    other.sign_in("other-applicant")
    sent = [client.post("/portal/apply/send", APPLICATION).headers["Location"] for client in (mine, other)]
    assert sent == ["/portal/applied/1", "/portal/applied/2"]


def test_a_confirmation_without_its_fields_leads_back_to_the_form(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    for query in (
        "",
        "?staff_count=3&terminal_count=1&terms=on",
        "?staff_count=3&terminal_count=99&terms=on&form_key=x",
    ):
        assert client.get(f"/portal/apply/confirm{query}").headers["Location"] == "/portal/apply"
    assert client.post("/portal/apply/send", {**APPLICATION, "form_key": ""}).headers["Location"] == "/portal/apply"


def test_approving_twice_prepares_the_accounts_once(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    client.post("/portal/apply/send", APPLICATION)
    for _ in range(2):
        assert client.post("/admin/applications/1/approve").status_code == 303
    assert client.post("/admin/applications/2/approve").status_code == 409
    with pages.server.backend.store.reading() as session:
        assert session.query(Account).count() == 3 + 1


def test_secrets_are_shown_once_and_a_second_click_leaves_them_valid(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    client.post("/portal/apply/send", APPLICATION)
    client.post("/admin/applications/1/approve")
    confirmation = client.get("/portal/accounts/W0000004/sheet").text
    first, second = (send_shown_form(client, confirmation) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert first.headers["Cache-Control"] == "no-store"
    assert secrets_of(second.text) == []
    _code, user_id, password, _activation = secrets_of(first.text)
    with pages.server.backend.store.reading() as session:
        assert is_password(find_account(session, user_id), password)


def test_a_lost_sheet_is_made_anew_until_the_account_is_on_a_pc(pages: Pages) -> None:
    client, before = Client(pages.server), Terminal(pages.server, pages.care)
    client.sign_in("applicant")
    confirmation = client.get(f"/portal/accounts/{pages.care.user_id}/sheet").text
    assert "前に表示したパスワードとアクティベーションコードは使えなくなります" in confirmation
    _, _, password, code = secrets_of(send_shown_form(client, confirmation).text)
    assert before.register().code == "credentials"
    assert before.register(password=password, activation_code=code).status == 201
    late = send_shown_form(client, client.get(f"/portal/accounts/{pages.care.user_id}/sheet").text)
    assert late.status_code == 409
    assert "作りなおす" not in client.get("/portal/accounts").text


def test_a_second_click_on_the_one_time_code_stays_signed_in(pages: Pages) -> None:
    client = Client(pages.server)
    client.post("/web/signin", {"login": "manager", "password": PASSWORD})
    code = mailed_code(pages.server)
    for _ in range(3):
        assert client.post("/web/code", {"code": code}).headers["Location"] == "/web"
    assert client.get("/web").status_code == 200


def test_ending_twice_is_ending(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    for _ in range(2):
        assert client.post(f"/portal/accounts/{pages.care.user_id}/end").headers["Location"] == "/portal/accounts"


def test_what_was_typed_into_the_portal_survives_the_end_of_the_session(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    pages.server.clock.advance(minutes=31)
    stopped = client.post("/portal/apply", {"staff_count": "345", "terminal_count": "7", "terms": "on"})
    assert stopped.status_code == 403
    assert "入力した内容は残っています" in stopped.text
    wrong = send_shown_form(client, stopped.text, {"login": "applicant", "password": "wrong"})
    assert wrong.status_code == 422
    resumed = send_shown_form(client, wrong.text, {"login": "applicant", "password": PASSWORD})
    assert "<dd>345</dd>" in resumed.text
    confirmation = send_shown_form(client, resumed.text)
    assert "staff_count=345&terminal_count=7" in confirmation.headers["Location"]


def test_what_was_typed_into_the_web_service_survives_password_and_code(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("manager")
    pages.server.clock.advance(minutes=31)
    stopped = client.post("/web/users", NEW_USER)
    asked = send_shown_form(client, stopped.text, {"login": "manager", "password": PASSWORD})
    assert asked.status_code == 200
    wrong = send_shown_form(client, asked.text, {"code": "x"})
    assert wrong.status_code == 422
    for _ in range(4):
        send_shown_form(client, wrong.text, {"code": "x"})
    too_often = send_shown_form(client, wrong.text, {"code": mailed_code(pages.server)})
    asked = send_shown_form(client, too_often.text, {"login": "manager", "password": PASSWORD})
    resumed = send_shown_form(client, asked.text, {"code": mailed_code(pages.server)})
    assert "<dd>見本　新人</dd>" in resumed.text
    assert "new.one" in send_shown_form(client, resumed.text).text
    assert client.sign_in("applicant").status_code == 303


def test_a_password_is_not_kept(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("manager")
    pages.server.clock.advance(minutes=31)
    fields = {"user_id": "W0000001", "password": "very secret words", "terminal_id": "7K3D-9QXM-2H4T-VB83"}
    stopped = client.post("/web/terminals/new", fields)
    assert "7K3D-9QXM-2H4T-VB83" in stopped.text
    assert "very secret words" not in stopped.text


@pytest.mark.parametrize(
    "kept",
    ["", "x", "[]", '["/portal/apply"]', '["//evil.example/", {"a": "b"}]', '["https://evil.example", {"a": "b"}]',
     '["/web/users", {"a": "b"}]', '["/portal/../admin", {"a": "b"}]', '["/portalx", {"a": "b"}]', "null", "{" * 9000],
)  # fmt: skip
def test_a_kept_form_leads_to_this_area_alone(pages: Pages, kept: str) -> None:
    answer = Client(pages.server).post("/portal/signin", {"login": "applicant", "password": PASSWORD, "kept": kept})
    assert answer.headers["Location"] == "/portal"


def test_a_kept_field_is_never_markup(pages: Pages) -> None:
    kept = json.dumps(["/portal/apply", {"staff_count": '"><script>', 'x"><script>': "y"}])
    answer = Client(pages.server).post("/portal/signin", {"login": "applicant", "password": PASSWORD, "kept": kept})
    assert answer.status_code == 200
    assert "<script" not in answer.text


def test_a_form_of_before_another_sign_in_is_shown_again_if_it_is_ours(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    fields = {"csrf": client.token("/portal/apply"), "staff_count": "345", "terminal_count": "7", "terms": "on"}
    client.sign_in("applicant")
    foreign = client.send("POST", "/portal/apply", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert "345" not in foreign.text
    ours = client.send("POST", "/portal/apply", data=fields, headers=SAME_ORIGIN)
    assert ours.status_code == 403
    assert "staff_count=345" in send_shown_form(client, ours.text).headers["Location"]
