"""The card that lies on the reader between two visitors: the last one's must be lifted, the next one's looked at."""

from dataclasses import replace

import pytest

from myna_app.errors import ApiError, AppError, Problem, ReaderError
from myna_app.flow import State, step
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import states as st
from myna_app.flow.beside import SidePage
from myna_app.flow.problems import STANDINGS
from tests.flow.test_journey import READER, after, eligibility, reading


def test_a_reader_that_was_away_may_bring_the_last_card_back() -> None:
    gone, empty, lying = (
        ev.ReadersChanged(readers, service_running=True)
        for readers in ((), (READER,), (replace(READER, card_present=True),))
    )
    shown = step(reading(card_present=True), ev.VisitDone(eligibility(1)))
    away = after(shown, ev.LockAsked(), gone, ev.CardLifted())
    assert step(away, lying).desk.card_left
    assert not step(away, empty).desk.card_left
    back = after(shown, gone, ev.CardLifted(), lying, ev.CardPlaced(130.0, with_reader=True))
    assert (back.screen, back.desk.card_left) == (st.FaceCheck(), True)


LEAVING = (
    ev.Back(),
    ev.Cleared(),
    ev.LockAsked(),
    ev.AboutAsked(),
    se.PageAsked(SidePage.DIAGNOSIS),
    ev.ReaderChoiceAsked(),
)


def back_home(state: State) -> State:
    """M-10 again, from wherever an act led to."""
    for event in (ev.Unlocked(), ev.Back(), ev.Back()):
        state = state if isinstance(state.screen, st.FaceCheck) else step(state, event)
    assert isinstance(state.screen, st.FaceCheck)
    return state


@pytest.mark.parametrize("act", LEAVING)
@pytest.mark.parametrize("problem", [None, *(problem for problem in Problem if problem not in STANDINGS)])
def test_the_card_of_a_visit_that_was_left_is_never_read_for_the_next_visitor(
    problem: Problem | None, act: ev.Event
) -> None:
    state = step(reading(card_present=True), ev.VisitProgressed(st.VisitStep.READ))
    if problem is not None:
        state = step(state, ev.Failed(AppError(problem)))
    state = back_home(step(state, act))
    assert state.desk.card_left
    assert step(state, ev.FaceConfirmed(200.0)).screen == st.FaceCheck(remind=True)
    assert not step(state, ev.ReadersChanged((READER,), service_running=True)).desk.card_left


def test_a_card_that_came_while_the_reader_was_away_and_none_had_been_read_is_nobody_elses() -> None:
    lying = ev.ReadersChanged((replace(READER, card_present=True),), service_running=True)
    away = ev.ReadersChanged((), service_running=False)
    state = after(reading(), away, ev.Failed(ReaderError(Problem.SERVICE_STOPPED)), lying)
    assert (state.screen, state.desk.card_left) == (st.FaceCheck(), False)


def test_a_reading_is_not_repeated_with_a_card_that_was_not_looked_at() -> None:
    told = step(reading(card_present=True), ev.Failed(ApiError(Problem.BACKEND_SLOW)))
    assert isinstance(step(told, ev.Retried(110.0)).screen, st.Reading)
    exchanged = after(told, ev.CardLifted(), ev.CardPlaced(108.0))
    assert step(exchanged, ev.Retried(110.0)).screen == st.FaceCheck()
    gone = step(told, ev.ReadersChanged((READER,), service_running=True))
    assert step(gone, ev.Retried(110.0)).screen == st.FaceCheck()
