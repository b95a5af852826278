"""What readers and cards do to the journey by themselves, and whether a reading may be repeated after a problem.

One rule stands behind all of it: a card is read for the visitor whose face was compared with it, and for nobody else.
"""

from dataclasses import replace
from fnmatch import fnmatchcase

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import photograph as ph
from myna_app.flow.photograph_step import card_lifted
from myna_app.flow.problems import READER_PROBLEMS, may_still_lie
from myna_app.flow.states import Desk, FaceCheck, ReaderChoice, Result, Resumption, State, Trouble
from myna_app.flow.work import RunVisit

FACE_CHECK_SECONDS = 240.0
"""How long one face check serves repeated readings; the backend refuses after 300."""
PUT_BACK_SECONDS = 60.0
"""How long after the face check a card that was pulled too early and comes back is taken for the same one."""

_PLACING_HELPS = frozenset({Problem.CARD_MISSING, Problem.CARD_REMOVED})
_PUT_BACK = _PLACING_HELPS | {Problem.CARD_TALK_FAILED}
"""A card is expected to be laid down, or laid down once more."""


def choose_by_pattern(desk: Desk) -> Desk:
    """The reader an administrator wants at first; a choice that somebody made stands."""
    if desk.chosen_reader is not None or desk.reader_pattern is None:
        return desk
    pattern = desk.reader_pattern
    fitting = (reader.name for reader in desk.readers if reader.usable and fnmatchcase(reader.name, pattern))
    return replace(desk, chosen_reader=next(fitting, None))


def go_on(desk: Desk, trouble: Trouble, at: float) -> State:
    """Go on after a problem; a reading that is repeated too late, or with nothing there any more that was looked at
    with its owner, asks the face check again."""
    work = trouble.again.work
    if isinstance(work, RunVisit):
        lies_there = desk.reader is not None and desk.reader.card_present
        too_late = at - work.confirmed_at > FACE_CHECK_SECONDS
        if too_late or desk.chosen_reader is None or not (lies_there or trouble.report.problem in _PUT_BACK):
            return State(FaceCheck(), desk)
        work = replace(work, reader=desk.chosen_reader)
    return State(trouble.again.screen, desk, work)


def readers(state: State, event: ev.ReadersChanged | ev.ReaderFree | ev.CardPlaced | ev.CardLifted) -> State:
    """What came or went."""
    match event, state.screen:
        case ev.ReadersChanged(found, service_running), screen:
            desk = choose_by_pattern(replace(state.desk, readers=found, service_running=service_running))
            desk = replace(desk, card_left=may_still_lie(desk))
            back_again = desk.reader is not None and service_running
            if isinstance(screen, Trouble) and screen.report.problem in READER_PROBLEMS and back_again:
                return State(screen.leave.screen, desk, screen.leave.work, mended=True)
            if isinstance(screen, ReaderChoice) and screen.searching:
                return State(ReaderChoice(), desk)
            return replace(state, desk=desk)
        case ev.ReaderFree(), Trouble(report=report, leave=leave) if report.problem is Problem.READER_IN_USE:
            return State(leave.screen, state.desk, leave.work, mended=True)
        case ev.CardPlaced(with_reader=came_along), Result() | ph.SecurityCodeEntry() | ph.PhotographCheck():
            return State(FaceCheck(), replace(state.desk, card_left=came_along))
        case ev.CardPlaced() as placed, Trouble() as trouble:
            return _placed(state, trouble, placed)
        case ev.CardLifted(), Trouble() as trouble:
            return _lifted(state, trouble)
        case ev.CardLifted(), FaceCheck(remind=True):
            return replace(state, screen=FaceCheck())
        case ev.CardLifted(), ph.SecurityCodeEntry() as entry:
            return card_lifted(entry, state)
        case _:
            return state


def _lifted(state: State, trouble: Trouble) -> State:
    """The card of a reading that would be repeated by itself is gone: what is laid down next may be another's, however
    soon it comes."""
    if not isinstance(trouble.again.work, RunVisit) or trouble.report.problem in _PUT_BACK:
        return state
    return replace(state, screen=replace(trouble, again=Resumption(FaceCheck())))


def _placed(state: State, trouble: Trouble, card: ev.CardPlaced) -> State:
    """A card laid down while a problem is told: put back at once it is the same visitor's, later perhaps not."""
    work, problem = trouble.again.work, trouble.report.problem
    if isinstance(work, RunVisit):
        seconds = FACE_CHECK_SECONDS if problem is Problem.CARD_MISSING else PUT_BACK_SECONDS
        soon = card.at - work.confirmed_at <= seconds and not card.with_reader
        if problem not in _PUT_BACK or not soon:
            return replace(state, screen=replace(trouble, again=Resumption(FaceCheck())))
    return go_on(state.desk, trouble, card.at) if problem in _PLACING_HELPS else state
