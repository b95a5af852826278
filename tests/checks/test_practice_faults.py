"""Faults from the tray, by a terminal of its own (the server counts visits): none leaves the desk stuck."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_sandbox.faults import parse_fault
from myna_sandbox.tray import FAULTS, Tray
from myna_sandbox.world import World
from tests.story.practice import Practice, at_the_desk, practice_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice_world(tmp_path_factory) as world:
        yield world


@pytest.fixture
def practice(qtbot: QtBot, world: World) -> Iterator[Practice]:
    with at_the_desk(qtbot, world) as playing:
        yield playing


@pytest.mark.parametrize("words", [words for words in FAULTS if "3秒" not in words])
def test_no_fault_of_a_card_leaves_the_desk_stuck(practice: Practice, words: str) -> None:
    for word in FAULTS[words]:
        parse_fault(word)
    practice.tray.faults.setCurrentText(words)
    shown = practice.visit("p01")
    if any(word.startswith(("garbage", "mute", "pull@2", "cut")) for word in FAULTS[words]):
        assert isinstance(shown, st.Trouble)
    practice.tray.faults.setCurrentIndex(0)
    practice.home()
    assert isinstance(practice.visit("p01"), st.Result)
    practice.home()


@pytest.mark.parametrize(
    "toggle, problem",
    [
        (Tray.toggle_backend, {Problem.BACKEND_UNREACHABLE}),
        (Tray.toggle_reader, {Problem.READER_MISSING, Problem.READER_LOST}),
        (Tray.toggle_service, {Problem.SERVICE_STOPPED}),
    ],
)
def test_what_can_be_taken_away_comes_back(
    practice: Practice, toggle: Callable[[Tray], None], problem: set[Problem]
) -> None:
    toggle(practice.tray)
    practice.desk.send(ev.FaceConfirmed(practice.desk.window._kit.clock()))
    told = practice.until(st.Trouble)
    assert isinstance(told, st.Trouble)
    assert told.report.problem in problem
    toggle(practice.tray)
    practice.home()
    practice.qtbot.waitUntil(lambda: practice.desk.state.desk.reader is not None, timeout=30_000)
    assert isinstance(practice.visit("p01"), st.Result)
    practice.home()
