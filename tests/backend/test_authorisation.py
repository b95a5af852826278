"""Every call of the contract × every standing a caller can have: only what is meant is allowed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from myna_backend import accounts
from tests.backend.issuing import NOW, Holder, face_body, person
from tests.backend.running import Server, Terminal

HOLDER = Holder()
OPEN = {"GET /v1/health", "GET /v1/terms", "POST /v1/terminals", "POST /v1/token"}
CALLS = {
    "GET /v1/terminals/me",
    "PUT /v1/terminals/me/terms",
    "POST /v1/terminals/me/reauthentication",
    "DELETE /v1/terminals/me",
    "POST /v1/challenges",
    "POST /v1/visits",
    "PUT /v1/visits/{visit_id}/proof",
    "PUT /v1/visits/{visit_id}/photograph",
}


def change(act: Callable[..., object]) -> Callable[[Terminal], object]:
    def changed(terminal: Terminal) -> None:
        with terminal.server.backend.store.writing() as session:
            act(session, terminal.account.user_id)

    return changed


def release(terminal: Terminal) -> None:
    with terminal.server.backend.store.writing() as session:
        accounts.release(session, terminal.account.user_id, NOW + timedelta(days=1))


def expire(terminal: Terminal) -> None:
    terminal.server.clock.advance(minutes=11)


def forget(terminal: Terminal) -> None:
    terminal.token = "x" * 43


STANDINGS: dict[str, tuple[Callable[[Terminal], object], int]] = {
    "stopped": (change(accounts.stop), 403),
    "ended": (change(accounts.end), 410),
    "released": (release, 401),
    "expired": (expire, 401),
    "unknown token": (forget, 401),
}


def send(terminal: Terminal, call: str) -> int:
    """The call with a body that would be accepted as far as its form goes."""
    method, path = call.split(" ")
    challenge = {"challenge_id": str(uuid4()), "nonce": "A" * 43}
    bodies = {
        "PUT /v1/terminals/me/terms": {"version": "1.0"},
        "POST /v1/terminals/me/reauthentication": {"password": terminal.account.password},
        "POST /v1/visits": terminal.visit_body(HOLDER, challenge=challenge),
        "PUT /v1/visits/{visit_id}/proof": {"refused": {"sw": "63C9", "tries_left": 9}},
        "PUT /v1/visits/{visit_id}/photograph": face_body(),
    }
    body = bodies.get(call)
    options = {} if body is None else {"json": body}
    return terminal.call(method, path.replace("{visit_id}", str(uuid4())), **options).status


def test_the_matrix_names_every_call(server: Server) -> None:
    published = server.call("GET", "/openapi.json").body["paths"]
    assert {f"{method.upper()} {path}" for path, item in published.items() for method in item} == OPEN | CALLS


@pytest.mark.parametrize("standing", STANDINGS)
def test_a_terminal_that_has_lost_its_standing_is_refused_by_every_call(server: Server, standing: str) -> None:
    lose, status = STANDINGS[standing]
    terminal = server.terminal()
    lose(terminal)
    assert {call: send(terminal, call) for call in CALLS} == dict.fromkeys(CALLS, status)


def test_nobody_is_refused_by_every_call_and_no_body_is_looked_at_first(server: Server) -> None:
    for call in CALLS:
        method, path = call.split(" ")
        answer = server.call(method, path.replace("{visit_id}", str(uuid4())))
        assert (answer.status, answer.code) == (401, "token"), call


def test_another_terminals_challenge_and_visit_cannot_be_used(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    mine, other = server.terminal(), server.terminal()
    challenge = mine.challenge()
    assert (
        other.call("POST", "/v1/visits", json=mine.visit_body(HOLDER, challenge=challenge)).code == "challenge_unknown"
    )
    visit_id = mine.visit(HOLDER, challenge=challenge).body["visit_id"]
    assert other.prove(visit_id).code == "visit_closed"
    assert other.refuse_key(visit_id).code == "visit_closed"
    assert mine.prove(visit_id).status == 200
    assert other.call("PUT", f"/v1/visits/{visit_id}/photograph", json=face_body()).code == "visit_closed"
