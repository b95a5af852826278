"""Practice: a trainee begins at the passcode, and every verdict and problem is a click away in the tray."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from myna_app.card.capability import CapabilityMemory
from myna_app.card.connection import connected
from myna_app.errors import AppError, Problem
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.flow.problems import STANDINGS
from myna_app.formats.account_sheet import read_sheet
from myna_app.formats.eligibility import Eligibility, Qualification
from myna_app.settings.table import Language
from myna_sandbox.practice import BADGE
from myna_sandbox.world import READER_NAME, World
from tests.story.practice import Practice, at_the_desk, pcs, practice_world
from tests.ui.looking import button, settle
from tests.ui.wording import asks_for_something, wording_faults

VERDICTS = {"p01": 1, "p07": 2, "p08": 3, "x2": 4, "p09multi": 5, "x1unticketed": 6}


@pytest.fixture(scope="module")
def next_pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[World]]:
    with practice_world(tmp_path_factory) as world:
        yield pcs(world, tmp_path_factory.mktemp("pcs"))


@pytest.fixture
def practice(qtbot: QtBot, next_pc: Iterator[World]) -> Iterator[Practice]:
    with at_the_desk(qtbot, next(next_pc)) as playing:
        yield playing


def test_it_begins_at_the_passcode_and_says_that_it_is_practice(practice: Practice) -> None:
    assert BADGE[Language.JAPANESE] in practice.desk.window.windowTitle()


def answers_in_memory() -> int:
    gc.collect()
    return sum(isinstance(one, Eligibility | Qualification) for one in gc.get_objects())


def test_every_verdict_is_a_click_away_and_no_answer_outlives_its_screen(practice: Practice) -> None:
    practice.desk.window.show()
    before = answers_in_memory()
    for person, verdict in VERDICTS.items():
        result = practice.visit(person)
        assert isinstance(result, st.Result)
        assert result.eligibility.verdict == verdict
        assert answers_in_memory() > before
        del result
        practice.home()
        practice.wait(lambda: answers_in_memory() == before)


def passes_the_wording_test(window: QWidget, problem: Problem) -> None:
    """The screen as it stands there: its words, what to do next, and a button for it."""
    settle()
    labels = [one.text() for one in window.findChildren(QLabel) if one.isVisible() and one.text() not in BADGE.values()]
    assert [fault for text in labels for fault in wording_faults(text)] == []
    assert any(asks_for_something(text) for text in labels), problem
    assert window.windowTitle().count(" - ") == 2, "a title, and that it is practice"
    way_on = button(window, "second" if problem is Problem.RATE_LIMITED else "main")  # that one goes on by itself
    assert way_on.isVisible(), problem
    assert way_on.text(), problem


def test_every_problem_is_a_click_away(practice: Practice) -> None:
    practice.desk.window.show()
    (order,) = (one for one in practice.tray.findChildren(QPushButton) if one.text() == "次の読み取りで起こす(&E)")
    for row in range(practice.tray.problems.count()):
        practice.tray.problems.setCurrentRow(row)
        order.click()
        problem = practice.world.rehearsal.problem
        assert problem is not None
        told = practice.visit("p01")
        if problem in STANDINGS:
            assert told == st.Suspended(STANDINGS[problem])
        else:
            assert isinstance(told, st.Trouble)
            assert told.report.problem is problem
        passes_the_wording_test(practice.desk.window, problem)
        practice.home()
    assert practice.tray.problems.count() == len(Problem)


def test_a_card_that_is_taken_away_at_once_is_never_read(practice: Practice) -> None:
    practice.desk.send(ev.FaceConfirmed(practice.desk.window._kit.clock()))
    practice.until(st.Reading)
    practice.tray.hold_too_short()
    told = practice.until((st.Trouble, st.Result))
    assert isinstance(told, st.Trouble)
    assert told.report.problem is Problem.CARD_REMOVED
    practice.home()


def test_the_tray_tells_what_a_real_desk_shows_by_itself(practice: Practice) -> None:
    tray, told = practice.tray, practice.tray._lying
    tray.tap()
    assert "昭和60年4月12日" in told.text()
    tray.toggle_service()
    assert "昭和60年4月12日" in told.text()
    assert "カードを読む機能は止まっています。" in told.text()
    tray.toggle_service()
    tray.toggle_backend()
    assert "サーバーは止まっています。" in told.text()
    tray.toggle_backend()
    assert tray.isEnabled()
    assert "サーバー" not in told.text()
    practice.home()


def test_what_the_tray_allows_is_worn_at_once(practice: Practice) -> None:
    practice.tray.photograph.toggled.connect(practice.desk.wear)
    practice.tray.photograph.setChecked(True)
    assert practice.desk.window._kit.options.allow_photograph
    practice.tray.photograph.setChecked(False)
    assert not practice.desk.window._kit.options.allow_photograph


def test_the_whole_account_is_copied_as_the_application_takes_it(practice: Practice) -> None:
    button = next(one for one in practice.tray.findChildren(QPushButton) if one.text().startswith("全部コピー"))
    button.click()
    sheet = read_sheet(QGuiApplication.clipboard().text())
    account = practice.world.accounts[0]
    assert sheet is not None
    assert (sheet.institution_code, sheet.user_id) == (account.institution_code, account.user_id)
    assert sheet.password.value == account.password
    assert sheet.activation_code.value == account.activation_code


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
