"""The client against a real HTTPS server."""

import inspect
import socket
import ssl
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests import exceptions

from myna_app import __version__
from myna_app.api import client as module
from myna_app.api.answers import AskBirthDate, Done, FaceCheck, Prove, Refused, RegistrationRequest
from myna_app.api.client import BackendClient
from myna_app.api.clock import ServerClock
from myna_app.errors import ApiError, AppError, Problem, RefusalError
from myna_app.formats.facility import FaceCheckWay
from tests.api.conftest import assertion
from tests.api.scripted import Authority, Play, Script, answer, cut, cut_in_the_body, problem, serving

ID = UUID("00112233-4455-6677-8899-aabbccddeeff")
NONCE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
TERMS = {"version": "1.2", "effective_on": "2026-04-01", "text": "本文"}
CHALLENGE = {"challenge_id": str(ID), "nonce": NONCE, "expires_at": "2026-11-20T01:04:15Z"}
NOT_FOUND = {
    "verdict": 4,
    "identity_confirmed": True,
    "card_proven": True,
    "confirmed_at": "2026-11-20T01:02:15Z",
    "notices": [],
    "results": [],
}
FACE = FaceCheck(7, FaceCheckWay.PHOTOGRAPH)
REGISTRATION = RegistrationRequest(
    "8888888888", "W0000001", "password", "123456789012", "1.2", {"kty": "EC"}, "possession", "0.1.0"
)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are seconds in the field; their ends are what is tested."""
    monkeypatch.setattr(module, "_TIMEOUTS", (2.0, 0.3))


def visit(client: BackendClient) -> object:
    return client.visit(ID, b"certificate", bytes(256), FACE)


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_a_call_names_the_program_and_takes_nothing_from_the_environment(
    client: BackendClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    script.plays = [answer(200, TERMS)]
    assert client.terms().text == "本文"
    assert script.seen[0].headers["User-Agent"] == f"myna-app/{__version__}"
    assert "Authorization" not in script.seen[0].headers
    assert "Cookie" not in script.seen[0].headers


def test_the_token_call_is_the_form_of_rfc_7523(client: BackendClient, script: Script, base_url: str) -> None:
    script.plays = [answer(201, CHALLENGE)]
    client.challenge()
    (call,) = script.token_requests
    form = parse_qs(call.body.decode(), strict_parsing=True)
    assert call.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert form["grant_type"] == ["client_credentials"]
    assert form["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    assert form["client_assertion"][0].startswith(f"assertion-for-{base_url}-at-")
    assert script.seen[0].headers["Authorization"] == "Bearer token-1"
    assert script.seen[0].body == b""


def test_a_visit_carries_certificate_signature_and_face_check(client: BackendClient, script: Script) -> None:
    script.plays = [answer(200, {"next": "ask_birth_date", "visit_id": str(ID)}, padding=400)]
    assert visit(client) == AskBirthDate(ID)
    (call,) = script.seen
    assert (call.method, call.path) == ("POST", "/v1/visits")
    assert call.json == {
        "challenge_id": str(ID),
        "certificate": "Y2VydGlmaWNhdGU",
        "signature": "A" * 342,
        "face_check": {"seconds_ago": 7, "way": "photograph"},
    }


def test_a_proof_and_a_refusal_go_to_the_visit(client: BackendClient, script: Script) -> None:
    script.plays = [answer(200, {"eligibility": NOT_FOUND}), answer(204), answer(204)]
    assert client.prove(ID, b"record", b"issuer").verdict == 4
    client.report_refusal(ID, 0x63C4, 4)
    client.report_refusal(ID, 0x6983, None)
    assert [(call.method, call.path) for call in script.seen] == [("PUT", f"/v1/visits/{ID}/proof")] * 3
    assert urlsafe_b64decode(script.seen[0].json["birth_date_record"] + "==") == b"record"
    assert script.seen[1].json == {"refused": {"sw": "63C4", "tries_left": 4}}
    assert script.seen[2].json == {"refused": {"sw": "6983"}}


def test_the_other_calls_are_those_of_the_contract(client: BackendClient, script: Script) -> None:
    script.plays = [answer(204), answer(204), answer(204), answer(200, {"ok": True, "version": "1", "store": "sqlite"})]
    client.agree_to_terms("1.2")
    client.reauthenticate("password")
    client.release()
    assert client.health().ok
    assert [(call.method, call.path, call.body) for call in script.seen] == [
        ("PUT", "/v1/terminals/me/terms", b'{"version":"1.2"}'),
        ("POST", "/v1/terminals/me/reauthentication", b'{"password":"password"}'),
        ("DELETE", "/v1/terminals/me", b""),
        ("GET", "/v1/health", b""),
    ]


def test_a_registration_is_sent_with_all_its_members(client: BackendClient, script: Script) -> None:
    facility = {"name": "見本居宅介護支援", "kind": "care"}
    script.plays = [
        answer(
            201,
            {
                "terminal_id": "7K3D9QXM2H4TVB83",
                "facility": facility,
                "contact": "c",
                "service_starts_on": "2026-12-01",
            },
        )
    ]
    assert client.register(REGISTRATION).facility.name == "見本居宅介護支援"
    assert script.seen[0].json == asdict(REGISTRATION)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"next": "done", "visit_id": str(ID), "eligibility": NOT_FOUND}, Done),
        ({"next": "prove", "visit_id": str(ID), "birth_date_key": "600412", "unknown": 1}, Prove),
        ({"next": "ask_birth_date", "visit_id": str(ID)}, AskBirthDate),
        ({"next": "refused", "visit_id": str(ID), "code": "card_key_changed"}, Refused),
    ],
)
def test_a_visit_is_answered_in_one_of_four_ways(
    client: BackendClient, script: Script, body: dict[str, object], kind: type
) -> None:
    script.plays = [answer(200, body)]
    assert isinstance(visit(client), kind)


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_serves_many_calls_and_many_workers(client: BackendClient, script: Script) -> None:
    script.plays = [answer(201, CHALLENGE)] * 8
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: client.challenge(), range(8)))
    assert len(script.token_requests) == 1


def test_a_token_about_to_end_is_renewed_before_it_is_used(client: BackendClient, script: Script) -> None:
    script.tokens = [answer(200, {"access_token": "short", "token_type": "Bearer", "expires_in": 20})]
    script.plays = [answer(201, CHALLENGE)] * 2
    client.challenge()
    client.challenge()
    assert [call.headers["Authorization"] for call in script.seen] == ["Bearer short", "Bearer token-2"]


def test_a_token_that_is_not_taken_is_renewed_once(client: BackendClient, script: Script) -> None:
    script.plays = [problem(401, "token"), answer(201, CHALLENGE)]
    client.challenge()
    assert [call.headers["Authorization"] for call in script.seen] == ["Bearer token-1", "Bearer token-2"]
    script.plays = [problem(401, "token"), problem(401, "token")]
    with pytest.raises(RefusalError):
        client.challenge()


@pytest.mark.parametrize("code", ["assertion_replayed", "assertion_clock"])
def test_an_assertion_that_is_not_taken_is_made_anew_once(client: BackendClient, script: Script, code: str) -> None:
    script.tokens = [problem(401, code)]
    script.plays = [answer(201, CHALLENGE)]
    client.challenge()
    assert len(script.token_requests) == 2
    client._token = None
    script.tokens = [problem(401, code), problem(401, code)]
    with pytest.raises(RefusalError):
        client.challenge()


def test_a_released_terminal_is_told_at_once(client: BackendClient, script: Script) -> None:
    script.tokens = [problem(401, "terminal_unknown")]
    with pytest.raises(RefusalError) as caught:
        client.me()
    assert caught.value.problem is Problem.TERMINAL_UNKNOWN
    assert len(script.token_requests) == 1


# --- lost answers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", [cut, cut_in_the_body])
@pytest.mark.parametrize(
    ("call", "good"),
    [
        (visit, answer(200, {"next": "ask_birth_date", "visit_id": str(ID)})),
        (lambda client: client.prove(ID, b"r", b"i"), answer(200, {"eligibility": NOT_FOUND})),
        (lambda client: client.challenge(), answer(201, CHALLENGE)),
        (
            lambda client: client.register(REGISTRATION),
            answer(
                201,
                {
                    "terminal_id": "7K3D9QXM2H4TVB83",
                    "facility": {"name": "x", "kind": "care"},
                    "contact": "c",
                    "service_starts_on": "2026-12-01",
                },
            ),
        ),
    ],
)
def test_when_no_answer_came_the_same_bytes_are_sent_again_once(
    client: BackendClient, script: Script, loss: Play, call: Callable[[BackendClient], object], good: Play
) -> None:
    script.plays = [loss, good]
    call(client)
    first, second = script.seen
    assert (first.method, first.path, first.body) == (second.method, second.path, second.body)
    script.plays = [loss, loss]
    with pytest.raises(ApiError) as caught:
        call(client)
    assert caught.value.problem is Problem.BACKEND_UNREACHABLE


@pytest.mark.parametrize("call", [lambda client: client.reauthenticate("password"), lambda client: client.release()])
def test_what_must_not_happen_twice_is_not_sent_again(
    client: BackendClient, script: Script, call: Callable[[BackendClient], None]
) -> None:
    script.plays = [cut]
    with pytest.raises(ApiError):
        call(client)
    assert len(script.seen) == 1


def test_a_connection_the_server_closed_in_between_is_no_loss(client: BackendClient, script: Script) -> None:
    def last(handler: object) -> None:
        answer(200, TERMS)(handler)  # type: ignore[arg-type] # a handler, as for every play
        handler.close_connection = True  # type: ignore[attr-defined] # see above

    script.plays = [last, last, last]
    for _ in range(3):
        client.terms()


@pytest.mark.usefixtures("impatient")
def test_a_server_that_does_not_answer_is_slow(client: BackendClient, script: Script) -> None:
    for stall in (script.stall, script.stall_in_the_body):
        script.plays = [stall, stall]
        with pytest.raises(ApiError) as caught:
            client.terms()
        assert caught.value.problem is Problem.BACKEND_SLOW
    assert len(script.seen) == 4


def test_an_answer_that_trickles_for_ever_ends(
    client: BackendClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONGEST_ANSWER", -1.0)
    script.plays = [answer(200, TERMS)] * 2
    with pytest.raises(ApiError) as caught:
        client.terms()
    assert caught.value.problem is Problem.BACKEND_SLOW


# --- answers that fit nothing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "play",
    [
        answer(200, b"<html>"),
        answer(200, {}),
        answer(200, {**TERMS, "text": None}),
        answer(201, TERMS),
        answer(204),
        answer(302, headers={"Location": "https://127.0.0.1/elsewhere"}),
        answer(304),
        answer(200, b" " * 1_048_577),
        answer(404, b"<html>"),
        answer(403, b"<html> a filter between here and there"),
        answer(418, {"code": "teapot"}),
    ],
)
def test_an_answer_that_does_not_fit_breaks_the_contract(client: BackendClient, script: Script, play: Play) -> None:
    script.plays = [play]
    with pytest.raises(ApiError) as caught:
        client.terms()
    assert caught.value.problem is Problem.CONTRACT_BROKEN
    assert len(script.seen) == 1


@given(status=st.sampled_from([200, 201, 204, 400, 401, 403, 409, 422, 429, 500, 503]), body=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_whatever_comes_back_only_app_errors_come_out(
    client: BackendClient, script: Script, status: int, body: bytes
) -> None:
    script.plays = [answer(status, body)] * 2
    with pytest.raises(AppError):
        client.terms()


def test_no_cookie_is_ever_sent_back(client: BackendClient, script: Script) -> None:
    script.plays = [answer(200, TERMS, headers={"Set-Cookie": "id=1; Path=/"}), answer(200, TERMS)]
    client.terms()
    client.terms()
    assert "Cookie" not in script.seen[1].headers


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_refusal_carries_what_the_screens_need(client: BackendClient, script: Script) -> None:
    script.plays = [
        problem(429, "rate_limited", retry_after=30),
        problem(403, "not_started", contact="見本", service_starts_on="2026-12-01"),
        problem(422, "fields", fields={"user_id": "pattern"}),
        problem(503, "maintenance", ends_at="2026-11-20T05:00:00Z"),
        problem(403, "terms_required", contact="見本", required_terms_version="1.3"),
    ]
    found = []
    for _ in range(5):
        with pytest.raises(RefusalError) as caught:
            client.challenge()
        found.append(caught.value)
    assert (found[0].problem, found[0].retry_after, found[0].facts["seconds"]) == (Problem.RATE_LIMITED, 30, 30)
    assert (found[1].contact, found[1].facts["service_starts_on"]) == ("見本", "2026-12-01")
    assert found[2].fields == {"user_id": "pattern"}
    assert found[3].facts["ends_at"] == "2026-11-20T05:00:00+00:00"
    assert found[4].facts["required_terms_version"] == "1.3"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, Problem.ACCOUNT_STOPPED),
        (410, Problem.ACCOUNT_ENDED),
        (426, Problem.UPDATE_REQUIRED),
        (429, Problem.RATE_LIMITED),
        (500, Problem.BACKEND_FAULT),
        (502, Problem.BACKEND_FAULT),
        (504, Problem.BACKEND_FAULT),
        (422, Problem.CONTRACT_BROKEN),
    ],
)
def test_a_code_of_a_later_version_is_told_by_its_status(
    client: BackendClient, script: Script, status: int, told: Problem
) -> None:
    script.plays = [problem(status, "a_code_of_the_future")]
    with pytest.raises(RefusalError) as caught:
        client.terms()
    assert (caught.value.problem, caught.value.code) == (told, "a_code_of_the_future")


def test_a_gateway_without_a_document_is_a_fault_of_the_server(client: BackendClient, script: Script) -> None:
    script.plays = [answer(502, b"<html>Bad Gateway")]
    with pytest.raises(RefusalError) as caught:
        client.terms()
    assert caught.value.problem is Problem.BACKEND_FAULT


def test_a_member_that_cannot_be_used_does_not_hide_the_code(client: BackendClient, script: Script) -> None:
    script.plays = [problem(410, "account_ended", contact=None, ends_at="tomorrow", retry_after=[])]
    with pytest.raises(RefusalError) as caught:
        client.terms()
    assert caught.value.problem is Problem.ACCOUNT_ENDED


# --- time ------------------------------------------------------------------------------------------------------------


def test_time_is_this_pcs_own_plus_the_offset_of_the_last_answer(client: BackendClient, script: Script) -> None:
    script.plays = [answer(200, TERMS, off=-3600)]
    client.terms()
    assert abs(client.now() - (datetime.now(UTC) - timedelta(hours=1))) < timedelta(seconds=5)


def test_after_a_clock_refusal_the_next_assertion_is_made_by_the_servers_time(
    base_url: str, ca_file: Path, script: Script
) -> None:
    times: list[datetime] = []

    def note(_issuer: str, now: datetime) -> str:
        times.append(now)
        return "assertion"

    client = BackendClient(base_url, note, ca_file=ca_file)
    script.tokens = [problem(401, "assertion_clock", off=7200, server_time="2026-11-20T01:02:15Z")]
    script.plays = [answer(201, CHALLENGE)]
    client.challenge()
    client.close()
    assert timedelta(minutes=119) < times[1] - times[0] < timedelta(minutes=121)


def test_a_clock_that_is_off_is_told_in_minutes(client: BackendClient, script: Script) -> None:
    server_time = (datetime.now(UTC) - timedelta(minutes=20)).isoformat()
    script.tokens = [problem(401, "assertion_clock", server_time=server_time)] * 2
    with pytest.raises(RefusalError) as caught:
        client.challenge()
    assert (caught.value.problem, caught.value.facts["minutes"]) == (Problem.CLOCK_OFF, 20)


# --- TLS -------------------------------------------------------------------------------------------------------------


def test_a_server_of_another_authority_is_refused_and_sees_nothing(
    base_url: str, script: Script, tmp_path: Path
) -> None:
    other = BackendClient(base_url, assertion, ca_file=Authority.new().write(tmp_path / "other.pem"))
    with pytest.raises(ApiError) as caught:
        other.terms()
    assert caught.value.problem is Problem.TLS_REFUSED
    assert script.seen == []


def test_without_a_pinned_authority_the_systems_own_decide(base_url: str, script: Script) -> None:
    with pytest.raises(ApiError) as caught:
        BackendClient(base_url, assertion).terms()
    assert caught.value.problem is Problem.TLS_REFUSED


def test_a_pinned_authority_stands_alone(client: BackendClient, script: Script, authority: Authority) -> None:
    script.plays = [answer(200, TERMS)]
    client.terms()
    adapter = client._session.get_adapter("https://")
    assert isinstance(adapter, module._TlsAdapter)
    assert adapter._context.get_ca_certs(binary_form=True) == [
        authority.certificate.public_bytes(serialization.Encoding.DER)
    ]
    assert adapter._context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_certificate_for_another_host_is_refused(authority: Authority, ca_file: Path, tmp_path: Path) -> None:
    with (
        serving(Script(), authority.issue(tmp_path / "other.pem", "127.0.0.2")) as address,
        pytest.raises(ApiError) as caught,
    ):
        BackendClient(address, assertion, ca_file=ca_file).terms()
    assert caught.value.problem is Problem.TLS_REFUSED


@pytest.mark.parametrize(
    ("minutes", "told"), [(6, Problem.CLOCK_OFF), (4, Problem.TLS_REFUSED), (-6, Problem.CLOCK_OFF)]
)
def test_a_tls_failure_with_a_clock_known_to_be_off_is_told_as_that(
    authority: Authority, server_file: Path, tmp_path: Path, minutes: int, told: Problem
) -> None:
    ca_file = authority.write(tmp_path / "ca.pem")
    set_by = timedelta()
    clock = ServerClock(wall=lambda: datetime.now(UTC) + set_by)
    script = Script([answer(200, TERMS)])
    with serving(script, server_file) as address:
        client = BackendClient(address, assertion, ca_file=ca_file, clock=clock)
        client.terms()
    set_by = timedelta(minutes=minutes)
    with serving(script, authority.issue(tmp_path / "expired.pem", days=(-9, -8))) as address:
        client.issuer = address
        with pytest.raises(ApiError) as caught:
            client.terms()
    client.close()
    assert caught.value.problem is told
    if told is Problem.CLOCK_OFF:
        assert caught.value.facts["minutes"] == 6


def test_plain_http_is_never_spoken() -> None:
    for address in ("http://127.0.0.1:8080", "http://backend.example"):
        with pytest.raises(ValueError, match="HTTPS"):
            BackendClient(address, assertion)


def test_nobody_at_the_address_is_unreachable(ca_file: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"https://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ApiError) as caught:
            BackendClient(address, assertion, ca_file=ca_file).terms()
    assert caught.value.problem is Problem.BACKEND_UNREACHABLE


# --- proxy -----------------------------------------------------------------------------------------------------------


@contextmanager
def proxy(reply: bytes, seen: list[bytes]) -> Iterator[str]:
    """A proxy that answers each CONNECT with `reply` and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            try:
                while True:
                    connection, _address = listener.accept()
                    with connection:
                        seen.append(connection.recv(65_536))
                        connection.sendall(reply)
            except OSError:
                return

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", Problem.PROXY_AUTHENTICATION),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", Problem.BACKEND_UNREACHABLE),
    ],
)
def test_a_proxy_that_refuses_is_told_from_one_that_wants_a_password(
    ca_file: Path, reply: bytes, told: Problem
) -> None:
    seen: list[bytes] = []
    with proxy(reply, seen) as address:
        client = BackendClient(
            "https://backend.example", assertion, ca_file=ca_file, proxy=f"http://me:pass%3Aword@{address}"
        )
        with pytest.raises(ApiError) as caught:
            client.terms()
        client.close()
    assert caught.value.problem is told
    assert seen[0].startswith(b"CONNECT backend.example:443")
    assert b"Proxy-Authorization: Basic bWU6cGFzczp3b3Jk" in seen[0]
    assert "pass" not in str(caught.value)
    assert len(seen) == 1


# --- the map of foreign errors ---------------------------------------------------------------------------------------


def test_every_exception_of_requests_has_its_problem() -> None:
    known = {
        kind
        for _, kind in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(kind, exceptions.RequestException)
    }
    assert known == set(module._PROBLEMS)
