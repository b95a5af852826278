"""Registration, tokens, a terminal's view of itself, re-authentication, release."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from joserfc.jwk import ECKey

from myna_app.formats.facility import FacilityKind
from myna_app.formats.terminal_id import parse_terminal_id
from myna_backend import accounts
from myna_backend.contract import MinimumAppVersion, TerminalNotice
from tests.backend.conftest import Serve
from tests.backend.issuing import NOW
from tests.backend.running import CONTACT, FakeClock, Server, Terminal


def stop(terminal: Terminal) -> None:
    with terminal.server.backend.store.writing() as session:
        accounts.stop(session, terminal.account.user_id)


def test_registration_answers_terminal_and_office(server: Server) -> None:
    terminal = Terminal(server, server.account(service_ends_on=date(2027, 3, 31)))
    answer = terminal.register()
    assert answer.status == 201
    assert parse_terminal_id(answer.body.pop("terminal_id")) == terminal.terminal_id
    assert answer.body == {
        "facility": {"name": "見本 medical", "kind": "medical"},
        "contact": CONTACT,
        "service_starts_on": "2026-11-20",
        "service_ends_on": "2027-03-31",
    }


def test_the_same_key_gets_the_same_terminal_id_even_when_the_code_is_spent(server: Server) -> None:
    terminal = Terminal(server, server.account())
    first = terminal.register()
    second = terminal.register(activation_code="000000000000")
    assert second.status == 201
    assert second.body == first.body


def test_an_account_registered_from_many_places_at_once_works_on_one(server: Server) -> None:
    account = server.account()
    terminals = [Terminal(server, account) for _ in range(6)]
    bodies = [terminal.registration() for terminal in terminals]
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(lambda body: server.call("POST", "/v1/terminals", json=body), bodies))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409, 409]


def test_one_terminal_registering_many_times_at_once_gets_one_id(server: Server) -> None:
    terminal = Terminal(server, server.account())
    body = terminal.registration()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: server.call("POST", "/v1/terminals", json=body), range(6)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["terminal_id"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"institution_code": "9919910018"}, "credentials"),
        ({"user_id": "W9999999"}, "credentials"),
        ({"user_id": "W00000001"}, "credentials"),
        ({"user_id": "W" + "9" * 63}, "credentials"),
        ({"password": "wrong"}, "credentials"),
        ({"activation_code": "ABCD"}, "activation_code"),
        ({"possession": "a.b.c"}, "possession"),
        ({"possession": "." * 2048}, "possession"),
    ],
)
def test_wrong_registrations(server: Server, change: dict[str, str], code: str) -> None:
    assert Terminal(server, server.account()).register(**change).code == code


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://elsewhere.invalid"},
        {"aud": ["https://backend.invalid"]},
        {"user_id": "W0000002"},
        {"jti": "short"},
        {"jti": "x" * 65},
        {"iat": "now"},
        {"iat": True},
    ],
)
def test_a_possession_that_says_something_else_is_refused(server: Server, changes: dict[str, object]) -> None:
    terminal = Terminal(server, server.account())
    assert terminal.register(possession=terminal.possession(**changes)).code == "possession"


def test_a_possession_by_another_key_is_refused(server: Server) -> None:
    terminal = Terminal(server, server.account())
    other = ECKey.generate_key("P-256").as_dict(private=False)
    assert terminal.register(public_key=other).code == "possession"


def test_a_point_off_the_curve_is_no_key(server: Server) -> None:
    terminal = Terminal(server, server.account())
    off = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    assert terminal.register(public_key=off).body["fields"] == {"public_key": "pattern"}


@pytest.mark.parametrize("seconds", [-61, 61])
def test_a_possession_of_another_time_tells_the_servers_time(server: Server, seconds: int) -> None:
    terminal = Terminal(server, server.account())
    answer = terminal.register(possession=terminal.possession(iat=terminal.seconds + seconds))
    assert answer.code == "assertion_clock"
    assert answer.body["server_time"] == "2026-11-20T01:02:15Z"


def test_an_activation_code_expires(server: Server, clock: FakeClock) -> None:
    terminal = Terminal(server, server.account())
    clock.advance(days=180)
    assert terminal.register().code == "activation_code"


def test_the_eleventh_failed_registration_of_an_account_must_wait(server: Server, clock: FakeClock) -> None:
    terminal = Terminal(server, server.account())
    for _ in range(10):
        assert terminal.register(password="wrong").code == "credentials"
    limited = terminal.register()
    assert limited.code == "rate_limited"
    assert limited.headers["Retry-After"] == str(limited.body["retry_after"]) == "3600"
    clock.advance(hours=1)
    assert terminal.register().status == 201


def test_good_registrations_are_not_counted(server: Server) -> None:
    terminal = Terminal(server, server.account())
    assert all(terminal.register().status == 201 for _ in range(12))


def test_failed_registrations_from_one_address_are_limited_over_accounts(server: Server) -> None:
    accounts_ = [server.account() for _ in range(4)]
    codes = [Terminal(server, account).register(password="wrong").code for account in accounts_ for _ in range(8)]
    assert codes == ["credentials"] * 30 + ["rate_limited"] * 2


def test_a_stop_works_at_once_and_a_resume_too(server: Server) -> None:
    terminal = server.terminal()
    stop(terminal)
    answers = [
        terminal.call("GET", "/v1/terminals/me"),
        terminal.call("POST", "/v1/challenges"),
        terminal.fetch_token(),
        terminal.register(),
    ]
    assert {answer.code for answer in answers} == {"account_stopped"}
    with server.backend.store.writing() as session:
        accounts.resume(session, terminal.account.user_id)
    assert terminal.call("GET", "/v1/terminals/me").status == 200


def test_the_service_ends_with_its_last_day_in_japan(server: Server, clock: FakeClock) -> None:
    terminal = server.terminal(service_ends_on=date(2026, 11, 20))
    clock.now = NOW.replace(hour=14, minute=59)  # 23:59 in Japan
    assert terminal.fetch_token().status == 200
    clock.advance(minutes=1)
    assert terminal.call("GET", "/v1/terminals/me").code == "account_ended"


def test_before_the_first_day_a_terminal_is_told_and_waits(server: Server, clock: FakeClock) -> None:
    terminal = server.terminal(service_starts_on=date(2026, 11, 21))
    assert terminal.call("GET", "/v1/terminals/me").body["status"] == "not_started"
    assert terminal.call("POST", "/v1/challenges").body["service_starts_on"] == "2026-11-21"
    clock.now = NOW.replace(hour=15, minute=0, second=0)  # midnight in Japan
    terminal.fetch_token()
    assert terminal.call("POST", "/v1/challenges").status == 201


def test_a_terminals_view_of_itself(serve: Serve) -> None:
    notices = (
        TerminalNotice("保守のお知らせ", "23時から", until=date(2026, 11, 20)),
        TerminalNotice("古いお知らせ", "済み", until=date(2026, 11, 19)),
    )
    minimum = MinimumAppVersion("9.0", date(2027, 1, 1))
    server = serve(notices=notices, minimum_app_version=minimum, web_service_url="https://care.invalid/")
    terminal = server.terminal(FacilityKind.CARE)
    assert terminal.call("GET", "/v1/terminals/me").body == {
        "terminal_id": terminal.terminal_id,
        "status": "active",
        "facility": {"name": "見本 care", "kind": "care"},
        "contact": CONTACT,
        "notices": [{"title": "保守のお知らせ", "text": "23時から", "until": "2026-11-20"}],
        "minimum_app_version": {"version": "9.0", "from": "2027-01-01"},
        "required_terms_version": "1.0",
        "agreed_terms_version": "1.0",
        "service_starts_on": "2026-11-20",
        "web_service_url": "https://care.invalid/",
    }


@pytest.mark.parametrize(
    ("agent", "status"),
    [
        ("myna-app/1.10.0", 201),
        ("myna-app/1.9", 201),
        ("myna-app/1.8.9", 426),
        ("myna-app/1.10.0-rc1", 201),
        ("curl/8", 426),
        ("", 426),
    ],
)
def test_applications_older_than_the_minimum_get_no_challenge(serve: Serve, agent: str, status: int) -> None:
    terminal = serve(minimum_app_version=MinimumAppVersion("1.9", date(2026, 11, 20))).terminal()
    assert terminal.call("POST", "/v1/challenges", headers={"User-Agent": agent}).status == status


def test_new_terms_are_agreed_to_and_then_challenges_come(serve: Serve) -> None:
    before = serve().terminal()
    server = serve(terms_version="2.0")
    terminal = Terminal(server, before.account, before.key, before.terminal_id)
    terminal.fetch_token()
    refused = terminal.call("POST", "/v1/challenges")
    assert refused.code == "terms_required"
    assert refused.body["required_terms_version"] == server.call("GET", "/v1/terms").body["version"] == "2.0"
    assert terminal.call("PUT", "/v1/terminals/me/terms", json={"version": "1.0"}).code == "terms_version"
    assert terminal.call("PUT", "/v1/terminals/me/terms", json={"version": "2.0"}).status == 204
    assert terminal.call("POST", "/v1/challenges").status == 201


def test_reauthentication_knows_the_account_password(server: Server) -> None:
    terminal = server.terminal()
    for _ in range(7):
        answer = terminal.call(
            "POST", "/v1/terminals/me/reauthentication", json={"password": terminal.account.password}
        )
        assert answer.status == 204
        assert answer.content == b""


def test_a_released_account_needs_a_new_code_and_gets_a_new_terminal_id(server: Server) -> None:
    terminal = server.terminal()
    assert terminal.call("DELETE", "/v1/terminals/me").status == 204
    assert terminal.call("GET", "/v1/terminals/me").code == "token"
    assert terminal.register().code == "activation_code"
    with server.backend.store.writing() as session:
        code = accounts.release(session, terminal.account.user_id, NOW + timedelta(days=1))
    successor = Terminal(server, terminal.account)
    assert successor.register(activation_code=code).status == 201
    assert successor.terminal_id != terminal.terminal_id


def test_a_token_is_one_terminals_alone_and_ends_after_ten_minutes(server: Server, clock: FakeClock) -> None:
    terminal = server.terminal()
    answer = terminal.fetch_token()
    assert answer.body["token_type"] == "Bearer"
    assert answer.body["expires_in"] == 600
    clock.advance(seconds=599)
    assert terminal.call("GET", "/v1/terminals/me").status == 200
    clock.advance(seconds=1)
    refused = terminal.call("GET", "/v1/terminals/me")
    assert refused.code == "token"
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://elsewhere.invalid"}, "assertion"),
        ({"aud": ["https://backend.invalid"]}, "assertion"),
        ({"iss": "somebody"}, "assertion"),
        ({"sub": 5}, "assertion"),
        ({"sub": "somebody"}, "terminal_unknown"),
        ({"exp": None}, "assertion"),
        ({"jti": "short"}, "assertion"),
    ],
)
def test_assertions_that_do_not_hold(server: Server, changes: dict[str, object], code: str) -> None:
    terminal = server.terminal()
    assert terminal.fetch_token(terminal.assertion(**changes)).code == code


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "é.é.é", "e30.e30.e30", "WzFd.WzFd.WzFd", "[" * 4000])
def test_texts_that_are_no_assertion(server: Server, text: str) -> None:
    terminal = server.terminal()
    assert terminal.fetch_token(client_assertion=text).code in ("assertion", "fields")


def test_an_assertion_by_another_key_is_refused(server: Server) -> None:
    one, other = server.terminal(), server.terminal(name="見本第二診療所")
    other.terminal_id = one.terminal_id
    assert other.fetch_token().code == "assertion"


def test_of_many_uses_of_one_assertion_one_wins(server: Server) -> None:
    terminal = server.terminal()
    assertion = terminal.assertion()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: terminal.fetch_token(assertion), range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [401] * 7


def test_an_assertion_may_be_a_minute_off(server: Server) -> None:
    terminal = server.terminal()
    for start in (-120, 60):
        iat = terminal.seconds + start
        assert terminal.fetch_token(terminal.assertion(iat=iat, exp=iat + 60)).status == 200


def test_a_lost_answer_of_registration_is_had_by_asking_again(serve: Serve) -> None:
    """The work is committed, the answer stalls; the application gives up and asks again."""
    server = serve(stall={"call": "register", "seconds": 3})
    terminal = Terminal(server, server.account())
    body = terminal.registration()
    server.lose_answer("/v1/terminals", body)
    answer = server.call("POST", "/v1/terminals", json=body)
    assert answer.status == 201
