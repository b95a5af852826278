"""Faults from the tray: each ends as it should, and none leaves the desk stuck."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_sandbox.tray import FAULTS, Tray
from myna_sandbox.world import World
from tests.story.practice import Practice, at_the_desk, pcs, practice_world


@pytest.fixture(scope="module")
def next_pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[World]]:
    with practice_world(tmp_path_factory) as world:
        yield pcs(world, tmp_path_factory.mktemp("pcs"))


@pytest.fixture
def practice(qtbot: QtBot, next_pc: Iterator[World]) -> Iterator[Practice]:
    with at_the_desk(qtbot, next(next_pc)) as playing:
        yield playing


ENDS_IN = {
    "なし（ふつうのカード）": None,
    "すぐに離す": Problem.CARD_REMOVED,
    "終わる前に離す": Problem.CARD_REMOVED,
    "カードが動いたあと、返事の前に離れる": Problem.CARD_REMOVED,
    "本物と同じ速さ": None,
    "とても遅い（1回3秒）": None,
    "答えない": Problem.CARD_TALK_FAILED,
    "はじめの1回だけ失敗する": None,
    "雑音が返る": Problem.CARD_TALK_FAILED,
    "途中で切れる": Problem.CARD_TALK_FAILED,
    "知らない状態コード（6F00）": None,  # asked again, as a card that was only disturbed
    "短いデータしか通らないリーダー": None,
}
"""What a card known to the server comes to; None: a result."""


@pytest.mark.parametrize("words", FAULTS)
def test_no_fault_of_a_card_leaves_the_desk_stuck(practice: Practice, words: str) -> None:
    known = practice.visit("p01")
    assert isinstance(known, st.Result)
    practice.home()
    practice.tray.faults.setCurrentText(words)
    shown = practice.visit("p01")
    if ENDS_IN[words] is None:
        assert isinstance(shown, st.Result)
    else:
        assert isinstance(shown, st.Trouble)
        assert shown.report.problem is ENDS_IN[words]
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
    practice.wait(lambda: practice.desk.state.desk.reader is not None)
    assert isinstance(practice.visit("p01"), st.Result)
    practice.home()
