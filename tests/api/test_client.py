"""The client against a real HTTPS server: what is sent, and what becomes of answers that are lost."""

from base64 import urlsafe_b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from urllib.parse import parse_qs

import pytest

from myna_app import __version__
from myna_app.api import transport as module
from myna_app.api.answers import AskBirthDate, Done, Prove, Refused, SecondFaceCheck
from myna_app.api.client import BackendClient
from myna_app.errors import ApiError, Problem, RefusalError
from tests.api.examples import CARD_FACE, CHALLENGE, ID, NOT_FOUND, REGISTRATION, TERMS, visit
from tests.api.scripted import Play, Script, answer, cut, cut_in_the_body, problem

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
        "face_check": {"seconds_ago": 7, "way": "photograph", "second": False},
    }


def test_of_a_card_face_goes_what_proves_its_photograph(client: BackendClient, script: Script) -> None:
    script.plays = [answer(200, {"confirmed": True})]
    client.confirm_photograph(ID, CARD_FACE, b"issuer")
    (call,) = script.seen
    assert (call.method, call.path) == ("PUT", f"/v1/visits/{ID}/photograph")
    names = ("df22", "df23", "df24", "h2", "h3", "df28", "issuer_certificate")
    assert {name: urlsafe_b64decode(text + "==") for name, text in call.json.items()} == dict(
        zip(names, (b"22", b"23", b"24", b"2", b"3", b"28", b"issuer"), strict=True)
    )


@pytest.mark.parametrize("same_person", [True, False])
def test_the_second_face_check_goes_with_the_proof_of_the_photograph(
    client: BackendClient, script: Script, same_person: bool
) -> None:
    script.plays = [answer(200, {"confirmed": True})] * 2
    client.confirm_photograph(ID, CARD_FACE, b"issuer")
    client.confirm_photograph(ID, CARD_FACE, b"issuer", SecondFaceCheck(3, same_person))
    first, second = (call.json for call in script.seen)
    assert second == {**first, "face_check": {"seconds_ago": 3, "same_person": same_person}}


@pytest.mark.parametrize("body", [{}, {"confirmed": False}, {"confirmed": 1}, {"confirmed": None}])
def test_a_photograph_is_not_confirmed_by_anything_but_true(
    client: BackendClient, script: Script, body: object
) -> None:
    script.plays = [answer(200, body)]
    with pytest.raises(ApiError) as caught:
        client.confirm_photograph(ID, CARD_FACE, b"issuer")
    assert caught.value.problem is Problem.CONTRACT_BROKEN


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
        ({"next": "done", "visit_id": str(ID), "eligibility": NOT_FOUND, "birth_date_key": "600412"}, Done),
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
        (lambda client: client.confirm_photograph(ID, CARD_FACE, b"i"), answer(200, {"confirmed": True})),
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
