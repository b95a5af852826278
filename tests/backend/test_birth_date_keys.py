"""Birth-date keys are released sparingly; what is kept of visits names nobody."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from myna_backend.encodings import from_base64url, to_base64url
from myna_backend.retention import purge
from myna_backend.store.tables import OpenVisit
from tests.backend import issuing
from tests.backend.issuing import NOW, Holder, person
from tests.backend.running import FakeClock, Server
from tests.backend.visitors import HOLDER, SECOND, audits, outcomes


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
