"""The screen lock, with clocks of the test."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myna_app import passcode as module
from myna_app.errors import PasscodeError, Problem, VaultError
from myna_app.passcode import Passcode, Weakness, weakness
from myna_app.vault import Entry
from tests.vault.memory import MemoryVault

GOOD, WRONG, OTHER = "4826", "4827", "7392"


class Clocks:
    """Both clocks of the PC."""

    def __init__(self) -> None:
        self.ticks = 1_000.0
        self.wall = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def pass_by(self, seconds: float) -> None:
        self.ticks += seconds
        self.wall += timedelta(seconds=seconds)


class Desk:
    """A profile whose program can be started again."""

    def __init__(self, folder: Path) -> None:
        self.vault = MemoryVault()
        self.file = folder / "passcode-count.json"
        self.clocks = Clocks()
        self.restart()

    def restart(self) -> None:
        self.passcode = Passcode(
            self.vault, self.file, monotonic=lambda: self.clocks.ticks, now=lambda: self.clocks.wall
        )

    def fail(self, times: int) -> PasscodeError:
        """Type the wrong code so often, waiting as told."""
        for _ in range(times):
            self.clocks.pass_by(self.passcode.state().wait_seconds)
            with pytest.raises(PasscodeError) as caught:
                self.passcode.check(WRONG)
            assert caught.value.problem is Problem.PASSCODE_WRONG
        return caught.value


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The cost is judged by one test of its own."""
    monkeypatch.setattr(module, "_COST", 2**4)
    yield


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.passcode.set(GOOD)
    return made


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("1111", Weakness.SAME_DIGITS),
        ("0000", Weakness.SAME_DIGITS),
        ("1234", Weakness.RUN),
        ("9876", Weakness.RUN),
        ("7890", Weakness.RUN),
        ("0987", Weakness.RUN),
        ("1212", Weakness.REPEATED_PAIR),
        ("2580", Weakness.KEYPAD_LINE),
        ("2025", Weakness.YEAR),
        ("2026", Weakness.YEAR),
        ("2027", Weakness.YEAR),
        ("1985", Weakness.YEAR),
        ("482", Weakness.NOT_FOUR_DIGITS),
        ("48261", Weakness.NOT_FOUR_DIGITS),
        ("４８２６", Weakness.NOT_FOUR_DIGITS),
        ("48a6", Weakness.NOT_FOUR_DIGITS),
        ("", Weakness.NOT_FOUR_DIGITS),
        ("4826", None),
        ("1357", None),
        ("2029", None),
    ],
)
def test_trivial_codes_are_refused_with_a_reason(code: str, reason: Weakness | None) -> None:
    assert weakness(code, 2026) is reason


@given(st.text(max_size=6))
@settings(deadline=None)
def test_only_four_ascii_digits_can_be_a_good_code(code: str) -> None:
    if weakness(code, 2026) is None:
        assert len(code) == 4
        assert set(code) <= set("0123456789")


def test_the_right_code_opens_and_takes_failures_back(desk: Desk) -> None:
    desk.fail(3)
    desk.passcode.check(GOOD)
    assert desk.passcode.state().failures == 0
    desk.restart()
    desk.passcode.check(GOOD)


def test_tries_left_count_down_to_the_first_wait(desk: Desk) -> None:
    assert [desk.fail(1).facts["tries_left"] for _ in range(5)] == [4, 3, 2, 1, 0]


def test_failures_five_to_nine_wait_longer_and_longer_and_the_tenth_needs_the_password(desk: Desk) -> None:
    desk.fail(4)
    assert desk.passcode.state().wait_seconds == 0
    waits = []
    for _ in range(5):
        desk.fail(1)
        waits.append(desk.passcode.state().wait_seconds)
    assert waits == [30, 60, 300, 900, 3600]
    assert not desk.passcode.state().password_needed
    desk.fail(1)
    assert desk.passcode.state().password_needed
    with pytest.raises(PasscodeError) as caught:
        desk.passcode.check(GOOD)
    assert (caught.value.problem, caught.value.facts["seconds"]) == (Problem.PASSCODE_WAIT, 0)


def test_no_code_is_looked_at_during_a_wait_and_the_right_one_opens_after_it(desk: Desk) -> None:
    desk.fail(5)
    desk.clocks.pass_by(29.5)
    with pytest.raises(PasscodeError) as caught:
        desk.passcode.check(GOOD)
    assert (caught.value.problem, caught.value.facts["seconds"]) == (Problem.PASSCODE_WAIT, 1)
    assert desk.passcode.state().failures == 5
    desk.clocks.pass_by(0.5)
    desk.passcode.check(GOOD)


def test_a_restart_makes_the_wait_begin_anew(desk: Desk) -> None:
    desk.fail(6)
    desk.clocks.pass_by(59)
    desk.restart()
    assert desk.passcode.state().wait_seconds == 60


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_is_set_makes_the_wait_begin_anew(desk: Desk, hours: int) -> None:
    desk.fail(6)
    desk.clocks.pass_by(30)
    desk.clocks.wall += timedelta(hours=hours)
    assert desk.passcode.state().wait_seconds == 60
    desk.clocks.pass_by(60)
    desk.passcode.check(GOOD)


def test_the_count_is_written_before_the_code_is_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledError(BaseException):
        pass

    def killed(*_arguments: object) -> bool:
        raise KilledError

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(module._Kept, "opens_with", killed)
        desk.passcode.check(WRONG)
    desk.restart()
    assert desk.passcode.state().failures == 1


def test_without_a_written_count_no_code_is_looked_at(desk: Desk) -> None:
    desk.vault.write_fails = True
    with pytest.raises(VaultError):
        desk.passcode.check(GOOD)


def test_the_larger_of_both_counts_holds(desk: Desk) -> None:
    before = desk.vault.texts[Entry.PASSCODE]
    desk.fail(5)
    after, count = desk.vault.texts[Entry.PASSCODE], desk.file.read_text()
    desk.vault.texts[Entry.PASSCODE] = before
    assert desk.passcode.state().failures == 5
    desk.vault.texts[Entry.PASSCODE] = after
    desk.file.unlink()
    assert desk.passcode.state().failures == 5
    desk.file.write_text(count.replace("5", "0"))
    assert desk.passcode.state().failures == 5
    desk.file.write_text("damaged")
    assert desk.passcode.state().failures == 5


def test_the_count_of_an_earlier_passcode_does_not_count(desk: Desk) -> None:
    desk.fail(9)
    old = desk.file.read_text()
    desk.passcode.replace_after_reauthentication(OTHER)
    desk.file.write_text(old)
    assert desk.passcode.state().failures == 0
    desk.passcode.check(OTHER)


def test_a_full_disk_locks_nobody_out(desk: Desk) -> None:
    desk.file.unlink()
    desk.file.mkdir()
    desk.passcode.check(GOOD)


def test_a_record_that_vanished_needs_the_account_password_not_just_a_new_code(desk: Desk) -> None:
    desk.vault.delete(Entry.PASSCODE)
    state = desk.passcode.state()
    assert (state.is_set, state.password_needed) == (True, True)
    with pytest.raises(PasscodeError):
        desk.passcode.check(GOOD)
    desk.passcode.replace_after_reauthentication(OTHER)
    desk.passcode.check(OTHER)


def test_after_forgetting_there_was_never_one(desk: Desk) -> None:
    desk.passcode.forget()
    state = desk.passcode.state()
    assert (state.is_set, state.password_needed) == (False, False)


def test_after_the_account_password_only_the_passcode_is_another(desk: Desk) -> None:
    desk.vault.set(Entry.DEVICE, {"key": "kept"})
    desk.fail(10)
    desk.passcode.replace_after_reauthentication(OTHER)
    assert json.loads(desk.vault.texts[Entry.DEVICE]) == {"key": "kept"}
    with pytest.raises(PasscodeError):
        desk.passcode.check(GOOD)
    desk.passcode.check(OTHER)


def test_a_weak_code_is_never_stored(desk: Desk) -> None:
    with pytest.raises(ValueError, match="weak"):
        desk.passcode.set("1111")
    desk.passcode.check(GOOD)


@given(
    st.dictionaries(
        st.sampled_from(["name", "salt", "key", "n", "failures"]),
        st.integers(-1, 2**16) | st.booleans() | st.text(max_size=8),
    )
)
@settings(deadline=None)
def test_whatever_stands_in_the_key_store_is_a_record_or_damaged(
    tmp_path_factory: pytest.TempPathFactory, record: dict[str, int | bool | str]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("profile"))
    desk.vault.set(Entry.PASSCODE, record)
    try:
        desk.passcode.state()
    except VaultError as error:
        assert error.problem is Problem.STORED_DATA_DAMAGED


def test_the_hash_is_as_costly_as_promised_and_nothing_of_the_code_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_COST", 2**15)
    desk = Desk(tmp_path)
    desk.passcode.set(GOOD)
    first = json.loads(desk.vault.texts[Entry.PASSCODE])
    assert first["n"] >= 2**15
    desk.passcode.check(GOOD)
    desk.passcode.set(GOOD)
    second = json.loads(desk.vault.texts[Entry.PASSCODE])
    assert first["salt"] != second["salt"]
    assert first["key"] != second["key"]
