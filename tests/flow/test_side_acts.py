"""What is done on the pages beside the reception, and on M-11: passcode, proxy, a reader's test, update."""

from dataclasses import replace
from datetime import date

import pytest

from myna_app.errors import ApiError, AppError, CardError, Problem
from myna_app.flow import State, start, step
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import states as st
from myna_app.flow import work as wk
from myna_app.flow.beside import Announcement, ProxyForm, ReaderTest, SidePage, Update, UpdateStage
from myna_app.flow.pages import is_busy
from myna_app.formats.secret import Secret
from tests.ui.states import DESK, FRESH, LOCKED

HOME = State(st.FaceCheck(), DESK)
NEW = Secret("4826")
UPDATE = Update("9.0.0", "速くなりました", "Faster")


def after(state: State, *events: ev.Event) -> State:
    for event in events:
        state = step(state, event)
    return state


# --- another passcode ---


def asked_for_the_old_one() -> State:
    return after(HOME, se.PageAsked(SidePage.SETTINGS), se.PasscodeChangeAsked())


def test_the_present_passcode_is_asked_before_another_is_chosen() -> None:
    state = asked_for_the_old_one()
    assert (state.screen, state.work) == (st.Locked(purpose=st.LockPurpose.CHANGE), wk.ReadLock())
    state = after(state, ev.PasscodeRefused(False, None, 0, False), ev.PasscodeTyped(Secret("1111")))
    assert state.work == wk.CheckPasscode(Secret("1111"))
    assert step(state, ev.PasscodeRefused(True, 4, 0, False)).screen == st.Locked(
        True, 4, purpose=st.LockPurpose.CHANGE
    )
    state = after(state, ev.Unlocked(), ev.PasscodeTyped(NEW), ev.PasscodeJudged(NEW, None), ev.PasscodeTyped(NEW))
    assert state.work == wk.KeepPasscode(NEW)
    state = step(state, ev.PasscodeStored())
    assert state.screen == st.PasscodeKept(changed=True)
    assert step(state, ev.Confirmed()).screen == st.FaceCheck()


def test_a_change_that_is_given_up_leads_back_to_the_settings() -> None:
    asked = asked_for_the_old_one()
    chosen = after(asked, ev.Unlocked())
    assert chosen.screen == st.PasscodeChoice(changing=True)
    for state in (step(asked, ev.PasscodeRefused(False, None, 0, False)), chosen):
        back = step(state, ev.Back())
        assert (back.screen, back.work) == (st.SettingsScreen(st.FaceCheck()), wk.ReadPreferences())


def test_two_different_new_passcodes_start_the_change_again() -> None:
    state = after(asked_for_the_old_one(), ev.Unlocked(), ev.PasscodeTyped(NEW), ev.PasscodeJudged(NEW, None))
    assert step(state, ev.PasscodeTyped(Secret("9173"))).screen == st.PasscodeChoice("mismatch", changing=True)
    weak = after(asked_for_the_old_one(), ev.Unlocked(), ev.PasscodeTyped(NEW), ev.PasscodeJudged(NEW, "run"))
    assert weak.screen == st.PasscodeChoice("run", changing=True)


def test_a_change_that_is_left_alone_ends_in_the_lock() -> None:
    for state in (asked_for_the_old_one(), step(asked_for_the_old_one(), ev.Unlocked())):
        locked = step(state, ev.LockAsked())
        assert (locked.screen, locked.desk.unlocked) == (st.Locked(), False)


def test_nobody_changes_a_passcode_without_having_opened_the_desk() -> None:
    fresh = State(st.SettingsScreen(st.AccountEntry()), FRESH)
    assert step(fresh, se.PasscodeChangeAsked()) is fresh


# --- proxy ---


def test_settings_open_before_a_registration_because_its_way_may_need_a_proxy() -> None:
    problem = step(
        State(st.AccountEntry(sending=True), FRESH, wk.Register(st.AccountForm())),
        ev.Failed(ApiError(Problem.PROXY_AUTHENTICATION)),
    )
    there = step(problem, se.PageAsked(SidePage.SETTINGS))
    assert there.work == wk.ReadPreferences()
    assert step(there, ev.Back()).screen == problem.screen


def test_settings_stay_closed_while_a_registered_desk_is_locked() -> None:
    locked = State(st.Locked(), LOCKED)
    assert step(locked, se.PageAsked(SidePage.SETTINGS)) is locked


def test_a_proxy_is_kept_or_what_is_wrong_is_told() -> None:
    form = ProxyForm("proxy.example:8080", "desk", Secret("pw"))
    there = after(HOME, se.PageAsked(SidePage.SETTINGS), se.PreferencesRead(()), se.ProxyTyped(form))
    assert there.work == wk.KeepProxy(form)
    refused = step(there, ev.FieldsRefused({"proxy": "address"})).screen
    assert isinstance(refused, st.SettingsScreen)
    assert refused.errors == {"proxy": "address"}
    kept = step(there, se.PreferencesRead((), ProxyForm("http://proxy.example:8080", "desk")))
    assert kept.screen == st.SettingsScreen(st.FaceCheck(), (), ProxyForm("http://proxy.example:8080", "desk"))


# --- a reader's test ---


def under_test(*events: ev.Event) -> State:
    return after(State(st.ReaderChoice(), DESK), se.ReaderTestAsked(), *events)


def test_a_test_waits_for_a_card_reads_and_tells() -> None:
    state = under_test()
    assert (state.screen, state.work) == (st.ReaderChoice(ReaderTest.PLACE), wk.TestReader(DESK.chosen_reader or ""))
    reading = step(state, se.ReaderTested(ReaderTest.READING))
    assert reading.work is state.work
    told = step(reading, se.ReaderTested(ReaderTest.EXTENDED))
    assert (told.screen, told.work) == (st.ReaderChoice(ReaderTest.EXTENDED), None)


def test_readers_that_are_looked_for_answer_even_where_nothing_changed() -> None:
    asked = step(State(st.ReaderChoice(), DESK), se.ReadersSought())
    assert (asked.screen, asked.work) == (st.ReaderChoice(searching=True), wk.LookForReaders())
    assert not is_busy(asked)
    told = step(asked, ev.ReadersChanged(DESK.readers, service_running=True))
    assert told == State(st.ReaderChoice(), DESK)


def test_without_a_chosen_reader_there_is_nothing_to_test() -> None:
    state = State(st.ReaderChoice(), replace(DESK, chosen_reader=None))
    assert step(state, se.ReaderTestAsked()) is state


def test_a_test_that_fails_is_repeated_or_given_up() -> None:
    failed = under_test(ev.Failed(CardError(Problem.CARD_MISSING)))
    again = step(failed, ev.Retried(1.0))
    assert (again.screen, again.work) == (st.ReaderChoice(ReaderTest.PLACE), wk.TestReader(DESK.chosen_reader or ""))
    assert step(failed, ev.CardPlaced(1.0)) == again
    assert step(failed, ev.Back()).screen == st.ReaderChoice()


@pytest.mark.parametrize("act", [ev.Back(), ev.Confirmed(), ev.ReaderPicked("Another"), ev.LockAsked()])
def test_a_test_ends_when_its_page_is_left_or_another_reader_chosen(act: ev.Event) -> None:
    assert not isinstance(under_test(act).work, wk.TestReader)


# --- the reader an administrator wants ---


@pytest.mark.parametrize(
    ("pattern", "chosen"), [("*RC-S300*", "SONY FeliCa RC-S300/P"), ("*Hello*", None), ("Nobody's", None)]
)
def test_the_first_reader_of_the_wanted_name_is_chosen(pattern: str, chosen: str | None) -> None:
    stored = ev.StoreRead(True, "7K3D9QXM2H4TVB83", True, None, reader_pattern=pattern)
    readers = ev.ReadersChanged(DESK.readers, service_running=True)
    for events in ((readers, stored), (stored, readers)):
        assert after(start(), *events).desk.chosen_reader == chosen


def test_a_reader_that_somebody_chose_stands() -> None:
    stored = ev.StoreRead(True, "7K3D9QXM2H4TVB83", True, "Another", reader_pattern="*")
    assert after(start(), stored, ev.ReadersChanged(DESK.readers, service_running=True)).desk.chosen_reader == "Another"


# --- updates ---


def offered() -> State:
    return after(HOME, se.PageAsked(SidePage.UPDATE), se.UpdateReached(UpdateStage.OFFERED, UPDATE))


def test_an_update_is_brought_looked_at_and_started() -> None:
    state = after(offered(), se.UpdateWanted())
    assert state.work == wk.BringUpdate(UPDATE)
    on_its_way = step(state, se.UpdateReached(UpdateStage.BRINGING, part=0.4))
    assert on_its_way.work is state.work
    assert on_its_way.screen == st.UpdateScreen(st.FaceCheck(), UpdateStage.BRINGING, UPDATE, 0.4)
    brought = step(on_its_way, se.UpdateReached(UpdateStage.BROUGHT))
    assert brought.work == wk.StartUpdate(UPDATE)
    for end in (UpdateStage.STARTED, UpdateStage.NOT_STARTED, UpdateStage.REFUSED):
        told = step(brought, se.UpdateReached(end))
        assert isinstance(told.screen, st.UpdateScreen)
        assert (told.screen.stage, told.work) == (end, None)


def test_a_download_that_was_left_is_never_started() -> None:
    left = after(offered(), se.UpdateWanted(), ev.Back())
    assert (left.screen, left.work) == (st.FaceCheck(), None)
    assert step(left, se.UpdateReached(UpdateStage.BROUGHT)).work is None


def test_at_the_desk_an_update_is_told_until_it_is_put_off() -> None:
    home = step(State(st.FaceCheck(), DESK, wk.RefreshTerminal()), ev.TerminalRefreshed(DESK.facility, None, None))
    assert home.work == wk.LookForUpdate()
    told = step(home, se.UpdateReached(UpdateStage.OFFERED, UPDATE))
    assert (told.screen, told.desk.update) == (st.FaceCheck(), UPDATE)
    there = after(told, se.PageAsked(SidePage.UPDATE), se.UpdateReached(UpdateStage.OFFERED, UPDATE))
    assert step(there, ev.Back()).desk.update is None


def test_what_the_backend_announces_stands_on_the_desk_until_it_says_otherwise() -> None:
    told = ev.TerminalRefreshed(
        DESK.facility, None, None, announcements=(Announcement("点検", "夜"),), update_by=date(2026, 12, 1)
    )
    home = step(State(st.FaceCheck(), DESK, wk.RefreshTerminal()), told)
    assert (home.desk.announcements, home.desk.update_by) == ((Announcement("点検", "夜"),), date(2026, 12, 1))
    again = step(home, ev.TerminalRefreshed(DESK.facility, None, None))
    assert (again.desk.announcements, again.desk.update_by) == ((), None)


def test_looking_for_an_update_never_disturbs_the_desk() -> None:
    home = State(st.FaceCheck(), DESK, wk.LookForUpdate())
    failed = step(home, ev.Failed(ApiError(Problem.BACKEND_UNREACHABLE)))
    assert failed == HOME
    assert isinstance(step(home, ev.FaceConfirmed(1.0)).screen, st.Reading)


def test_a_fault_on_the_way_to_an_update_is_told_and_can_be_tried_again() -> None:
    failed = step(step(offered(), se.UpdateWanted()), ev.Failed(AppError(Problem.BACKEND_UNREACHABLE)))
    assert isinstance(failed.screen, st.Trouble)
    again = step(failed, ev.Retried(1.0))
    assert (again.screen, again.work) == (st.UpdateScreen(st.FaceCheck()), wk.LookForUpdate(asked=True))
    assert step(failed, ev.Back()).screen == st.FaceCheck()


def test_nothing_is_wanted_that_was_not_offered() -> None:
    newest = after(HOME, se.PageAsked(SidePage.UPDATE), se.UpdateReached(UpdateStage.NEWEST))
    assert step(newest, se.UpdateWanted()) == newest
    assert step(newest, ev.Retried(1.0)).work == wk.LookForUpdate(asked=True)
