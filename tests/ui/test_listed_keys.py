"""The keys that F1 lists and the keys that work are the same; each is pressed."""

import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QListWidget, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.flow.beside import SidePage
from myna_app.flow.events import Back, Cleared, Confirmed, FaceConfirmed, ReaderChoiceAsked, Retried
from myna_app.flow.side_events import PageAsked, ReadersSought
from myna_app.resources import resources_folder
from myna_app.ui.menu import Menu
from myna_app.ui.pages.m29_help import HelpPanel
from myna_app.ui.texts import Language, Texts
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener
from tests.ui.looking import button, named, settle, visible_text
from tests.ui.states import RESULTS, SCREENS, trouble

NAMES = {
    "矢印": "Arrows",
    "Alt＋（ ）の文字": "Alt + underlined letter",
    "Tab、Shift＋Tab": "Tab, Shift+Tab",
    "Page Up、Page Down": "Page Up, Page Down",
    "Ctrl＋1〜9": "Ctrl+1–9",
    "Ctrl＋0": "Ctrl+0",
}
"""What is called otherwise in English."""


class Desk:
    """A window with what a test of a key needs."""

    def __init__(self, window: MainWindow, journey: Listener, clock: Clock, qtbot: QtBot) -> None:
        self.window, self.journey, self.clock, self.qtbot = window, journey, clock, qtbot

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def bar(self) -> int:
        area = self.window._frame._stack.currentWidget()
        assert isinstance(area, QScrollArea)
        return area.verticalScrollBar().value()


@pytest.fixture
def desk(window: MainWindow, journey: Listener, clock: Clock, qtbot: QtBot) -> Desk:
    return Desk(window, journey, clock, qtbot)


def enter(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-03"])
    desk.press(Qt.Key.Key_Return)
    assert desk.journey.events == [Confirmed()]


def space(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-10"])
    desk.clock.seconds += 1
    desk.press(Qt.Key.Key_Space)
    assert desk.journey.events == [FaceConfirmed(desk.clock.seconds)]


def escape(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-12_read"])
    desk.press(Qt.Key.Key_Escape)
    assert desk.journey.events == [Back()]


def tab(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-10"])
    first = QApplication.focusWidget()
    desk.press(Qt.Key.Key_Tab)
    second = QApplication.focusWidget()
    desk.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert first is QApplication.focusWidget() is not second


def arrows(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-11"])
    listed = named(desk.window, "M-11.readers")
    assert isinstance(listed, QListWidget)
    row = listed.currentRow()
    desk.press(Qt.Key.Key_Down)
    assert listed.currentRow() == row + 1
    desk.press(Qt.Key.Key_Up)
    assert listed.currentRow() == row


def pages(desk: Desk) -> None:
    desk.window.show_state(RESULTS["valid_long"])
    settle()
    desk.press(Qt.Key.Key_PageDown)
    assert desk.bar() > 0
    desk.press(Qt.Key.Key_PageUp)
    assert desk.bar() == 0


def letter(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-10"])
    desk.press(Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    desk.qtbot.waitUntil(lambda: desk.journey.events == [ReaderChoiceAsked()])  # Qt presses it a moment later


def menu(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-10"])
    desk.press(Qt.Key.Key_F10)
    settle()
    found = desk.window.findChildren(Menu)
    assert found
    found[-1].close()


def explanation(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-10"])
    desk.press(Qt.Key.Key_F1)
    assert desk.window.findChild(HelpPanel) is not None


def say_again(desk: Desk) -> None:
    said = desk.window.announcer.announced
    with desk.qtbot.waitSignal(said) as first:
        desk.window.show_state(SCREENS["M-10"])
    with desk.qtbot.waitSignal(said) as again:
        desk.press(Qt.Key.Key_F4)
    assert again.args == [first.args[0], False]


def try_again(desk: Desk) -> None:
    shapes = [trouble(Problem.BACKEND_SLOW), *(SCREENS[name] for name in ("M-09_stopped", "M-24"))]
    for state in shapes:
        desk.window.show_state(state)
        desk.press(Qt.Key.Key_F5)
    desk.window.show_state(SCREENS["M-11"])
    desk.press(Qt.Key.Key_F5)
    assert desk.journey.events == [*[Retried(desk.clock.seconds)] * len(shapes), ReadersSought()]


def clear(desk: Desk) -> None:
    desk.window.show_state(RESULTS["valid"])
    desk.press(Qt.Key.Key_F8)
    assert desk.journey.events == [Cleared()]


def diagnosis(desk: Desk) -> None:
    desk.window.show_state(SCREENS["M-12_read"])
    desk.press(Qt.Key.Key_F12)
    assert desk.journey.events == [PageAsked(SidePage.DIAGNOSIS)]


def copied_by(desk: Desk, keys: str) -> set[str]:
    """What lies in the clipboard after each key with Ctrl."""
    desk.window.show_state(RESULTS["valid_long"])
    found = set()
    for key in keys:
        QGuiApplication.clipboard().clear()
        QTest.keyClick(desk.window, Qt.Key(ord(key)), Qt.KeyboardModifier.ControlModifier)
        found.add(QGuiApplication.clipboard().text())
    return found


def copy_one(desk: Desk) -> None:
    texts = copied_by(desk, "123456789")
    assert len(texts) >= 8
    assert all("\n" not in text for text in texts)


def copy_all(desk: Desk) -> None:
    (text,) = copied_by(desk, "0")
    assert "39990049" in text


PRESSED: dict[str, Callable[[Desk], None]] = {
    "Enter": enter,
    "Space": space,
    "Esc": escape,
    "Tab、Shift＋Tab": tab,
    "矢印": arrows,
    "Page Up、Page Down": pages,
    "Alt＋（ ）の文字": letter,
    "F10": menu,
    "F1": explanation,
    "F4": say_again,
    "F5": try_again,
    "F8": clear,
    "F12": diagnosis,
    "Ctrl＋1〜9": copy_one,
    "Ctrl＋0": copy_all,
}


@pytest.mark.parametrize("key", PRESSED)
def test_a_listed_key_does_what_it_is_listed_for(desk: Desk, key: str) -> None:
    PRESSED[key](desk)


@pytest.mark.parametrize("language", Language)
def test_the_list_names_the_keys_that_work_and_no_other(language: Language) -> None:
    listed = Texts.load(language, resources_folder() / "text")("M-29.keys")
    keys = [part.partition(":" if language is Language.ENGLISH else "：")[0] for part in re.split(r"　|   |\n", listed)]
    names = PRESSED if language is Language.JAPANESE else [NAMES.get(key, key) for key in PRESSED]
    assert sorted(keys) == sorted(names)


def test_no_key_of_the_window_is_kept_from_the_list(desk: Desk) -> None:
    for shape in (SCREENS["M-10"], RESULTS["valid"]):
        desk.window.show_state(shape)
    listed = desk.window._kit.texts("M-29.keys").replace("＋", "+")
    for shortcut in desk.window.findChildren(QShortcut):
        name = shortcut.key().toString(QKeySequence.SequenceFormat.PortableText)
        digit = re.fullmatch(r"Ctrl\+[1-9]", name)
        assert ("Ctrl+1〜9" if digit else name.replace("Return", "Enter")) in listed


def test_registering_anew_is_asked_before_it_is_done(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-09_ended"])
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return)
    assert "このパソコンの登録を消して" in visible_text(window)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return)
    assert (journey.events, named(window, "M-09.register_sure").isVisible()) == ([], False)
    button(window, "main").click()
    button(window, "M-09.register_sure").click()
    assert journey.events == [Confirmed()]


@pytest.mark.parametrize(
    ("shape", "question"),
    [("M-04", "アカウントは登録ずみです。"), ("M-01", "アプリを終了しますか？")],
)
def test_leaving_the_setup_says_what_is_kept(window: MainWindow, shape: str, question: str) -> None:
    window.show_state(SCREENS[shape])
    button(window, "second").click()
    dialog: QWidget | None = window.findChild(QDialog)
    assert dialog is not None
    assert question in visible_text(dialog)
