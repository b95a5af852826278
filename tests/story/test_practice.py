"""Practice: a trainee begins at the passcode, and every verdict and problem is a click away in the tray."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from myna_app.card.capability import CapabilityMemory
from myna_app.card.connection import connected
from myna_app.errors import AppError, Problem
from myna_app.flow import states as st
from myna_app.flow.problems import STANDINGS
from myna_sandbox.practice import BADGE
from myna_sandbox.world import READER_NAME, World
from tests.story.practice import Practice, at_the_desk, practice_world

VERDICTS = {"p01": 1, "p07": 2, "p08": 3, "x2": 4, "p09multi": 5, "x1unticketed": 6}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice_world(tmp_path_factory) as world:
        yield world


@pytest.fixture
def practice(qtbot: QtBot, world: World) -> Iterator[Practice]:
    with at_the_desk(qtbot, world) as playing:
        yield playing


def test_it_begins_at_the_passcode_and_says_that_it_is_practice(practice: Practice) -> None:
    assert BADGE in practice.desk.window.windowTitle()


def test_every_verdict_is_a_click_away(practice: Practice) -> None:
    for person, verdict in VERDICTS.items():
        result = practice.visit(person)
        assert isinstance(result, st.Result)
        assert result.eligibility.verdict == verdict
        practice.home()


def test_every_problem_is_a_click_away(practice: Practice) -> None:
    practice.desk.window.show()
    for row in range(practice.tray.problems.count()):
        practice.tray.problems.setCurrentRow(row)
        practice.tray.order_problem()
        problem = practice.world.rehearsal.problem
        assert problem is not None
        told = practice.visit("p01")
        if problem in STANDINGS:
            assert told == st.Suspended(STANDINGS[problem])
        else:
            assert isinstance(told, st.Trouble)
            assert told.report.problem is problem
        practice.home()
    assert practice.tray.problems.count() == len(Problem)


def test_a_card_that_another_program_keeps_is_told_until_it_is_lifted(practice: Practice) -> None:
    practice.world.rehearsal.problem = Problem.READER_IN_USE
    told = practice.visit("p01")
    assert isinstance(told, st.Trouble)
    with pytest.raises(AppError) as caught, connected(practice.world.pcsc, READER_NAME, CapabilityMemory()):
        pass
    assert caught.value.problem is Problem.READER_IN_USE
    assert practice.screen is told
    practice.tray.lift()
    practice.until(st.FaceCheck)
