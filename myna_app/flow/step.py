"""The whole journey of a terminal and of every visit: `step(state, event)` gives the next state. Pure.

Order of reading: set-up (M-01 … M-07), lock (M-06, M-08), standing (M-09), reception (M-10 … M-15), menu, readers.
An event that means nothing where the journey stands changes nothing.
"""

from dataclasses import replace

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import photograph as ph
from myna_app.flow import side_events as se
from myna_app.flow.beside import ReaderTest, SidePage
from myna_app.flow.card_step import choose_by_pattern, go_on, readers
from myna_app.flow.pages import SIDE_SCREENS, go_back, is_busy, open_page, side, way_back
from myna_app.flow.photograph_step import photograph, told_by_card
from myna_app.flow.problems import card_stays, failed, forget_secrets, with_visitor, without_password
from myna_app.flow.report import Report
from myna_app.flow.states import (
    VISITING,
    About,
    AccountEntry,
    BirthDateEntry,
    Desk,
    FaceCheck,
    Locked,
    LockPurpose,
    PasscodeChoice,
    PasscodeKept,
    PasscodeRepeat,
    ReaderChoice,
    Reading,
    Reauthentication,
    Registered,
    Result,
    Resumption,
    Screen,
    Standing,
    Starting,
    State,
    Suspended,
    TerminalIdScreen,
    TermsScreen,
    Trouble,
    VisitStep,
)
from myna_app.flow.work import (
    CheckPasscode,
    FetchTerms,
    FinishVisit,
    ForgetTerminal,
    HoldVisit,
    JudgePasscode,
    KeepConsent,
    KeepPasscode,
    KeepReader,
    LookForReaders,
    LookForUpdate,
    ReadImprint,
    ReadLock,
    ReadStore,
    Reauthenticate,
    RefreshTerminal,
    Register,
    ReleaseTerminal,
    RunVisit,
    TestReader,
    Work,
)
from myna_app.formats.eligibility import Verdict
from myna_app.formats.facility import FacilityKind


def start() -> State:
    """Where every run begins."""
    return State(work=ReadStore())


def step(state: State, event: ev.Event) -> State:
    """The state after `event`. Never raises, never waits."""
    after = _step(state, event)
    goes_on = with_visitor(after.screen) or isinstance(after.screen, Trouble) or isinstance(event, ev.CardPlaced)
    return replace(after, desk=card_stays(after.desk)) if with_visitor(state.screen) and not goes_on else after


def _step(state: State, event: ev.Event) -> State:
    match event:
        case ev.ReadersChanged() | ev.ReaderFree() | ev.CardPlaced() | ev.CardLifted():
            return readers(state, event)
        case ev.LockAsked() if state.desk.unlocked and not isinstance(state.work, ReleaseTerminal | ForgetTerminal):
            return _lock(state.desk)
        case ev.AboutAsked() if not isinstance(state.screen, VISITING) and not is_busy(state):
            return State(About(way_back(state.screen)), state.desk, ReadImprint())
        case se.PageAsked(page):
            return open_page(state, page)
        case ev.Failed(error):
            return failed(state, error)
        case ev.SecretsForgotten():
            return replace(state, screen=forget_secrets(state.screen))
        case ev.TermsOutdated():
            return _go(state.desk, TermsScreen(changed=True), FetchTerms())
        case _:
            return _act(state, event)


def _act(state: State, event: ev.Event) -> State:
    """Events that belong to one screen."""
    match state.screen:
        case Starting() | TermsScreen() | AccountEntry() | Registered():
            return _registering(state, event)
        case PasscodeChoice() | PasscodeRepeat() | PasscodeKept() | Locked() | Reauthentication():
            return _passcode(state, event)
        case FaceCheck() | Reading() | BirthDateEntry() | Result():
            return _reception(state, event)
        case ph.SecurityCodeEntry() | ph.PhotographCheck():
            return photograph(state, event)
        case screen if isinstance(screen, SIDE_SCREENS):
            return side(state, event)
        case _:
            return _beside(state, event)


def _registering(state: State, event: ev.Event) -> State:
    desk = state.desk
    match state.screen, event:
        case Starting(), ev.StoreRead() as stored:
            return _resume(stored, desk)
        case TermsScreen() as screen, ev.TermsFetched(terms):
            return _go(desk, replace(screen, terms=terms))
        case TermsScreen(terms=terms, keeping=False) as screen, ev.TermsAgreed() if terms is not None:
            return _go(desk, replace(screen, keeping=True), KeepConsent(terms))
        case TermsScreen(), ev.ConsentKept():
            return _after_consent(desk)
        case AccountEntry(sending=False), ev.AccountSubmitted(form):
            return _go(desk, AccountEntry(form, sending=True), Register(form))
        case AccountEntry(form, sending=True), ev.Back():
            return _go(desk, AccountEntry(form))
        case AccountEntry(form), ev.FieldsRefused(errors):
            return _go(desk, AccountEntry(without_password(form) if "password" in errors else form, errors))
        case AccountEntry(form), ev.RegistrationDone() as done:
            known = replace(desk, terminal_id=done.terminal_id, facility=done.facility, contact=done.contact)
            account = replace(known, user_id=form.user_id, institution_code=form.institution_code)
            return _go(account, Registered())
        case AccountEntry(), ev.TerminalForgotten() as forgotten:
            fresh = _fresh(desk, forgotten)
            return fresh if forgotten.terms_agreed else _go(fresh.desk, TermsScreen(), FetchTerms())
        case Registered(), ev.Confirmed() | ev.Back():
            return _go(desk, PasscodeChoice())
        case _:
            return state


def _passcode(state: State, event: ev.Event) -> State:
    desk = state.desk
    match state.screen, event:
        case PasscodeChoice() as screen, ev.PasscodeTyped(passcode):
            return _go(desk, replace(screen, objection=None), JudgePasscode(passcode))
        case PasscodeChoice() as screen, ev.PasscodeJudged(passcode, None):
            return _go(desk, PasscodeRepeat(passcode, changing=screen.changing))
        case PasscodeChoice() as screen, ev.PasscodeJudged(_passcode, weakness):
            return _go(desk, replace(screen, objection=weakness))
        case PasscodeRepeat(changing=changing), ev.Back():
            return _go(desk, PasscodeChoice(changing=changing))
        case PasscodeRepeat(first, keeping=False) as screen, ev.PasscodeTyped(second):
            if first != second:
                return _go(desk, PasscodeChoice("mismatch", screen.changing))
            return _go(desk, replace(screen, keeping=True), KeepPasscode(first))
        case PasscodeRepeat(changing=changing), ev.PasscodeStored():
            return _go(replace(desk, unlocked=True), PasscodeKept(changing))
        case PasscodeKept(), ev.Confirmed() | ev.Back():
            return _home_or_choice(desk)
        case Locked(checking=False, wait_seconds=0, password_needed=False) as screen, ev.PasscodeTyped(passcode):
            return _go(desk, replace(screen, checking=True), CheckPasscode(passcode))
        case Locked(purpose=purpose), ev.PasscodeRefused() as no:
            refused = Locked(no.wrong, no.tries_left, no.wait_seconds, no.password_needed, purpose=purpose)
            return _go(desk, refused)
        case Locked(wait_seconds=wait, purpose=purpose), ev.Retried() if wait:
            return _go(desk, Locked(purpose=purpose), ReadLock())
        case Locked(purpose=LockPurpose.CHANGE), ev.Unlocked():
            return _go(desk, PasscodeChoice(changing=True))
        case Locked(purpose=LockPurpose.RELEASE) as screen, ev.Unlocked():
            return _go(desk, screen, ReleaseTerminal())
        case Locked(purpose=LockPurpose.RELEASE), ev.TerminalForgotten() as forgotten:
            return _fresh(desk, forgotten)
        case Locked(purpose=LockPurpose.CHANGE | LockPurpose.RELEASE), ev.Back() if not is_busy(state):
            return open_page(_go(desk, FaceCheck()), SidePage.SETTINGS)
        case PasscodeChoice(changing=True), ev.Back():
            return open_page(_go(desk, FaceCheck()), SidePage.SETTINGS)
        case Locked(), ev.Unlocked():
            return _home_or_choice(replace(desk, unlocked=True))
        case Locked(), ev.PasscodeForgotten():
            return _go(desk, Reauthentication())
        case Reauthentication(), ev.Back():
            return _lock(desk)
        case Reauthentication(sending=False), ev.PasswordTyped(password):
            return _go(desk, Reauthentication(sending=True), Reauthenticate(password))
        case Reauthentication(), ev.FieldsRefused(errors):
            return _go(desk, Reauthentication(error=errors.get("password")))
        case Reauthentication(), ev.Reauthenticated():
            return _go(desk, PasscodeChoice())
        case _:
            return state


def _reception(state: State, event: ev.Event) -> State:
    desk = state.desk
    match state.screen, event:
        case FaceCheck(), ev.TerminalRefreshed() as fresh:
            return _refreshed(state, fresh)
        case FaceCheck() as screen, se.UpdateReached(_stage, update):
            return _go(replace(desk, update=update), screen)
        case FaceCheck(), ev.FaceConfirmed() as confirmed:
            if desk.card_left and desk.reader is not None:
                return _go(desk, FaceCheck(remind=True))
            if desk.chosen_reader is None:
                return _go(desk, ReaderChoice())
            return _go(desk, Reading(), RunVisit(desk.chosen_reader, confirmed.way, confirmed.at))
        case Reading(), ev.VisitProgressed(visit_step):
            return replace(state, screen=Reading(visit_step))
        case Reading(), ev.BirthDateNeeded(reason):
            return _go(desk, BirthDateEntry(reason), HoldVisit())
        case BirthDateEntry(), ev.BirthDateTyped(birth_date, gregorian):
            return _go(desk, Reading(VisitStep.PROVE), FinishVisit(birth_date, gregorian))
        case Reading(), ph.PhotographOffered() | ph.CodeNotTaken() | ph.PhotographRead() as told:
            return told_by_card(state, told)
        case Reading(), ev.VisitDone() as done:
            return _visit_done(card_stays(desk), done)
        case Reading() | BirthDateEntry() | Result(), ev.Back() | ev.Cleared():
            return _go(desk, FaceCheck())
        case FaceCheck() | Result(), ev.ReaderChoiceAsked():
            return _go(desk, ReaderChoice())
        case FaceCheck() | Result(), ev.TerminalIdAsked() if desk.terminal_id is not None:
            return _go(desk, TerminalIdScreen())
        case _:
            return state


def _beside(state: State, event: ev.Event) -> State:
    """Standing, menu pages and problems."""
    desk = state.desk
    match state.screen, event:
        case Suspended(Standing.ENDED), ev.Confirmed():
            return _go(desk, AccountEntry(sending=True), ForgetTerminal())
        case Suspended(checking=False) as screen, ev.Retried():
            return _go(desk, replace(screen, checking=True), RefreshTerminal())
        case Suspended(), ev.TerminalRefreshed() as fresh:
            return _refreshed(state, fresh)
        case ReaderChoice(), ev.ReaderPicked(name):
            return _go(desk, ReaderChoice(), KeepReader(name))
        case ReaderChoice(), ev.ReaderKept(name):
            return _go(replace(desk, chosen_reader=name), ReaderChoice())
        case ReaderChoice(), se.ReadersSought():
            return _go(desk, ReaderChoice(searching=True), LookForReaders())
        case ReaderChoice(), se.ReaderTestAsked() if desk.chosen_reader is not None:
            return _go(desk, ReaderChoice(ReaderTest.PLACE), TestReader(desk.chosen_reader))
        case ReaderChoice(), se.ReaderTested(ReaderTest.READING as test):
            return replace(state, screen=ReaderChoice(test))
        case ReaderChoice(), se.ReaderTested(test):
            return _go(desk, ReaderChoice(test))
        case ReaderChoice(), ev.Confirmed() | ev.Back() if not isinstance(state.work, KeepReader):
            return _home(desk)
        case TerminalIdScreen(), ev.Confirmed() | ev.Back():
            return _go(desk, FaceCheck())
        case About(back), se.ImprintRead(imprint):
            return _go(desk, About(back, imprint))
        case About(back), ev.Confirmed() | ev.Back():
            return go_back(desk, back)
        case Trouble() as screen, ev.Retried(at):
            return go_on(desk, screen, at)
        case Trouble() as screen, ev.Mended(at):
            return replace(go_on(desk, screen, at), mended=True)
        case Trouble(leave=leave), ev.Back() | ev.Cleared():
            return State(leave.screen, desk, leave.work)
        case Trouble(), ev.ReaderChoiceAsked() if desk.unlocked:
            return _go(desk, ReaderChoice())
        case _:
            return state


def _go(desk: Desk, screen: Screen, work: Work | None = None) -> State:
    return State(screen, desk, work)


def _home(desk: Desk) -> State:
    """M-10, asking on the way how the terminal stands; without a network the desk works on."""
    return _go(desk, FaceCheck(), RefreshTerminal())


def _home_or_choice(desk: Desk) -> State:
    if desk.standing is not None:
        return _go(desk, Suspended(desk.standing, checking=True), RefreshTerminal())
    return _home(desk) if desk.chosen_reader is not None else _go(desk, ReaderChoice())


def _fresh(desk: Desk, forgotten: ev.TerminalForgotten) -> State:
    """Registered no more: nothing of the office stays; the readers do, and what an administrator decided."""
    readers = Desk(
        readers=desk.readers,
        service_running=desk.service_running,
        chosen_reader=desk.chosen_reader,
        reader_pattern=desk.reader_pattern,
        contact=forgotten.contact,
    )
    return _go(readers, AccountEntry())


def _lock(desk: Desk) -> State:
    return _go(replace(desk, unlocked=False), Locked(), ReadLock())


def _resume(stored: ev.StoreRead, desk: Desk) -> State:
    """Go on at the last step that was finished before the program ended."""
    known = replace(
        desk,
        terminal_id=stored.terminal_id,
        user_id=stored.user_id,
        institution_code=stored.institution_code,
        facility=stored.facility,
        contact=stored.contact,
        chosen_reader=stored.chosen_reader,
        reader_pattern=stored.reader_pattern,
        standing=stored.standing,
    )
    known = choose_by_pattern(known)
    if not stored.terms_agreed:
        place = _go(known, TermsScreen(), FetchTerms())
    elif stored.terminal_id is None:
        place = _go(known, AccountEntry())
    elif not stored.passcode_set:
        place = _go(known, PasscodeChoice())
    else:
        place = _lock(known)
    if stored.notice is None:
        return place
    there = Resumption(place.screen, place.work)
    return _go(known, Trouble(Report.of(stored.notice), Starting(), there, there))


def _after_consent(desk: Desk) -> State:
    if desk.terminal_id is None:
        return _go(desk, AccountEntry())
    return _home_or_choice(desk) if desk.unlocked else _lock(desk)


def _refreshed(state: State, fresh: ev.TerminalRefreshed) -> State:
    desk = replace(
        state.desk,
        facility=fresh.facility or state.desk.facility,
        contact=fresh.contact or state.desk.contact,
        web_service_url=fresh.web_service_url,
        standing=fresh.standing,
        announcements=fresh.announcements,
        update_by=fresh.update_by,
    )
    if fresh.standing is not None:
        return _go(desk, Suspended(fresh.standing, fresh.facts or {}))
    if fresh.terms_outdated:
        return _go(desk, TermsScreen(changed=True), FetchTerms())
    return _go(desk, state.screen, LookForUpdate()) if isinstance(state.screen, FaceCheck) else _home_or_choice(desk)


def _visit_done(desk: Desk, done: ev.VisitDone) -> State:
    """Only what is certain is shown: a proven card and a verdict that stands in the table."""
    eligibility = done.eligibility
    care = desk.facility is not None and desk.facility.kind is FacilityKind.CARE
    known_verdict = eligibility.verdict is None if care else eligibility.verdict in set(Verdict)
    if known_verdict and eligibility.card_proven and eligibility.identity_confirmed:
        return _go(desk, Result(eligibility, done.handed_over))
    report = Report(Problem.VERDICT_UNKNOWN, f"verdict {eligibility.verdict}")
    home = Resumption(FaceCheck())
    return _go(desk, Trouble(report, Reading(), home, home))
