"""Lost answers, voided visits, things that are taken once."""

import json
from pathlib import Path

from tests.backend.conftest import Serve
from tests.backend.issuing import birth_date_record, person
from tests.backend.running import FakeClock, Server
from tests.backend.visitors import HOLDER, SECOND, outcomes


def test_a_lost_answer_of_a_visit_is_computed_again(serve: Serve, tmp_path: Path) -> None:
    server = serve(stall={"call": "visit", "seconds": 3})
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    body = terminal.visit_body(HOLDER)
    server.lose_answer("/v1/visits", body, Authorization=f"Bearer {terminal.token}")
    again = terminal.call("POST", "/v1/visits", json=body)
    assert again.body["next"] == "prove"
    assert terminal.prove(again.body["visit_id"]).status == 200
    assert terminal.call("POST", "/v1/visits", json=body).body["next"] == "done"
    assert outcomes(server) == ["confirmed"]


def test_a_refused_visit_is_refused_the_same_way_again(server: Server) -> None:
    terminal = server.terminal()
    body = terminal.visit_body(HOLDER)
    answers = [terminal.call("POST", "/v1/visits", json=body) for _ in range(2)]
    assert [answer.code for answer in answers] == ["certificate_issuer_unknown"] * 2
    assert outcomes(server) == ["certificate_issuer_unknown"]


def test_another_body_is_another_body_to_the_byte(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    body = terminal.visit_body(HOLDER)
    terminal.call("POST", "/v1/visits", json=body)
    spaced = json.dumps(body, indent=1).encode()
    headers = {"Content-Type": "application/json"}
    assert terminal.call("POST", "/v1/visits", data=spaced, headers=headers).code == "challenge_spent"


def test_the_same_body_after_the_challenge_has_expired_is_not_answered(server: Server, clock: FakeClock) -> None:
    terminal = server.terminal()
    body = terminal.visit_body(HOLDER)
    clock.advance(seconds=119)
    assert terminal.call("POST", "/v1/visits", json=body).code == "certificate_issuer_unknown"
    clock.advance(seconds=1)
    assert terminal.call("POST", "/v1/visits", json=body).code == "challenge_expired"


def test_a_new_visit_voids_the_open_one(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    first, second = terminal.visit(HOLDER), terminal.visit(SECOND)
    assert terminal.prove(first.body["visit_id"]).code == "visit_closed"
    assert terminal.prove(second.body["visit_id"]).status == 200


def test_a_challenge_alone_voids_nothing(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    visit_id = terminal.visit(HOLDER).body["visit_id"]
    terminal.challenge()
    assert terminal.prove(visit_id).status == 200


def test_a_visit_waits_five_minutes_for_its_proof(server: Server, tmp_path: Path, clock: FakeClock) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    early, late = terminal.visit(HOLDER), None
    clock.advance(seconds=299)
    assert terminal.prove(early.body["visit_id"]).status == 200
    late = terminal.visit(SECOND)
    clock.advance(seconds=300)
    assert terminal.prove(late.body["visit_id"]).code == "visit_closed"


def test_a_proof_is_taken_once(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    visit_id = terminal.visit(HOLDER).body["visit_id"]
    assert terminal.prove(visit_id, record=birth_date_record(issuer="somebody")).code == "record_signature"
    assert terminal.prove(visit_id).code == "visit_closed"


def test_another_terminals_visit_is_closed_to_me(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    one, other = server.terminal(), server.terminal(name="見本第二診療所")
    visit_id = one.visit(HOLDER).body["visit_id"]
    assert other.prove(visit_id).code == "visit_closed"
    assert one.prove(visit_id).status == 200


def test_a_signature_over_another_challenge_proves_nothing(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    replayed = terminal.visit_body(HOLDER)["signature"]
    visit_id = terminal.visit(HOLDER, signature=replayed).body["visit_id"]
    assert terminal.prove(visit_id).code == "card_signature"


def test_a_signature_over_another_certificate_does_not_return_a_pinned_card(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person("p01", HOLDER, SECOND))
    terminal = server.terminal()
    assert terminal.first_visit(HOLDER).status == 200
    challenge = terminal.challenge()
    for_second = terminal.visit_body(SECOND, challenge=challenge)["signature"]
    assert terminal.visit(HOLDER, challenge=challenge, signature=for_second).body["next"] == "refused"
