"""The journey of a terminal and of a visit, event by event."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from myna_app.errors import ApiError, AppError, CardError, Problem, ReaderError, RefusalError
from myna_app.flow import State, start, step
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import states as st
from myna_app.flow import work as wk
from myna_app.flow.beside import SidePage
from myna_app.flow.pages import SIDE_SCREENS
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.facility import FaceCheckWay, Facility, FacilityKind
from myna_app.formats.secret import Secret
from myna_app.formats.terms import Terms
from tests.ui.states import LOCKED, SCREENS

READER = st.Reader("Virtual PCD 00 00")
CLINIC = Facility("見本診療所", FacilityKind.MEDICAL)
CARE_OFFICE = Facility("見本居宅介護支援", FacilityKind.CARE)
TERMS = Terms("1.2", date(2026, 4, 1), "規約")
FORM = st.AccountForm("9919910019", "W0000001", Secret("pass word"), Secret("123456789012"))


def eligibility(verdict: int | None, **changes: bool) -> Eligibility:
    proven = {"identity_confirmed": True, "card_proven": True} | changes
    return Eligibility(verdict, confirmed_at=datetime(2026, 11, 20, tzinfo=UTC), results=(), notices=(), **proven)


def after(state: State, *events: ev.Event) -> State:
    for event in events:
        state = step(state, event)
    return state


def stored(**changes: object) -> ev.StoreRead:
    values: dict[str, object] = {
        "terms_agreed": True,
        "terminal_id": "7K3D9QXM2H4TVB83",
        "passcode_set": True,
        "chosen_reader": READER.name,
        "facility": CLINIC,
        "contact": "000-000-0000",
    }
    return ev.StoreRead(**(values | changes))  # type: ignore[arg-type] - the keywords are the fields above


def at_home(facility: Facility = CLINIC, *, card_present: bool = False) -> State:
    reader = st.Reader(READER.name, card_present=card_present)
    fresh = ev.TerminalRefreshed(facility, "000-000-0000", None)
    state = after(
        start(),
        ev.ReadersChanged((reader,), service_running=True),
        stored(facility=facility),
        ev.PasscodeTyped(Secret("4826")),
        ev.Unlocked(),
        fresh,
    )
    assert state.screen == st.FaceCheck()
    return state


def reading(**kwargs: bool) -> State:
    return step(at_home(**kwargs), ev.FaceConfirmed(100.0))


def test_a_fresh_terminal_walks_from_the_terms_to_the_first_face_check() -> None:
    state = after(start(), stored(terms_agreed=False, terminal_id=None, passcode_set=False, chosen_reader=None))
    assert (state.screen, state.work) == (st.TermsScreen(), wk.FetchTerms())
    state = after(state, ev.TermsFetched(TERMS), ev.TermsAgreed())
    assert state.work == wk.KeepConsent(TERMS)
    state = after(state, ev.ConsentKept(), ev.AccountSubmitted(FORM))
    assert state.work == wk.Register(FORM)
    state = step(state, ev.RegistrationDone("7K3D9QXM2H4TVB83", CLINIC, "000-000-0000"))
    assert state.screen == st.Registered()
    assert (state.desk.terminal_id, state.desk.user_id) == ("7K3D9QXM2H4TVB83", FORM.user_id)
    state = after(state, ev.Confirmed(), ev.PasscodeTyped(Secret("4826")), ev.PasscodeJudged(Secret("4826"), None))
    assert state.screen == st.PasscodeRepeat(Secret("4826"))
    state = after(state, ev.PasscodeTyped(Secret("4826")))
    assert state.work == wk.KeepPasscode(Secret("4826"))
    state = after(state, ev.PasscodeStored(), ev.Confirmed())
    assert state.screen == st.ReaderChoice()
    state = after(state, ev.ReaderPicked(READER.name))
    assert state.work == wk.KeepReader(READER.name)
    state = after(state, ev.ReaderKept(READER.name), ev.Confirmed())
    assert (state.screen, state.work) == (st.FaceCheck(), wk.RefreshTerminal())


@pytest.mark.parametrize(
    ("kept", "screen"),
    [
        ({"terms_agreed": False, "terminal_id": None, "passcode_set": False}, st.TermsScreen),
        ({"terminal_id": None, "passcode_set": False}, st.AccountEntry),
        ({"passcode_set": False}, st.PasscodeChoice),
        ({}, st.Locked),
    ],
)
def test_a_killed_program_goes_on_at_the_last_finished_step(kept: dict[str, object], screen: type) -> None:
    assert isinstance(after(start(), stored(**kept)).screen, screen)


def test_damage_that_was_put_right_is_told_once_and_the_journey_goes_on() -> None:
    state = after(start(), stored(notice=AppError(Problem.STORED_DATA_DAMAGED)))
    assert isinstance(state.screen, st.Trouble)
    assert state.screen.report.problem is Problem.STORED_DATA_DAMAGED
    assert step(state, ev.Retried(1.0)) == step(state, ev.Back())
    assert step(state, ev.Retried(1.0)).screen == st.Locked()


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (RefusalError(Problem.CREDENTIALS_WRONG, "credentials", 401), {"password": Secret("")}),
        (RefusalError(Problem.ACTIVATION_CODE_WRONG, "activation_code", 401), {"activation_code": Secret("")}),
        (ApiError(Problem.BACKEND_UNREACHABLE), {}),
    ],
)
def test_a_refused_registration_keeps_what_was_typed_but_what_was_wrong(
    error: AppError, again: dict[str, Secret]
) -> None:
    state = after(start(), stored(terminal_id=None, passcode_set=False), ev.AccountSubmitted(FORM), ev.Failed(error))
    assert isinstance(state.screen, st.Trouble)
    back = step(state, ev.Retried(1.0)).screen
    assert isinstance(back, st.AccountEntry)
    assert back.form == replace(FORM, **again)  # type: ignore[arg-type] # secrets alone, by name
    assert not back.sending
    forgotten = after(state, ev.SecretsForgotten(), ev.Retried(1.0)).screen
    assert isinstance(forgotten, st.AccountEntry)
    assert (forgotten.form.password, forgotten.form.activation_code) == (Secret(""), Secret(""))


def test_what_was_typed_does_not_wait_behind_a_problem() -> None:
    state = after(start(), stored(terminal_id=None, passcode_set=False), ev.AccountSubmitted(FORM))
    told = step(state, ev.Failed(ApiError(Problem.PROXY_AUTHENTICATION))).screen
    assert isinstance(told, st.Trouble)
    assert told.origin == st.AccountEntry()


@pytest.mark.parametrize("waits", [[], [se.PageAsked(SidePage.SETTINGS)], [ev.AboutAsked()]])
def test_a_form_left_alone_forgets_what_would_register_it_wherever_it_waits(waits: list[ev.Event]) -> None:
    state = after(start(), stored(terminal_id=None, passcode_set=False), ev.AccountSubmitted(FORM))
    state = after(state, ev.Failed(ApiError(Problem.PROXY_AUTHENTICATION)), *waits, ev.SecretsForgotten())
    for _ in waits:
        state = step(state, ev.Back())
    back = step(state, ev.Retried(1.0)).screen
    assert isinstance(back, st.AccountEntry)
    assert back.form == st.AccountForm("9919910019", "W0000001")
    assert step(State(back), ev.SecretsForgotten()).screen == back


def test_a_registration_under_way_is_not_robbed_of_its_form() -> None:
    state = after(start(), stored(terminal_id=None, passcode_set=False), ev.AccountSubmitted(FORM))
    assert step(state, ev.SecretsForgotten()) == state


def test_two_different_passcodes_start_the_choice_again() -> None:
    state = after(start(), stored(passcode_set=False))
    state = after(state, ev.PasscodeTyped(Secret("4826")), ev.PasscodeJudged(Secret("4826"), None))
    assert step(state, ev.PasscodeTyped(Secret("4827"))).screen == st.PasscodeChoice("mismatch")


def test_a_weak_passcode_is_refused_with_its_reason() -> None:
    state = after(start(), stored(passcode_set=False), ev.PasscodeTyped(Secret("1111")))
    assert step(state, ev.PasscodeJudged(Secret("1111"), "same_digits")).screen == st.PasscodeChoice("same_digits")


def test_nothing_can_be_typed_while_a_wait_runs() -> None:
    state = after(start(), stored(), ev.PasscodeRefused(False, None, 30, False))
    assert step(state, ev.PasscodeTyped(Secret("4826"))) is state
    assert step(state, ev.Retried(31.0)).work == wk.ReadLock()


def test_a_forgotten_passcode_is_replaced_after_the_account_password_and_nothing_else_is_lost() -> None:
    state = after(start(), stored(), ev.PasscodeForgotten(), ev.PasswordTyped(Secret("pw")))
    assert state.work == wk.Reauthenticate(Secret("pw"))
    assert step(state, ev.FieldsRefused({"password": "password"})).screen == st.Reauthentication(error="password")
    state = step(state, ev.Reauthenticated())
    assert state.screen == st.PasscodeChoice()
    assert state.desk.terminal_id == "7K3D9QXM2H4TVB83"


def test_unlocking_works_without_a_network() -> None:
    state = after(start(), stored(), ev.Unlocked(), ev.Failed(ApiError(Problem.BACKEND_UNREACHABLE)))
    assert (state.screen, state.work) == (st.FaceCheck(), None)


def test_a_kept_suspension_stays_until_the_backend_says_otherwise() -> None:
    state = after(start(), stored(standing=st.Standing.STOPPED), ev.Unlocked())
    assert state.screen == st.Suspended(st.Standing.STOPPED, checking=True)
    assert state.work == wk.RefreshTerminal()
    assert step(state, ev.TerminalRefreshed(CLINIC, None, None)).screen == st.FaceCheck()
    offline = step(state, ev.Failed(ApiError(Problem.BACKEND_UNREACHABLE)))
    assert isinstance(step(offline, ev.Back()).screen, st.Suspended)


def test_a_stop_in_the_middle_of_a_visit_says_whom_to_call() -> None:
    stop = RefusalError(Problem.ACCOUNT_STOPPED, "account_stopped", 403, contact="03-0000-0000")
    state = step(reading(), ev.Failed(stop))
    assert isinstance(state.screen, st.Suspended)
    assert state.desk.contact == "03-0000-0000"


def test_changed_terms_ask_consent_again_and_lead_back() -> None:
    state = step(at_home(), ev.TermsOutdated())
    assert state.screen == st.TermsScreen(changed=True)
    state = after(state, ev.TermsFetched(TERMS), ev.TermsAgreed(), ev.ConsentKept())
    assert state.screen == st.FaceCheck()


def test_an_unknown_terminal_is_told_and_registered_anew() -> None:
    state = step(at_home(), ev.LockAsked())
    state = after(state, ev.Unlocked(), ev.Failed(RefusalError(Problem.TERMINAL_UNKNOWN, "terminal_unknown", 401)))
    assert isinstance(state.screen, st.Trouble)
    state = step(state, ev.Retried(1.0))
    assert state.work == wk.ForgetTerminal()
    no_reader_now = step(state, ev.ReadersChanged((), service_running=False)).desk
    state = step(replace(state, desk=no_reader_now), ev.TerminalForgotten(contact="情報システム係"))
    assert (state.screen, state.desk.terminal_id) == (st.AccountEntry(), None)
    assert (state.desk.contact, state.desk.service_running) == ("情報システム係", False)


def test_a_visit_reads_only_after_the_face_check() -> None:
    state = reading()
    assert state.screen == st.Reading()
    assert state.work == wk.RunVisit(READER.name, FaceCheckWay.PHOTOGRAPH, 100.0)


def test_progress_does_not_change_the_work() -> None:
    state = reading()
    assert step(state, ev.VisitProgressed(st.VisitStep.PROVE)).work is state.work


@pytest.mark.parametrize("verdict", [1, 2, 3, 4, 5, 6])
def test_a_known_verdict_is_shown(verdict: int) -> None:
    assert isinstance(step(reading(), ev.VisitDone(eligibility(verdict))).screen, st.Result)


@pytest.mark.parametrize(
    "answer",
    [eligibility(0), eligibility(7), eligibility(None), eligibility(1, card_proven=False)],
)
def test_an_unknown_or_unproven_answer_is_never_shown_as_a_verdict(answer: Eligibility) -> None:
    screen = step(reading(), ev.VisitDone(answer)).screen
    assert isinstance(screen, st.Trouble)
    assert screen.report.problem is Problem.VERDICT_UNKNOWN


def test_a_care_office_gets_identity_without_verdict() -> None:
    state = step(at_home(CARE_OFFICE), ev.FaceConfirmed(1.0))
    assert isinstance(step(state, ev.VisitDone(eligibility(None))).screen, st.Result)
    assert isinstance(step(state, ev.VisitDone(eligibility(1))).screen, st.Trouble)


def test_the_next_visit_waits_until_the_last_card_is_handed_back() -> None:
    state = after(reading(card_present=True), ev.VisitDone(eligibility(1)), ev.Cleared())
    assert step(state, ev.FaceConfirmed(200.0)).screen == st.FaceCheck(remind=True)
    state = after(state, ev.FaceConfirmed(200.0), ev.ReadersChanged((READER,), service_running=True), ev.CardLifted())
    assert state.screen == st.FaceCheck()
    assert isinstance(step(state, ev.FaceConfirmed(201.0)).screen, st.Reading)


def test_the_next_card_clears_the_result_and_asks_the_face_check() -> None:
    state = step(reading(), ev.VisitDone(eligibility(1)))
    state = step(state, ev.CardLifted())
    assert isinstance(state.screen, st.Result)
    assert step(state, ev.CardPlaced(130.0)).screen == st.FaceCheck()


@pytest.mark.parametrize("act", [ev.LockAsked(), ev.Cleared(), ev.Back(), ev.ReaderChoiceAsked(), ev.AboutAsked()])
def test_whatever_leaves_the_result_forgets_it(act: ev.Event) -> None:
    state = after(reading(), ev.VisitDone(eligibility(1)), act)
    assert not isinstance(state.screen, st.Result)
    assert "Eligibility" not in repr(state)


def test_a_cancelled_visit_has_no_work_and_its_late_answer_changes_nothing() -> None:
    state = step(reading(), ev.Back())
    assert (state.screen, state.work) == (st.FaceCheck(), None)
    assert step(state, ev.VisitDone(eligibility(1))) is state
    assert step(state, ev.BirthDateNeeded(wk.BirthDateReason.NOT_KNOWN)) is state


def test_a_typed_birth_date_finishes_the_held_visit() -> None:
    state = step(reading(), ev.BirthDateNeeded(wk.BirthDateReason.FEW_TRIES))
    assert state.work == wk.HoldVisit()
    state = step(state, ev.BirthDateTyped(date(1985, 4, 12)))
    assert state.work == wk.FinishVisit(date(1985, 4, 12), gregorian=False)


def test_a_card_pulled_too_early_is_read_again_when_it_is_put_back() -> None:
    state = step(reading(), ev.Failed(CardError(Problem.CARD_REMOVED)))
    state = step(state, ev.CardPlaced(110.0))
    assert state.screen == st.Reading()
    assert state.work == wk.RunVisit(READER.name, FaceCheckWay.PHOTOGRAPH, 100.0)


def test_a_card_that_comes_back_late_may_be_another_ones() -> None:
    state = after(reading(), ev.Failed(CardError(Problem.CARD_REMOVED)), ev.CardPlaced(161.0))
    assert isinstance(state.screen, st.Trouble)
    assert step(state, ev.Retried(162.0)).screen == st.FaceCheck()


def test_a_repeated_reading_asks_the_face_check_again_after_four_minutes() -> None:
    state = step(reading(), ev.Failed(CardError(Problem.CARD_TALK_FAILED)))
    assert isinstance(step(state, ev.Retried(339.0)).screen, st.Reading)
    assert step(state, ev.Retried(341.0)).screen == st.FaceCheck()


@pytest.mark.parametrize("problem", [Problem.BIRTH_DATE_SPARED, Problem.BIRTH_DATE_REFUSED, Problem.BIRTH_DATE_LOCKED])
def test_a_card_to_be_spared_is_not_read_again_by_a_key_press(problem: Problem) -> None:
    state = after(reading(card_present=True), ev.Failed(CardError(problem)), ev.Retried(101.0))
    assert (state.screen, state.work) == (st.FaceCheck(), None)
    assert state.desk.card_left


@pytest.mark.parametrize("problem", [Problem.READER_MISSING, Problem.READER_LOST, Problem.SERVICE_STOPPED])
def test_a_reader_that_comes_back_ends_its_problem_by_itself(problem: Problem) -> None:
    state = step(reading(), ev.Failed(ReaderError(problem)))
    gone = step(state, ev.ReadersChanged((), service_running=False))
    assert isinstance(gone.screen, st.Trouble)
    assert step(gone, ev.ReadersChanged((READER,), service_running=True)).screen == st.FaceCheck()


def test_a_reader_that_another_program_lets_go_of_ends_its_problem_by_itself() -> None:
    state = step(reading(), ev.Failed(ReaderError(Problem.READER_IN_USE)))
    told = step(state, ev.ReadersChanged((READER,), service_running=True))
    assert isinstance(told.screen, st.Trouble)
    assert step(told, ev.ReaderFree()).screen == st.FaceCheck()
    assert step(reading(), ev.ReaderFree()) == reading()


def test_locking_is_possible_everywhere_once_unlocked_and_never_before() -> None:
    assert step(reading(), ev.LockAsked()).work == wk.ReadLock()
    setup = after(start(), stored(terminal_id=None, passcode_set=False))
    assert step(setup, ev.LockAsked()) is setup


@pytest.mark.parametrize("problem", [Problem.UNEXPECTED, Problem.DISK_FULL, Problem.BACKEND_UNREACHABLE])
@pytest.mark.parametrize("name", SCREENS)
def test_no_fault_opens_a_desk_that_is_locked_or_not_set_up(name: str, problem: Problem) -> None:
    screen = SCREENS[name].screen
    if isinstance(screen, st.FaceCheck | st.Result | st.TerminalIdScreen | st.VISITING):
        return  # these are never shown by a locked desk
    if isinstance(screen, SIDE_SCREENS | st.About):
        screen = replace(screen, back=st.Locked())
    for desk in (LOCKED, st.Desk()):
        told = step(State(screen, desk), ev.Failed(AppError(problem)))
        twice = step(told, ev.Failed(AppError(problem)))
        for state in (told, twice):
            for act in (ev.Retried(1.0), ev.Back(), ev.Cleared(), ev.Confirmed()):
                assert not isinstance(step(state, act).screen, st.FaceCheck)
