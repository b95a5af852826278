"""How the journey takes a problem: what is told, what the main button leads to, what the second one."""

from dataclasses import replace

from myna_app.errors import ApiError, AppError, Problem, RefusalError
from myna_app.flow.beside import ReaderTest
from myna_app.flow.mending import mending
from myna_app.flow.pages import SIDE_SCREENS, go_back
from myna_app.flow.report import Report
from myna_app.flow.states import (
    VISITING,
    About,
    AccountEntry,
    AccountForm,
    Desk,
    FaceCheck,
    Locked,
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
    TermsScreen,
    Trouble,
    UpdateScreen,
    VisitStep,
)
from myna_app.flow.work import ForgetTerminal, LookForUpdate, ReadLock, RunVisit, TestReader, Work
from myna_app.formats.secret import NOTHING

STANDINGS = {
    Problem.ACCOUNT_STOPPED: Standing.STOPPED,
    Problem.ACCOUNT_ENDED: Standing.ENDED,
    Problem.NOT_STARTED: Standing.NOT_STARTED,
}
"""Refusals for the terminal as a whole; kept over a restart, until the backend says otherwise."""
READER_PROBLEMS = frozenset({Problem.READER_MISSING, Problem.READER_LOST, Problem.SERVICE_STOPPED})
"""Over by themselves once the reader is there again."""
_THIS_VISITOR_IS_DONE = frozenset(
    {
        Problem.CERTIFICATE_EXPIRED,
        Problem.CERTIFICATE_UNUSABLE,
        Problem.CERTIFICATE_MISSING,
        Problem.BIRTH_DATE_LOCKED,
        Problem.BIRTH_DATE_SPARED,
        Problem.BIRTH_DATE_REFUSED,
        Problem.CARD_KEY_CHANGED,
        Problem.MAINTENANCE,
        Problem.UPDATE_REQUIRED,
        Problem.UNEXPECTED,
    }
)
"""Reading this card again would not help, or must not be tried."""


def failed(state: State, error: AppError) -> State:
    """A problem ends the work of the state: what is told, and what comes after."""
    desk, screen, problem = state.desk, state.screen, error.problem
    if isinstance(error, RefusalError) and error.contact:
        desk = replace(desk, contact=error.contact)
    if problem in STANDINGS and desk.unlocked:
        standing = STANDINGS[problem]
        return State(Suspended(standing, error.facts), replace(desk, standing=standing))
    if isinstance(screen, FaceCheck) and isinstance(error, ApiError) and problem is not Problem.TERMINAL_UNKNOWN:
        return State(screen, desk)  # only how the terminal stands was asked; the next visit will tell
    here = Resumption(screen, state.work)
    home = Resumption(FaceCheck())
    again = leave = home
    match screen:
        case AccountEntry(form):
            again = leave = Resumption(AccountEntry(_without_what_was_wrong(form, problem)))
        case TermsScreen() | Suspended() | Starting():
            again = leave = here
        case PasscodeChoice(changing=changing) | PasscodeRepeat(changing=changing):
            again = leave = Resumption(PasscodeChoice(changing=changing))
        case Locked(purpose=purpose):
            again = leave = Resumption(Locked(purpose=purpose), ReadLock())
        case Reauthentication():
            again = leave = Resumption(Locked(), ReadLock())
        case ReaderChoice():
            again = leave = Resumption(ReaderChoice())
            if isinstance(state.work, TestReader):
                again = Resumption(ReaderChoice(ReaderTest.PLACE), state.work)
        case UpdateScreen(back):
            before = go_back(desk, back)
            again = Resumption(UpdateScreen(back), LookForUpdate(asked=True))
            leave = Resumption(before.screen, before.work)
        case Registered() | PasscodeKept():
            again = leave = here
        case Trouble():
            again, leave = screen.again, screen.leave
        case side if isinstance(side, SIDE_SCREENS | About):
            before = go_back(desk, side.back)
            again = leave = Resumption(before.screen, before.work)
        case Reading():
            again, leave = _after_reading(state.work, problem), home
        case _:
            pass
    if problem is Problem.TERMINAL_UNKNOWN:
        again = Resumption(AccountEntry(sending=True), ForgetTerminal())
    told = Trouble(Report.of(error), _place_of(screen), again, leave)
    return State(told, desk, mending(told))


def _place_of(screen: Screen) -> Screen:
    """Where it happened, without what was typed there."""
    match screen:
        case AccountEntry():
            return AccountEntry()
        case PasscodeRepeat():
            return PasscodeRepeat(NOTHING)
        case _:
            return screen


def _after_reading(work: Work | None, problem: Problem) -> Resumption:
    if problem is Problem.READER_UNSUITABLE:
        return Resumption(ReaderChoice())
    if problem in _THIS_VISITOR_IS_DONE or not isinstance(work, RunVisit):
        return Resumption(FaceCheck())
    return Resumption(Reading(), work)


def with_visitor(screen: Screen) -> bool:
    """Whether the card on the reader is that of the visitor who is served: until it is lifted it is nobody else's."""
    match screen:
        case Trouble(report, Reading(VisitStep.PLACE)) if report.problem in READER_PROBLEMS | {Problem.CARD_MISSING}:
            return False  # none has been there yet
        case Trouble(origin=behind):
            return with_visitor(behind)
        case side if isinstance(side, SIDE_SCREENS | About):
            return with_visitor(side.back)
        case _:
            return isinstance(screen, VISITING | Result)


def card_stays(desk: Desk) -> Desk:
    """Whoever is served now, the card there is another's; a reader that is away may bring it back."""
    return replace(desk, card_left=desk.reader is None or desk.reader.card_present)


def may_still_lie(desk: Desk) -> bool:
    """Whether a card that was left there may not have been lifted."""
    return desk.card_left and (desk.reader is None or desk.reader.card_present)


def forget_secrets(screen: Screen) -> Screen:
    """What a form that waits here, or behind this screen, would register with."""
    match screen:
        case AccountEntry(form, sending=False):
            return replace(screen, form=replace(form, password=NOTHING, activation_code=NOTHING))
        case Trouble(again=again, leave=leave):
            return replace(
                screen,
                again=replace(again, screen=forget_secrets(again.screen)),
                leave=replace(leave, screen=forget_secrets(leave.screen)),
            )
        case side if isinstance(side, SIDE_SCREENS | About):
            return replace(side, back=forget_secrets(side.back))
        case _:
            return screen


def without_password(form: AccountForm) -> AccountForm:
    return replace(form, password=NOTHING)


def _without_what_was_wrong(form: AccountForm, problem: Problem) -> AccountForm:
    """What has to be typed anew; the rest comes back, for some minutes also the secrets (`forget_secrets`)."""
    match problem:
        case Problem.CREDENTIALS_WRONG:
            return without_password(form)
        case Problem.ACTIVATION_CODE_WRONG:
            return replace(form, activation_code=NOTHING)
        case _:
            return form
