"""The photograph of a card that was just answered: confirmed where its issuer signed it, refused otherwise."""

from pathlib import Path

import pytest

from myna_backend.encodings import to_base64url
from tests.backend import issuing
from tests.backend.issuing import face_body, face_proof, person
from tests.backend.running import Answer, FakeClock, Server, Terminal
from tests.backend.visitors import HOLDER, outcomes


def answered(server: Server, folder: Path, *, known: bool = True) -> tuple[Terminal, str]:
    """A terminal, and its visit that was answered: of a known card, or of one that was proved just now."""
    server.load(folder / "deck", person())
    terminal = server.terminal()
    visit_id = terminal.visit(HOLDER).body["visit_id"]
    assert terminal.prove(visit_id).status == 200
    return terminal, terminal.visit(HOLDER).body["visit_id"] if known else visit_id


def send(terminal: Terminal, visit_id: str, body: object = None) -> Answer:
    return terminal.call("PUT", f"/v1/visits/{visit_id}/photograph", json=body or face_body())


@pytest.mark.parametrize("known", [True, False])
def test_the_photograph_the_issuer_signed_is_confirmed_as_often_as_it_is_asked(
    server: Server, tmp_path: Path, known: bool
) -> None:
    terminal, visit_id = answered(server, tmp_path, known=known)
    for _ in range(2):
        answer = send(terminal, visit_id)
        assert (answer.status, answer.body) == (200, {"confirmed": True})
    assert "photograph_confirmed" in outcomes(server)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (face_body(face_proof(shown=b"another face")), "record_signature"),
        (face_body(face_proof(issuer="somebody")), "record_signature"),
        (face_body(face_proof(card="another card")), "card_signature"),
        (face_body(issuer=issuing.issuer_certificate(authority="somebody")), "issuer_certificate"),
        (face_body(issuer=issuing.issuer_certificate(authority_id=b"7000024" + bytes(9))), "issuer_unknown"),
        (face_body(issuer=issuing.issuer_certificate(subject="another municipality")), "record_signature"),
        ({**face_body(), "df22": to_base64url(b"\xdf\x23\x0819850412")}, "record_malformed"),
        ({**face_body(), "df28": to_base64url(b"\xdf\x28\x82\x01\x01" + bytes(256))}, "record_malformed"),
        ({**face_body(), "df28": to_base64url(b"\xdf\x28\x82\x01\x00" + b"\xff" * 256)}, "record_signature"),
        ({**face_body(), "df23": to_base64url(b"\xdf\x23\x012")}, "record_signature"),
    ],
)
def test_any_other_photograph_is_refused_and_the_visit_remembered_for_it(
    server: Server, tmp_path: Path, body: dict[str, str], code: str
) -> None:
    terminal, visit_id = answered(server, tmp_path)
    answer = send(terminal, visit_id, body)
    assert (answer.status, answer.code) == (422, code)
    assert code in outcomes(server)


@pytest.mark.parametrize(("same_person", "outcome"), [(True, "same_person"), (False, "other_person")])
def test_what_staff_saw_goes_with_the_proof_and_is_what_the_visit_is_remembered_for(
    server: Server, tmp_path: Path, same_person: bool, outcome: str
) -> None:
    terminal, visit_id = answered(server, tmp_path)
    assert send(terminal, visit_id).status == 200
    seen = {**face_body(), "face_check": {"seconds_ago": 4, "same_person": same_person}}
    for _ in range(2):
        answer = send(terminal, visit_id, seen)
        assert (answer.status, answer.body) == (200, {"confirmed": True})
    assert outcome in outcomes(server)


@pytest.mark.parametrize(
    ("face_check", "code"),
    [
        ({"seconds_ago": 301, "same_person": True}, "face_check_stale"),
        ({"seconds_ago": 4, "same_person": 1}, "fields"),
        ({"seconds_ago": 4}, "fields"),
        ({"seconds_ago": -1, "same_person": True}, "fields"),
    ],
)
def test_only_a_fresh_and_whole_second_face_check_counts(
    server: Server, tmp_path: Path, face_check: object, code: str
) -> None:
    terminal, visit_id = answered(server, tmp_path)
    answer = send(terminal, visit_id, {**face_body(), "face_check": face_check})
    assert (answer.status, answer.code) == (422, code)
    assert {"same_person", "other_person"}.isdisjoint(outcomes(server))


def test_nobody_can_confirm_a_photograph_that_is_not_proved(server: Server, tmp_path: Path) -> None:
    terminal, visit_id = answered(server, tmp_path)
    seen = {"face_check": {"seconds_ago": 4, "same_person": True}}
    answer = send(terminal, visit_id, {**face_body(face_proof(shown=b"another face")), **seen})
    assert (answer.status, answer.code) == (422, "record_signature")
    assert "same_person" not in outcomes(server)


def test_an_ordinary_signature_over_the_digests_is_not_the_issuers_statement(server: Server, tmp_path: Path) -> None:
    terminal, visit_id = answered(server, tmp_path)
    proof = face_proof()
    signature = issuing.sign("municipality", proof.h2 + proof.h3)
    body = {**face_body(), "df28": to_base64url(b"\xdf\x28\x82\x01\x00" + signature)}
    assert send(terminal, visit_id, body).code == "record_signature"


@pytest.mark.parametrize("member", ["df22", "df23", "df24", "h2", "h3", "df28", "issuer_certificate"])
def test_every_member_has_its_exact_length(server: Server, tmp_path: Path, member: str) -> None:
    terminal, visit_id = answered(server, tmp_path)
    answer = send(terminal, visit_id, {**face_body(), member: to_base64url(b"x")})
    assert (answer.status, answer.body["fields"]) == (422, {member: "length"})


def test_only_an_answered_visit_takes_a_photograph(server: Server, tmp_path: Path, clock: FakeClock) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    visit_id = terminal.visit(HOLDER).body["visit_id"]
    assert send(terminal, visit_id).code == "visit_closed"
    assert terminal.prove(visit_id).status == 200
    assert send(terminal, visit_id).status == 200
    newer = terminal.visit(HOLDER).body["visit_id"]
    assert send(terminal, visit_id).code == "visit_closed", "voided by the newer visit"
    clock.advance(seconds=299)
    assert send(terminal, newer).status == 200
    clock.advance(seconds=1)
    assert send(terminal, newer).code == "visit_closed"


def test_a_known_cards_visit_takes_no_proof(server: Server, tmp_path: Path) -> None:
    terminal, visit_id = answered(server, tmp_path)
    assert terminal.prove(visit_id).code == "visit_closed"
    assert terminal.refuse_key(visit_id).code == "visit_closed"
