"""The photograph in the chip: between answer and result, and forgotten whichever way it is left."""

import pytest

from myna_app.errors import ApiError, CardError, Problem
from myna_app.flow import State, step
from myna_app.flow import events as ev
from myna_app.flow import photograph as ph
from myna_app.flow import side_events as se
from myna_app.flow import states as st
from myna_app.flow import work as wk
from myna_app.flow.beside import SidePage
from myna_app.formats.photograph import GreyPicture
from myna_app.formats.secret import Secret
from tests.flow.test_journey import READER, after, at_home, eligibility

ANSWER = eligibility(1)
CODE = Secret("1234")
PICTURE = GreyPicture(1, 1, b"\x80")
OFFERED = ph.PhotographOffered(ANSWER)


def entry() -> State:
    state = after(at_home(card_present=True), ev.FaceConfirmed(100.0), OFFERED)
    assert (state.screen, state.work) == (ph.SecurityCodeEntry(ANSWER), wk.HoldVisit())
    return state


def comparing() -> State:
    return after(entry(), ph.SecurityCodeTyped(CODE), ph.PhotographRead(PICTURE))


def objected(objection: ph.Objection) -> State:
    return after(entry(), ph.SecurityCodeTyped(CODE), ph.CodeNotTaken(objection))


def test_the_typed_code_has_the_photograph_read_and_shown_while_the_answer_waits() -> None:
    state = step(entry(), ph.SecurityCodeTyped(CODE))
    assert (state.screen, state.work) == (st.Reading(st.VisitStep.PROVE), ph.ReadPhotograph(CODE, ANSWER))
    state = step(state, ph.PhotographRead(PICTURE))
    assert (state.screen, state.work) == (ph.PhotographCheck(ANSWER, PICTURE), wk.HoldVisit())


def test_the_result_comes_once_the_backend_knows_of_the_second_confirmation() -> None:
    state = step(comparing(), ph.PersonCompared(True, 110.0))
    assert state.work == ph.ConfirmPerson(110.0, ANSWER)
    assert "GreyPicture" not in repr(state), "the photograph is gone at once"
    state = step(state, ev.VisitDone(ANSWER))
    assert (state.screen, state.work) == (st.Result(ANSWER), None)
    assert state.desk.card_left


def test_another_person_ends_the_visit_without_a_result() -> None:
    state = step(comparing(), ph.PersonCompared(False, 110.0))
    assert (state.screen, state.work) == (st.FaceCheck(), ph.RejectPerson(110.0))
    assert state.desk.card_left
    assert step(state, ev.VisitDone(ANSWER)) is state
    assert step(state, ev.Failed(ApiError(Problem.BACKEND_UNREACHABLE))).screen == st.FaceCheck()


def test_without_a_photograph_the_answer_is_shown_as_it_is() -> None:
    state = step(entry(), ph.PhotographSkipped())
    assert state.work == ph.ShowAnswer(ANSWER)
    assert step(state, ev.VisitDone(ANSWER)).screen == st.Result(ANSWER)


def test_a_mistyped_code_may_be_typed_again() -> None:
    state = objected(ph.Objection.MISTYPED)
    assert (state.screen, state.work) == (ph.SecurityCodeEntry(ANSWER, ph.Objection.MISTYPED), wk.HoldVisit())
    assert step(state, ph.SecurityCodeTyped(CODE)).work == ph.ReadPhotograph(CODE, ANSWER)


@pytest.mark.parametrize("objection", set(ph.Objection) - {ph.Objection.MISTYPED})
def test_after_any_other_objection_only_the_way_without_is_left_and_the_card_is_let_go(objection: ph.Objection) -> None:
    state = objected(objection)
    assert (state.screen, state.work) == (ph.SecurityCodeEntry(ANSWER, objection), None)
    assert step(state, ph.SecurityCodeTyped(CODE)) is state
    assert step(state, ph.PhotographSkipped()).work == ph.ShowAnswer(ANSWER)
    assert step(state, ev.CardLifted()).screen == state.screen


def test_a_card_that_is_lifted_too_early_leaves_the_way_without() -> None:
    state = step(entry(), ev.CardLifted())
    assert (state.screen, state.work) == (ph.SecurityCodeEntry(ANSWER, ph.Objection.LIFTED), None)


def test_a_card_that_is_lifted_while_staff_compare_is_no_longer_needed() -> None:
    state = step(comparing(), ev.CardLifted())
    assert state.screen == ph.PhotographCheck(ANSWER, PICTURE)
    assert step(state, ph.PersonCompared(True, 110.0)).work == ph.ConfirmPerson(110.0, ANSWER)


@pytest.mark.parametrize("at_start", [True, False])
@pytest.mark.parametrize(
    "act", [ev.Back(), ev.Cleared(), ev.LockAsked(), ev.CardPlaced(120.0), se.PageAsked(SidePage.DIAGNOSIS)]
)
def test_whatever_leaves_the_pages_forgets_answer_and_photograph(act: ev.Event, at_start: bool) -> None:
    state = step(entry() if at_start else comparing(), act)
    assert not isinstance(state.screen, ph.SecurityCodeEntry | ph.PhotographCheck)
    assert not isinstance(state.work, wk.HoldVisit)
    assert "Eligibility" not in repr(state)
    assert "GreyPicture" not in repr(state)


@pytest.mark.parametrize("act", [ev.Back(), ev.Cleared()])
def test_the_card_of_an_answered_visit_must_go_before_the_next(act: ev.Event) -> None:
    state = after(comparing(), act, ev.FaceConfirmed(130.0))
    assert state.screen == st.FaceCheck(remind=True)


def test_the_next_visitors_card_asks_the_face_check_anew() -> None:
    state = step(comparing(), ev.CardPlaced(120.0))
    assert state == State(st.FaceCheck(), state.desk)
    assert not state.desk.card_left


@pytest.mark.parametrize(
    "problem", [Problem.CARD_REMOVED, Problem.CARD_TALK_FAILED, Problem.CARD_NOT_PROVEN, Problem.VISIT_EXPIRED]
)
@pytest.mark.parametrize("act", [ev.Retried(120.0), ev.Back()])
def test_a_problem_on_the_way_ends_the_visit(problem: Problem, act: ev.Event) -> None:
    state = after(entry(), ph.SecurityCodeTyped(CODE), ev.Failed(CardError(problem)))
    assert isinstance(state.screen, st.Trouble)
    assert "Eligibility" not in repr(state)
    assert (step(state, act).screen, step(state, act).work) == (st.FaceCheck(), None)


def test_late_answers_of_a_visit_that_was_left_change_nothing() -> None:
    state = step(comparing(), ev.Cleared())
    for late in (OFFERED, ph.PhotographRead(PICTURE), ph.CodeNotTaken(ph.Objection.MISTYPED), ph.PhotographSkipped()):
        assert step(state, late) is state


def test_the_photograph_of_no_request_is_not_shown() -> None:
    reading = step(at_home(), ev.FaceConfirmed(100.0))
    assert reading.work == wk.RunVisit(READER.name, ev.FaceConfirmed(100.0).way, 100.0)
    assert step(reading, ph.PhotographRead(PICTURE)) is reading
    assert step(reading, ph.CodeNotTaken(ph.Objection.REFUSED)) is reading
