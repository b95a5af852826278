"""E-S02: what a second start shows where the first does not answer."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.ui.already_running import AlreadyRunning
from myna_app.ui.ports import Kit
from tests.ui.looking import button, settle, visible_text


@pytest.fixture
def answers() -> list[bool]:
    """What the first program will say, one question after the other."""
    return [False, True]


@pytest.fixture
def panel(qtbot: QtBot, kit: Kit, answers: list[bool]) -> AlreadyRunning:
    panel = AlreadyRunning(kit, Problem.ALREADY_RUNNING, lambda: answers.pop(0))
    qtbot.addWidget(panel)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def test_it_has_its_number_and_its_one_button(panel: AlreadyRunning) -> None:
    settle()
    seen = visible_text(panel)
    for words in ("もう開いています", "エラーコード：E-S02", "「開いている画面を出す」を押してください。"):
        assert words in seen
    assert QApplication.focusWidget() is button(panel, "E-S02.main")


def test_enter_asks_until_the_open_window_comes(panel: AlreadyRunning, answers: list[bool]) -> None:
    QTest.keyClick(button(panel, "E-S02.main"), Qt.Key.Key_Return)
    assert panel.isVisible()
    assert "まだ答えがありません" in visible_text(panel)
    QTest.keyClick(button(panel, "E-S02.main"), Qt.Key.Key_Return)
    assert (panel.result(), answers) == (QDialog.DialogCode.Accepted, [])


def test_escape_ends_the_second_start(panel: AlreadyRunning, answers: list[bool]) -> None:
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert (panel.result(), answers) == (QDialog.DialogCode.Rejected, [False, True])
