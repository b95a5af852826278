"""Visits from challenge to eligibility, over HTTPS."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from myna_app.formats.facility import FacilityKind
from myna_backend import deny_list, pins
from myna_backend.store.tables import LastRead, Pin
from tests.backend import issuing
from tests.backend.issuing import NOW, Authority, Holder, birth_date_record, person
from tests.backend.running import Server
from tests.backend.visitors import HOLDER, SECOND, audits, outcomes


def test_a_first_visit_is_proved_and_the_next_one_is_answered_at_once(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    first = terminal.visit(HOLDER)
    assert first.body["next"] == "prove"
    assert first.body["birth_date_key"] == "600412"
    proved = terminal.prove(first.body["visit_id"])
    assert proved.status == 200
    assert proved.body["eligibility"] == {
        "verdict": 1,
        "identity_confirmed": True,
        "card_proven": True,
        "confirmed_at": "2026-11-20T01:02:15Z",
        "results": issuing.MEDICAL["results"],
        "notices": [],
    }
    again = terminal.visit(HOLDER)
    assert again.body["next"] == "done"
    assert again.body["eligibility"] == proved.body["eligibility"]


def test_a_pinned_card_is_known_at_every_terminal(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    assert server.terminal().first_visit(HOLDER).status == 200
    assert server.terminal(name="見本第二診療所").visit(HOLDER).body["next"] == "done"


def test_a_known_card_gets_the_key_for_its_photograph_only_where_one_is_wanted(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    wanted = {"seconds_ago": 5, "way": "photograph", "second": True}
    key = terminal.visit(HOLDER, face_check=wanted).body["birth_date_key"]
    assert terminal.first_visit(HOLDER).status == 200
    for _ in range(6):  # more than may be released without a proof
        assert terminal.visit(HOLDER, face_check=wanted).body["birth_date_key"] == key
    assert "birth_date_key" not in terminal.visit(HOLDER).body
    copied = terminal.visit(HOLDER, "another card", face_check=wanted)
    assert (copied.body["next"], "birth_date_key" in copied.body) == ("refused", False)


def test_a_copied_certificate_with_another_card_is_refused_until_administration_clears_it(
    server: Server, tmp_path: Path
) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    assert terminal.first_visit(HOLDER).status == 200
    answer = terminal.visit(HOLDER, card="another card")
    assert (answer.status, answer.body["next"], answer.body["code"]) == (200, "refused", "card_key_changed")
    assert terminal.prove(answer.body["visit_id"]).code == "visit_closed"
    with server.backend.store.writing() as session:
        pins.unpin(session, "p01")
    assert terminal.first_visit(HOLDER, "another card").status == 200


def test_a_renewed_certificate_of_the_same_person_takes_the_same_card(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person("p01", HOLDER, SECOND))
    terminal = server.terminal()
    assert terminal.first_visit(HOLDER).status == 200
    assert terminal.first_visit(SECOND).status == 200


def test_an_unknown_person_is_asked_for_the_birth_date_and_has_no_eligibility(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person("p02", SECOND))
    terminal = server.terminal()
    asked = terminal.visit(HOLDER)
    assert asked.body["next"] == "ask_birth_date"
    eligibility = terminal.prove(asked.body["visit_id"]).body["eligibility"]
    assert (eligibility["verdict"], eligibility["results"]) == (4, [])
    known = terminal.visit(HOLDER, face_check={"seconds_ago": 5, "way": "photograph", "second": True})
    assert (known.body["next"], "birth_date_key" in known.body) == ("done", False)


def test_a_card_pinned_before_its_person_was_known_stays_with_its_certificate(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck")
    terminal = server.terminal()
    assert terminal.first_visit(HOLDER).body["eligibility"]["verdict"] == 4
    server.load(tmp_path / "deck", person())
    assert terminal.visit(HOLDER).body["eligibility"]["verdict"] == 1


@pytest.mark.parametrize(
    ("birth_date", "shown"),
    [("19850400", "19850412"), ("19850000", "19850412"), ("00000412", "19850412"), ("19850400", "19850400")],
)
def test_of_a_partial_birth_date_the_known_parts_count(
    server: Server, tmp_path: Path, birth_date: str, shown: str
) -> None:
    server.load(tmp_path / "deck", person(birth_date=birth_date, birth_date_key=None))
    terminal = server.terminal()
    assert terminal.visit(HOLDER).body["next"] == "ask_birth_date"
    assert terminal.first_visit(HOLDER, record=birth_date_record(shown)).status == 200


@pytest.mark.parametrize(("birth_date", "shown"), [("19850400", "19850512"), ("19850412", "19850400")])
def test_a_known_part_that_differs_is_a_mismatch(server: Server, tmp_path: Path, birth_date: str, shown: str) -> None:
    server.load(tmp_path / "deck", person(birth_date=birth_date, birth_date_key=None))
    assert server.terminal().first_visit(HOLDER, record=birth_date_record(shown)).code == "birth_date_mismatch"


def test_care_offices_get_identity_alone_and_remember_the_last_person(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person(), person("p02", SECOND))
    terminal = server.terminal(FacilityKind.CARE)
    eligibility = terminal.first_visit(HOLDER).body["eligibility"]
    assert "verdict" in eligibility
    assert (eligibility["verdict"], eligibility["results"], eligibility["identity_confirmed"]) == (None, [], True)
    assert terminal.first_visit(SECOND, "second card").status == 200
    with server.backend.store.reading() as session:
        assert [row.person_id for row in session.scalars(select(LastRead))] == ["p02"]


def test_at_a_care_office_an_unknown_person_replaces_the_last_one(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal(FacilityKind.CARE)
    assert terminal.first_visit(HOLDER).status == 200
    assert terminal.first_visit(SECOND, "second card").status == 200
    with server.backend.store.reading() as session:
        assert session.scalar(select(LastRead)) is None


def test_a_certificate_in_grace_is_accepted_with_the_notice(server: Server, tmp_path: Path) -> None:
    ended = Holder(not_after=NOW.replace(month=10, day=10, hour=14, minute=59, second=59))
    server.load(tmp_path / "deck", person("p04", ended))
    eligibility = server.terminal().first_visit(ended).body["eligibility"]
    assert eligibility["notices"] == [{"code": "certificate_in_grace", "date": "20270131"}]


def test_a_certificate_that_ends_soon_is_accepted_with_the_notice(server: Server, tmp_path: Path) -> None:
    ending = Holder(not_after=NOW.replace(year=2027, month=2, day=3, hour=14, minute=59, second=59))
    server.load(tmp_path / "deck", person("p05", ending))
    terminal = server.terminal()
    notice = [{"code": "certificate_ends_soon", "date": "20270203"}]
    assert terminal.first_visit(ending).body["eligibility"]["notices"] == notice
    assert terminal.visit(ending).body["eligibility"]["notices"] == notice


def test_a_denied_certificate_is_revoked_and_can_be_allowed_again(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    with server.backend.store.writing() as session:
        deny_list.deny(session, "p01")
        deny_list.deny(session, "p01")
    assert terminal.visit(HOLDER).code == "certificate_revoked"
    with server.backend.store.writing() as session:
        deny_list.allow(session, "p01")
    assert terminal.visit(HOLDER).body["next"] == "prove"


def test_new_trust_anchors_are_used_without_a_restart(server: Server, tmp_path: Path) -> None:
    terminal = server.terminal()
    assert terminal.visit(HOLDER).code == "certificate_issuer_unknown"
    server.load(tmp_path / "deck", person())
    assert terminal.visit(HOLDER).body["next"] == "prove"
    server.load(tmp_path / "deck", person(), crls=[Authority().crl(HOLDER.serial)])
    assert terminal.visit(HOLDER).code == "certificate_revoked"


def test_answers_but_done_are_padded_so_that_they_look_alike(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    known, unknown = terminal.visit(HOLDER), terminal.visit(SECOND)
    assert {known.body["next"], unknown.body["next"]} == {"prove", "ask_birth_date"}
    assert len(known.content) == len(unknown.content) == 512
    assert set(known.headers) == set(unknown.headers)
    assert terminal.first_visit(HOLDER).status == 200
    assert len(terminal.visit(HOLDER, "another card").content) == 512


def test_of_many_bodies_for_one_challenge_one_wins(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    challenge = terminal.challenge()
    bodies = [
        terminal.visit_body(HOLDER, challenge=challenge, face_check={"seconds_ago": n, "way": "photograph"})
        for n in range(12)
    ]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda body: terminal.call("POST", "/v1/visits", json=body), bodies))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 11
    assert server.codes == {"challenge_spent"}
    assert len(audits(server)) == 1


def test_one_body_sent_many_times_at_once_is_one_visit(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    body = terminal.visit_body(HOLDER)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: terminal.call("POST", "/v1/visits", json=body), range(8)))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].body["next"] == "prove"
    assert len(audits(server)) == 1
    for _ in range(2):  # the eight answers were one of the three releases a day
        assert terminal.visit(HOLDER).body["next"] == "prove"
    assert terminal.visit(HOLDER).code == "birth_date_keys_limited"


def test_one_proof_sent_many_times_at_once_is_answered_alike(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    visit_id = terminal.visit(HOLDER).body["visit_id"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: terminal.prove(visit_id), range(8)))
    assert {answer.status for answer in answers} == {200}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert outcomes(server) == ["confirmed"]


def test_two_terminals_proving_one_card_for_two_people_at_once_pin_it_to_one(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person("p01", HOLDER), person("p02", SECOND))
    pairs = [(server.terminal(name=f"見本 {n}"), holder) for n, holder in enumerate((HOLDER, SECOND))]
    visits = [(terminal, terminal.visit(holder).body["visit_id"]) for terminal, holder in pairs]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: pair[0].prove(pair[1]), visits))
    assert sorted(answer.status for answer in answers) == [200, 422]
    with server.backend.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Pin)) == 1
