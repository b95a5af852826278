"""The ledger on real files."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myna_app.errors import Problem, SettingsError
from myna_app.flow.beside import TURNED_DOWN
from myna_app.ledger import Ledger, Verify, VisitRow

AT = datetime(2026, 11, 20, 1, 2, 15, tzinfo=UTC)


def row(verify: Verify = Verify.NONE, *, at: datetime = AT, outcome: str = "verdict 1") -> VisitRow:
    return VisitRow(at, outcome, 812, "ACS ACR39U 00 00", 4, verify)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.sqlite3"


def test_a_visit_is_there_after_the_next_start_newest_first(file: Path) -> None:
    first, second = row(), row(Verify.ACCEPTED, at=AT + timedelta(minutes=1), outcome="E-C02")
    for one in (first, second):
        Ledger(file).record(one)
    assert Ledger(file).rows(AT - timedelta(days=1)) == (second, first)
    assert Ledger(file).rows(AT + timedelta(seconds=1)) == (second,)


def test_a_visit_that_staff_turned_down_is_no_answer_any_more(file: Path) -> None:
    ledger = Ledger(file)
    number = ledger.record(row(Verify.ACCEPTED))
    later = row(at=AT + timedelta(minutes=1))
    ledger.record(later)
    ledger.turn_down(number)
    assert ledger.rows(AT) == (later, row(Verify.ACCEPTED, outcome=TURNED_DOWN))


def test_old_visits_go_but_not_those_that_decide_whether_a_key_may_be_presented(file: Path) -> None:
    ledger = Ledger(file)
    days = [AT - timedelta(days=back) for back in (90, 80, 70, 60, 5)]
    old = [row(verify, at=at) for verify, at in zip((A, R, R, N, N), days, strict=True)]
    for one in old:
        ledger.record(one)
    ledger.forget_before(AT - timedelta(days=31))
    assert ledger.rows(AT - timedelta(days=100)) == (old[4], old[2], old[1])
    assert not ledger.automatic_verify_allowed()


def test_a_ledger_that_cannot_be_tidied_is_no_problem_of_its_own(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no ledger" * 100)
    Ledger(file).forget_before(AT)
    assert file.read_bytes() == b"no ledger" * 100


N, A, R = Verify.NONE, Verify.ACCEPTED, Verify.REFUSED


@pytest.mark.parametrize(
    ("history", "allowed"),
    [
        ([], True),
        ([R], True),
        ([R, R], False),
        ([R, N, N, R], False),
        ([R, A, R], True),
        ([R, R, A], True),
        ([A, R, R, N], False),
        ([A, A], True),
    ],
)
def test_two_refusals_in_consecutive_visits_with_verify_stop_it(
    file: Path, history: list[Verify], allowed: bool
) -> None:
    ledger = Ledger(file)
    for verify in history:
        ledger.record(row(verify))
    assert ledger.automatic_verify_allowed() is allowed
    assert Ledger(file).automatic_verify_allowed() is allowed


@given(st.lists(st.sampled_from(Verify), max_size=8))
@settings(deadline=None)
def test_only_the_last_two_with_verify_count(tmp_path_factory: pytest.TempPathFactory, history: list[Verify]) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.sqlite3")
    for verify in history:
        ledger.record(row(verify))
    used = [verify for verify in history if verify is not N]
    assert ledger.automatic_verify_allowed() is (used[-2:] != [R, R])


def test_a_full_disk_is_told_and_nothing_is_verified_automatically_until_there_is_room(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(file)
    ledger.record(row())
    real = sqlite3.connect

    def full(file: Path, timeout: float) -> sqlite3.Connection:
        store = real(file, timeout=timeout)
        store.execute("PRAGMA max_page_count = 2")
        return store

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", full)
        with pytest.raises(SettingsError) as caught:
            ledger.record(row(outcome="x" * 100_000))
    assert caught.value.problem is Problem.DISK_FULL
    assert not ledger.automatic_verify_allowed()
    ledger.record(row())
    assert ledger.automatic_verify_allowed()


def test_a_folder_that_cannot_be_written_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the folder should be")
    ledger = Ledger(tmp_path / "data" / "ledger.sqlite3")
    with pytest.raises(SettingsError):
        ledger.record(row())
    assert not ledger.automatic_verify_allowed()
    assert ledger.rows(AT) == ()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_ledger_is_set_aside_told_once_and_begun_anew(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    ledger = Ledger(file)
    with pytest.raises(SettingsError) as caught:
        ledger.record(row())
    assert caught.value.problem is Problem.STORED_DATA_DAMAGED
    (kept,) = file.parent.glob("ledger.sqlite3.damaged-*")
    assert kept.read_bytes() == content
    assert len(ledger.rows(AT)) == 1
    ledger.record(row())


def test_a_database_of_something_else_is_damaged_too(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as store:
        store.execute("CREATE TABLE visits (other TEXT)")
    store.close()
    with pytest.raises(SettingsError) as caught:
        Ledger(file).record(row())
    assert caught.value.problem is Problem.STORED_DATA_DAMAGED
