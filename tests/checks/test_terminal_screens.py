"""What else can happen to a terminal in its life, each with its screen: locks, terms, days, users, a second start."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.flow.beside import Announcement
from myna_app.formats.secret import Secret
from tests.parts import BIN, OfficeAccount, ReferenceBackend, card, wait_until
from tests.story.reception import PASSCODE, Reception
from tests.story.window import Window, titles

WRONG = Secret("9173")


@pytest.fixture
def account(backend: ReferenceBackend) -> OfficeAccount:
    return backend.new_account()


# --- locks ---


def locked(reception: Reception) -> st.Locked:
    """Once the key store has told how the lock stands."""
    reception.until_state(lambda state: isinstance(state.screen, st.Locked) and state.work is None)
    assert isinstance(reception.state.screen, st.Locked)
    return reception.state.screen


def test_five_wrong_passcodes_make_everybody_wait_and_a_restart_does_not_help(
    reception: Reception, account: OfficeAccount
) -> None:
    reception.set_up(account)
    reception.send(ev.LockAsked())
    for tries_left in (4, 3, 2, 1, 0):
        locked(reception)
        reception.send(ev.PasscodeTyped(WRONG))
        assert locked(reception).tries_left == tries_left
    assert 0 < locked(reception).wait_seconds <= 30
    reception.send(ev.PasscodeTyped(PASSCODE))
    assert locked(reception).wait_seconds
    reception.stop()
    reception.start()
    reception.until(st.Locked)
    assert 0 < locked(reception).wait_seconds <= 30
    assert not reception.state.desk.unlocked


def test_after_ten_wrong_passcodes_only_the_account_password_opens(
    reception: Reception, account: OfficeAccount
) -> None:
    reception.set_up(account)
    reception.stop()
    counted = json.loads(reception.folders.passcode_count_file.read_text("utf-8"))
    reception.folders.passcode_count_file.write_text(json.dumps(counted | {"failures": 10}), "utf-8")
    reception.start()
    reception.until(st.Locked)
    assert locked(reception).password_needed
    reception.send(ev.PasscodeTyped(PASSCODE))
    assert locked(reception).password_needed
    reception.send(ev.PasscodeForgotten())
    reception.send(ev.PasswordTyped(Secret(account.password)))
    reception.choose_passcode()
    reception.send(ev.Confirmed())
    reception.until(st.FaceCheck)


# --- terms and days ---


@pytest.fixture
def other_rules(backend: ReferenceBackend) -> Iterator[Path]:
    """Where the operator writes what holds from the backend's next start on."""
    file = backend.data / "backend.toml"
    yield file
    file.unlink(missing_ok=True)
    backend.stop()
    backend.start()


def test_changed_terms_ask_for_consent_before_the_next_visitor_and_only_once(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend, other_rules: Path
) -> None:
    reception.set_up(account)
    other_rules.write_text('terms_version = "1.1"\n', "utf-8")
    backend.stop()
    backend.start()
    reception.send(ev.LockAsked())
    locked(reception)
    reception.send(ev.PasscodeTyped(PASSCODE))
    asked = reception.until(st.TermsScreen, lambda screen: screen.terms is not None)
    assert asked.changed
    assert asked.terms is not None
    assert asked.terms.version == "1.1"
    reception.send(ev.TermsAgreed())
    reception.until(st.FaceCheck)
    reception.stop()
    reception.start()
    reception.unlock()
    reception.until(st.FaceCheck)
    with card("p01"):
        assert isinstance(reception.read(), st.Result)


def test_the_end_of_a_version_is_announced_at_the_desk_and_then_no_visitor_is_read(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend, other_rules: Path
) -> None:
    announced = 'notices = [{ title = "点検", text = "夜に止まります。" }]\n'
    reception.set_up(account)
    for first_day in ("2099-01-01", "2026-01-01"):
        minimum = f'minimum_app_version = {{ version = "9.0.0", from = {first_day} }}\n'
        other_rules.write_text(announced + minimum, "utf-8")
        backend.stop()
        backend.start()
        reception.send(ev.LockAsked())
        locked(reception)
        reception.send(ev.PasscodeTyped(PASSCODE))
        day = date.fromisoformat(first_day)
        reception.until_state(lambda state, day=day: state.desk.unlocked and state.desk.update_by == day)
    assert reception.state.desk.announcements == (Announcement("点検", "夜に止まります。"),)
    with card("p01"):
        told = reception.read()
        assert isinstance(told, st.Trouble)
        assert told.report.problem is Problem.UPDATE_REQUIRED


def test_before_the_first_day_the_desk_says_so_and_works_from_that_day_on(
    reception: Reception, backend: ReferenceBackend
) -> None:
    account = backend.new_account(starts_on="2099-01-01")
    reception.start()
    reception.agree()
    reception.submit(account)
    reception.until(st.Registered)
    reception.send(ev.Confirmed())
    reception.choose_passcode()
    reception.send(ev.Confirmed())
    reception.choose_reader()
    told = reception.until(st.Suspended, lambda screen: not screen.checking)
    assert told == st.Suspended(st.Standing.NOT_STARTED, {"service_starts_on": "2099-01-01"})
    backend.new_account()  # another PC of the same office, whose first day is entered anew with it
    reception.send(ev.Retried(0.0))
    reception.until(st.FaceCheck)
    with card("p01"):
        assert isinstance(reception.read(), st.Result)


# --- other users, other starts ---


def test_a_second_windows_user_of_the_pc_is_told_who_has_it(
    reception: Reception,
    account: OfficeAccount,
    backend: ReferenceBackend,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reception.set_up(account)
    reception.stop()
    other = Reception(backend, tmp_path_factory.mktemp("other user"))
    other.folders = replace(other.folders, machine=reception.folders.machine)
    with monkeypatch.context() as signed_in:
        signed_in.setenv("LOGNAME", "somebody-else")
        other.start()
        assert other.until(st.Trouble).report.problem is Problem.OTHER_WINDOWS_USER
        other.stop()
    reception.start()
    reception.unlock()
    reception.until(st.FaceCheck)


def second_start(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([BIN / "myna-app", "run"], env={**os.environ, "MYNA_APP_HOME": str(home)})


def test_a_second_start_shows_the_first_window_and_ends(window: Window, home: Path) -> None:
    window.open("M-01")
    with second_start(home) as second:
        assert second.wait(120) == 0
    assert window.screen() == "M-01"


def test_where_the_first_does_not_answer_the_second_says_that_it_runs_already(window: Window, home: Path) -> None:
    window.open("M-01")
    os.kill(window.pid, signal.SIGSTOP)
    second = second_start(home)
    try:
        wait_until(lambda: "もう開いています" in titles(second.pid), "the second start says so")
    finally:
        second.kill()
        second.wait()
        os.kill(window.pid, signal.SIGCONT)
