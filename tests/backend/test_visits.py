"""Visits from challenge to eligibility, over HTTPS."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from myna_app.formats.facility import FacilityKind
from myna_backend import deny_list, pins
from myna_backend.encodings import from_base64url, to_base64url
from myna_backend.retention import purge
from myna_backend.store.tables import Audit, LastRead, OpenVisit, Pin
from tests.backend import issuing
from tests.backend.conftest import Serve
from tests.backend.issuing import NOW, Authority, Holder, birth_date_record, person
from tests.backend.running import FakeClock, Server

HOLDER = Holder()
SECOND = Holder(serial=0xDEF)


def audits(server: Server) -> list[Audit]:
    with server.backend.store.reading() as session:
        return list(session.scalars(select(Audit)))


def outcomes(server: Server) -> list[str]:
    return sorted(row.outcome for row in audits(server))


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
    assert terminal.visit(HOLDER).body["next"] == "done"


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


def test_a_key_the_card_refused_never_comes_again_the_other_form_comes_once_then_staff_are_asked(
    server: Server, tmp_path: Path
) -> None:
    server.load(tmp_path / "deck", person("p03", birth_date_form="gregorian", birth_date_key="850412"))
    terminal = server.terminal()
    keys = []
    for _ in range(3):
        answer = terminal.visit(HOLDER)
        keys.append(answer.body.get("birth_date_key"))
        assert terminal.refuse_key(answer.body["visit_id"]).status == 204
    assert keys == ["850412", "600412", None]
    assert terminal.visit(HOLDER).body["next"] == "ask_birth_date"
    server.load(tmp_path / "deck", person("p03", birth_date="19850413", birth_date_key="600413"))
    assert terminal.visit(HOLDER).body["birth_date_key"] == "600413"


def test_a_refusal_is_noted_once_and_closes_the_visit_for_a_proof(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    visit_id = terminal.visit(HOLDER).body["visit_id"]
    assert [terminal.refuse_key(visit_id).status for _ in range(2)] == [204, 204]
    assert terminal.prove(visit_id).code == "visit_closed"
    assert outcomes(server) == ["refused_by_card"]


def test_a_refused_key_of_one_certificate_is_still_released_for_another(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person("p01", HOLDER, SECOND))
    terminal = server.terminal()
    terminal.refuse_key(terminal.visit(HOLDER).body["visit_id"])
    assert terminal.visit(SECOND).body["birth_date_key"] == "600412"


def test_a_terminal_gets_five_keys_an_hour_without_a_proof(
    server: Server, tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    holders = [Holder(serial=n) for n in range(1, 8)]
    server.load(tmp_path / "deck", *(person(f"p{holder.serial}", holder) for holder in holders))
    terminal = server.terminal()
    assert terminal.first_visit(holders[6]).status == 200  # a completed proof does not count
    for holder in holders[:5]:
        assert terminal.visit(holder).body["next"] == "prove"
    limited = terminal.visit(holders[5])
    assert limited.code == "birth_date_keys_limited"
    assert limited.body["retry_after"] == 3600
    assert "alarm" in caplog.text
    assert server.terminal(name="見本第二診療所").visit(holders[5]).body["next"] == "prove"
    clock.advance(hours=1)
    terminal.fetch_token()
    assert terminal.visit(holders[5]).body["next"] == "prove"


def test_a_certificate_gets_three_keys_a_day_over_all_terminals(
    server: Server, tmp_path: Path, clock: FakeClock
) -> None:
    server.load(tmp_path / "deck", person())
    terminals = [server.terminal(name=f"見本 {n}") for n in range(4)]
    assert [terminal.visit(HOLDER).body.get("next") for terminal in terminals] == ["prove"] * 3 + [None]
    assert server.codes == {"birth_date_keys_limited"}
    clock.advance(days=1)
    terminals[3].fetch_token()
    assert terminals[3].visit(HOLDER).body["next"] == "prove"


def test_a_terminal_gets_twenty_keys_a_day_without_a_proof(server: Server, tmp_path: Path, clock: FakeClock) -> None:
    holders = [Holder(serial=n) for n in range(1, 22)]
    server.load(tmp_path / "deck", *(person(f"p{holder.serial}", holder) for holder in holders))
    terminal = server.terminal()
    answers = []
    for number, holder in enumerate(holders):
        if number % 5 == 0:
            clock.advance(hours=1)
            terminal.fetch_token()
        answers.append(terminal.visit(holder))
    assert [answer.status for answer in answers] == [200] * 20 + [429]


def test_every_release_of_a_key_is_audited_and_no_row_names_anybody(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    terminal.visit(HOLDER)
    terminal.refuse_key(terminal.visit(HOLDER).body["visit_id"])
    rows = audits(server)
    assert [row.key_form for row in rows] == ["era", "era"]
    assert len({row.certificate for row in rows}) == 1
    for row in rows:
        assert row.terminal_id == terminal.terminal_id
        assert f"{HOLDER.serial:x}" != row.certificate
        assert len(row.certificate or "") == 64


def test_an_unknown_card_issuer_alarms_the_operator(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    visit_id = terminal.visit(HOLDER).body["visit_id"]
    unknown = issuing.issuer_certificate(authority_id=b"7000099" + bytes(9))
    assert terminal.prove(visit_id, issuer_certificate=unknown).code == "issuer_unknown"
    assert "alarm: a card's issuer certificate names an unknown authority" in caplog.text


def test_nothing_of_a_visitor_is_logged(server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    holder = Holder(serial=0xA1B2C3D4E5F6)
    server.load(tmp_path / "deck", person("p01", holder))
    terminal = server.terminal()
    with caplog.at_level("DEBUG"):
        assert terminal.first_visit(holder).status == 200
        terminal.visit(holder, "another card")
        terminal.visit(holder, certificate="!!")
    told = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("myna", "sqlalchemy")))
    assert told
    for personal in ("架空", issuing.BORN, "600412", to_base64url(holder.certificate)[:40], f"{holder.serial:x}"):
        assert personal not in told


def test_the_challenge_is_fresh_and_lasts_two_minutes(server: Server) -> None:
    terminal = server.terminal()
    one, other = terminal.challenge(), terminal.challenge()
    assert one["expires_at"] == "2026-11-20T01:04:15Z"
    assert len(from_base64url(one["nonce"])) == 32
    assert one["nonce"] != other["nonce"]
    assert one["challenge_id"] != other["challenge_id"]


def test_sixty_challenges_a_minute(server: Server, clock: FakeClock) -> None:
    terminal = server.terminal()
    for _ in range(60):
        terminal.challenge()
    limited = terminal.call("POST", "/v1/challenges")
    assert (limited.code, limited.body["retry_after"]) == ("rate_limited", 60)
    clock.advance(minutes=1)
    assert terminal.challenge()


def test_an_open_visit_keeps_nothing_after_its_time(server: Server, tmp_path: Path, clock: FakeClock) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal()
    terminal.visit(HOLDER)
    clock.advance(seconds=121)
    purge(server.backend.store, clock())
    with server.backend.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(OpenVisit)) == 1
    clock.now = NOW + timedelta(seconds=300)
    purge(server.backend.store, clock())
    with server.backend.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(OpenVisit)) == 0
