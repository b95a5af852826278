"""The pages beside the reception: when they open, what they drop, where they lead back to."""

from dataclasses import replace
from pathlib import Path

import pytest

from myna_app.errors import AppError, Problem
from myna_app.flow import State, step
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import states as st
from myna_app.flow import work as wk
from myna_app.flow.beside import Check, Outcome, Preference, Record, SidePage
from myna_app.flow.report import Report
from myna_app.formats.secret import Secret
from tests.ui.states import DESK, LOCKED, RESULTS, TERMS

HOME = State(st.FaceCheck(), DESK)
WORK = {
    SidePage.SETTINGS: wk.ReadPreferences(),
    SidePage.DIAGNOSIS: wk.Examine(),
    SidePage.UPDATE: wk.LookForUpdate(asked=True),
    SidePage.RECORD: wk.ReadRecord(),
    SidePage.MANAGED: wk.ReadManaged(),
    SidePage.BUNDLE: wk.MakeBundle(),
}


def asked(state: State, page: SidePage = SidePage.DIAGNOSIS) -> State:
    return step(state, se.PageAsked(page))


@pytest.mark.parametrize("page", SidePage)
@pytest.mark.parametrize("act", [ev.Back(), ev.Confirmed(), ev.Cleared()])
def test_a_page_has_its_work_done_and_leads_back(page: SidePage, act: ev.Event) -> None:
    there = asked(HOME, page)
    assert there.work == WORK[page]
    assert step(there, act) == State(st.FaceCheck(), DESK)


def test_nothing_of_a_visitor_waits_behind_a_page() -> None:
    there = asked(RESULTS["valid"])
    assert "架空" not in repr(there.screen)
    assert step(there, ev.Back()).screen == st.FaceCheck()


def test_the_diagnosis_of_a_problem_leads_back_to_it() -> None:
    home = st.Resumption(st.FaceCheck())
    trouble = State(st.Trouble(Report(Problem.CARD_MISSING), st.Reading(), home, home), DESK)
    assert step(asked(trouble), ev.Back()).screen == trouble.screen


def test_one_page_opened_from_another_leads_back_to_the_first_place() -> None:
    assert step(asked(asked(HOME, SidePage.SETTINGS), SidePage.MANAGED), ev.Back()).screen == st.FaceCheck()


def test_while_locked_only_what_helps_opens_and_it_leads_back_to_the_lock() -> None:
    locked = State(st.Locked(), LOCKED)
    for page in (SidePage.SETTINGS, SidePage.RECORD, SidePage.MANAGED):
        assert asked(locked, page) is locked
    for page in (SidePage.DIAGNOSIS, SidePage.BUNDLE):
        back = step(asked(locked, page), ev.Back())
        assert (back.screen, back.work) == (st.Locked(), wk.ReadLock())


def test_a_fault_of_a_page_that_was_opened_while_locked_opens_nothing() -> None:
    failed = step(asked(State(st.Locked(), LOCKED), SidePage.BUNDLE), ev.Failed(AppError(Problem.UNEXPECTED)))
    for act in (ev.Retried(0.0), ev.Back()):
        assert step(failed, act).screen == st.Locked()


@pytest.mark.parametrize(
    "busy",
    [
        State(st.Starting(), st.Desk(), wk.ReadStore()),
        State(st.AccountEntry(sending=True), st.Desk(), wk.Register(st.AccountForm())),
        State(st.PasscodeRepeat(Secret("2580"), keeping=True), LOCKED, wk.KeepPasscode(Secret("2580"))),
        State(st.TermsScreen(keeping=True), DESK, wk.KeepConsent(TERMS)),
        State(st.SettingsScreen(st.FaceCheck()), DESK, wk.ReleaseTerminal()),
    ],
)
def test_work_that_must_come_to_its_end_is_not_left(busy: State) -> None:
    assert asked(busy) is busy
    assert step(busy, ev.AboutAsked()) is busy


def test_terms_that_had_not_come_are_fetched_again() -> None:
    back = step(asked(State(st.TermsScreen(), st.Desk(), wk.FetchTerms())), ev.Back())
    assert back.work == wk.FetchTerms()


def test_checks_come_one_by_one_and_can_be_made_again() -> None:
    check = Check("service", Outcome.GOOD, "running")
    there = step(asked(HOME), se.CheckMade(check))
    assert isinstance(there.screen, st.DiagnosisScreen)
    assert (there.screen.checks, there.screen.done, there.work) == ((check,), False, wk.Examine())
    done = step(there, se.ExaminationDone())
    assert isinstance(done.screen, st.DiagnosisScreen)
    assert (done.screen.done, done.work) == (True, None)
    again = step(done, ev.Retried(0.0))
    assert (again.screen, again.work) == (st.DiagnosisScreen(st.FaceCheck()), wk.Examine())


def test_a_choice_is_kept_and_shown_as_kept() -> None:
    there = step(asked(HOME, SidePage.SETTINGS), se.PreferenceChosen("theme", "dark"))
    assert there.work == wk.KeepPreference("theme", "dark")
    kept = (Preference("theme", "dark", ("light", "dark")),)
    assert step(there, se.PreferencesRead(kept)) == State(st.SettingsScreen(st.FaceCheck(), kept), DESK)
    assert step(there, se.PreferencesReset()).work == wk.ResetPreferences()


def test_a_released_account_leads_to_a_new_registration_and_nothing_of_the_office_stays() -> None:
    there = step(asked(HOME, SidePage.SETTINGS), se.ReleaseAsked())
    locked = st.Locked(purpose=st.LockPurpose.RELEASE)
    assert (there.screen, there.work) == (locked, wk.ReadLock())
    assert step(there, ev.PasscodeRefused(True, 4, 0, False)).screen == replace(locked, wrong=True, tries_left=4)
    releasing = there
    for event in (ev.PasscodeRefused(False, None, 0, False), ev.PasscodeTyped(Secret("4826")), ev.Unlocked()):
        releasing = step(releasing, event)
    assert releasing.work == wk.ReleaseTerminal()
    for act in (ev.LockAsked(), ev.Back(), ev.Cleared(), se.PageAsked(SidePage.DIAGNOSIS)):
        assert step(releasing, act) is releasing, "its answer would find nobody"
    freed = step(releasing, ev.TerminalForgotten(contact="情報システム係"))
    assert freed.screen == st.AccountEntry()
    readers = {"readers": DESK.readers, "chosen_reader": DESK.chosen_reader, "reader_pattern": DESK.reader_pattern}
    assert freed.desk == st.Desk(**readers, contact="情報システム係"), "whom the policy names is still to be called"


@pytest.mark.parametrize("page", [SidePage.DIAGNOSIS, SidePage.RECORD, SidePage.BUNDLE])
@pytest.mark.parametrize("saved", [True, False])
def test_whether_a_file_was_saved_is_told_on_the_page(page: SidePage, saved: bool) -> None:
    there = step(asked(HOME, page), se.SaveAsked(Path("out.txt"), "text"))
    assert there.work == wk.SaveFile(Path("out.txt"), "text")
    told = step(there, se.FileSaved(saved)).screen
    assert isinstance(told, st.DiagnosisScreen | st.RecordScreen | st.BundleScreen)
    assert told.saved is saved
    again = step(State(told, there.desk), se.SaveAsked(Path("out.txt"), "text"))
    assert again.screen == replace(told, saved=None), "so that the page tells it a second time"


def test_the_record_and_the_bundle_are_shown() -> None:
    assert step(asked(HOME, SidePage.RECORD), se.RecordRead(Record())).screen == st.RecordScreen(
        st.FaceCheck(), Record()
    )
    assert step(asked(HOME, SidePage.BUNDLE), se.BundleMade("text")).screen == st.BundleScreen(st.FaceCheck(), "text")
