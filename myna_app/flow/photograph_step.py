"""The way through the photograph in the chip (M-16, M-17), between a visit's answer and its result."""

from myna_app.flow import events as ev
from myna_app.flow import photograph as ph
from myna_app.flow.problems import card_stays
from myna_app.flow.states import FaceCheck, Reading, State, VisitStep
from myna_app.flow.work import HoldVisit


def photograph(state: State, event: ev.Event) -> State:
    """What happens on M-16 and M-17. Whatever leaves them but the way to the result forgets answer and photograph."""
    desk = state.desk
    match state.screen, event:
        case ph.SecurityCodeEntry(may_type=True, eligibility=eligibility), ph.SecurityCodeTyped(code):
            return State(Reading(VisitStep.PROVE), desk, ph.ReadPhotograph(code, eligibility))
        case ph.SecurityCodeEntry(eligibility), ph.PhotographSkipped():
            return State(Reading(VisitStep.ELIGIBILITY), desk, ph.ShowAnswer(eligibility))
        case ph.PhotographCheck(eligibility), ph.PersonCompared(True, at):
            return State(Reading(VisitStep.ELIGIBILITY), desk, ph.ConfirmPerson(at, eligibility))
        case ph.PhotographCheck(), ph.PersonCompared(False, at):
            return State(FaceCheck(), card_stays(desk), ph.RejectPerson(at))
        case _, ev.Back() | ev.Cleared():
            return State(FaceCheck(), card_stays(desk))
        case _:
            return state


def told_by_card(state: State, event: ph.PhotographOffered | ph.CodeNotTaken | ph.PhotographRead) -> State:
    """What M-12 comes to: the question for the code, the same with an objection, or the photograph."""
    match event, state.work:
        case ph.PhotographOffered(eligibility), _:
            return State(ph.SecurityCodeEntry(eligibility), state.desk, HoldVisit())
        case ph.CodeNotTaken(objection), ph.ReadPhotograph(eligibility=eligibility):
            entry = ph.SecurityCodeEntry(eligibility, objection)
            return State(entry, state.desk, HoldVisit() if entry.may_type else None)
        case ph.PhotographRead(picture), ph.ReadPhotograph(eligibility=eligibility):
            return State(ph.PhotographCheck(eligibility, picture), state.desk, HoldVisit())
        case _:
            return state


def card_lifted(entry: ph.SecurityCodeEntry, state: State) -> State:
    """Without the card only the way on without a photograph is left; the visit lets go of it."""
    if not entry.may_type:
        return state
    return State(ph.SecurityCodeEntry(entry.eligibility, ph.Objection.LIFTED), state.desk)
