"""Problems that end by themselves: what is waited for meanwhile, and for whom the journey then goes on."""

from dataclasses import replace
from threading import Event
from typing import cast

import pytest

from myna_app.duties import Duties
from myna_app.errors import ApiError, AppError, Problem, ReaderError
from myna_app.flow import State, start, step
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import states as st
from myna_app.flow import work as wk
from myna_app.flow.beside import SidePage
from myna_app.flow.pages import is_busy
from myna_app.services import Parts
from tests.flow.test_journey import FORM, READER, after, at_home, reading, stored

NO_NETWORK = ev.Failed(ApiError(Problem.BACKEND_UNREACHABLE))
LYING = ev.ReadersChanged((replace(READER, card_present=True),), service_running=True)
EMPTY = ev.ReadersChanged((READER,), service_running=True)


def cut_off() -> State:
    """A card is being read when the network goes; its visitor's face was compared at 100.0."""
    state = after(reading(card_present=True), ev.VisitProgressed(st.VisitStep.READ), NO_NETWORK)
    assert isinstance(state.screen, st.Trouble)
    assert state.work == wk.AwaitBackend()
    return state


def test_a_visit_goes_on_by_itself_once_the_backend_answers() -> None:
    state = step(cut_off(), ev.Mended(130.0))
    assert (state.screen, state.mended) == (st.Reading(), True)
    assert isinstance(state.work, wk.RunVisit)
    assert state.work.confirmed_at == 100.0
    assert not step(state, ev.VisitProgressed(st.VisitStep.READ)).desk.card_left


NOT_THE_SAME_VISITOR: dict[str, tuple[list[ev.Event], float]] = {
    "the card is gone": ([EMPTY, ev.CardLifted()], 130.0),
    "another card lies there": ([EMPTY, ev.CardLifted(), LYING, ev.CardPlaced(120.0)], 130.0),
    "it was lifted and something lies there again, too soon to be told": ([EMPTY, ev.CardLifted(), LYING], 130.0),
    "it was exchanged between two looks": ([LYING, ev.CardPlaced(120.0)], 130.0),
    "the reader was away": ([EMPTY, ev.CardLifted(), LYING, ev.CardPlaced(120.0, with_reader=True)], 130.0),
    "the face check was long ago": ([], 341.0),
}


@pytest.mark.parametrize("case", NOT_THE_SAME_VISITOR)
def test_after_a_mend_nobody_is_served_whose_face_was_not_compared(case: str) -> None:
    events, at = NOT_THE_SAME_VISITOR[case]
    state = after(cut_off(), *events, ev.Mended(at))
    assert (state.screen, state.work, state.mended) == (st.FaceCheck(), None, True)


@pytest.mark.parametrize("work", [wk.FetchTerms(), wk.RefreshTerminal()])
def test_what_was_asked_when_the_network_was_away_is_asked_again(work: wk.Work) -> None:
    screen = st.TermsScreen() if work == wk.FetchTerms() else st.Suspended(st.Standing.STOPPED, checking=True)
    told = step(State(screen, at_home().desk, work), NO_NETWORK)
    assert told.work == wk.AwaitBackend()
    state = step(told, ev.Mended(1.0))
    assert (state.screen, state.work, state.mended) == (screen, work, True)


def test_nobody_is_registered_by_a_network_that_comes_back() -> None:
    state = after(start(), stored(terminal_id=None, passcode_set=False), ev.AccountSubmitted(FORM), NO_NETWORK)
    state = step(state, ev.Mended(1.0))
    assert (state.screen, state.work) == (st.AccountEntry(FORM), None)


def test_where_updates_come_from_is_not_found_out_by_asking_the_backend() -> None:
    looking = step(at_home(), se.PageAsked(SidePage.UPDATE))
    assert looking.work == wk.LookForUpdate(asked=True)
    told = step(looking, NO_NETWORK)
    assert isinstance(told.screen, st.Trouble)
    assert told.work is None


def test_the_backend_is_waited_for_again_on_the_way_back_from_a_page_beside() -> None:
    there = step(cut_off(), se.PageAsked(SidePage.DIAGNOSIS))
    assert there.work == wk.Examine()
    assert step(there, ev.Back()).work == wk.AwaitBackend()


def test_waiting_for_the_backend_keeps_nobody_from_anything() -> None:
    state = cut_off()
    assert not is_busy(state)
    assert step(state, ev.LockAsked()).screen == st.Locked()
    assert step(state, ev.Back()).screen == st.FaceCheck()
    assert isinstance(step(state, ev.Retried(110.0)).work, wk.RunVisit)


@pytest.mark.parametrize("problem", [one for one in Problem if one is not Problem.BACKEND_UNREACHABLE])
def test_other_problems_ask_nothing_of_the_backend_by_themselves(problem: Problem) -> None:
    assert not isinstance(step(reading(), ev.Failed(AppError(problem))).work, wk.AwaitBackend)


def test_a_reader_that_came_back_or_is_free_again_is_said() -> None:
    lost = after(reading(), ev.Failed(ReaderError(Problem.READER_LOST)), EMPTY)
    free = after(reading(), ev.Failed(ReaderError(Problem.READER_IN_USE)), ev.ReaderFree())
    assert (lost.mended, free.mended) == (True, True)
    assert not step(lost, ev.FaceConfirmed(200.0)).mended


def test_a_problem_that_somebody_ends_is_not_said_to_have_mended_itself() -> None:
    assert not step(cut_off(), ev.Retried(110.0)).mended
    assert not step(cut_off(), ev.Back()).mended


class Patience(Event):
    """Waits no time, remembers for how long it was asked to, and is set after so many waits."""

    def __init__(self, waits: int) -> None:
        super().__init__()
        self.waited: list[float] = []
        self._waits = waits

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        return len(self.waited) > self._waits


class Network:
    """Answers from the n-th question on."""

    def __init__(self, away: int) -> None:
        self.asked = 0
        self._away = away

    def health(self) -> None:
        self.asked += 1
        if self.asked <= self._away:
            raise ApiError(Problem.BACKEND_UNREACHABLE)


def awaiting(network: Network, patience: Patience) -> ev.Event | None:
    duties = Duties(cast("Parts", _NoParts()))
    duties.services.__dict__["client"] = network
    return duties.answer(wk.AwaitBackend(), lambda _event: None, patience)


class _NoParts:
    pcsc = None


def test_the_backend_is_asked_with_growing_pauses_until_it_answers() -> None:
    network, patience = Network(away=7), Patience(20)
    assert isinstance(awaiting(network, patience), ev.Mended)
    assert network.asked == 8
    middles = (2, 4, 8, 16, 32, 60, 60, 60)
    assert all(0.75 * middle <= one <= 1.25 * middle for one, middle in zip(patience.waited, middles, strict=True))


def test_nobody_is_asked_any_more_once_the_problem_was_left() -> None:
    network = Network(away=100)
    assert awaiting(network, Patience(3)) is None
    assert network.asked == 3
