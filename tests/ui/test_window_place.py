"""What a window keeps and undoes by itself: its place, protection from captures, motion."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from myna_app import app
from myna_app.app import Desk
from myna_app.services import Parts
from myna_app.settings.folders import Folders
from myna_app.settings.store import SettingsStore
from myna_app.ui import shield
from myna_app.ui.ports import Kit
from myna_app.ui.texts import Language
from myna_app.ui.tokens import DARK, SYSTEM
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener, make_kit
from tests.ui.looking import button, edit, named, settle, visible_text
from tests.ui.states import SCREENS


def no_parts() -> Parts:
    raise AssertionError("this desk is never opened")


def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    folders = Folders(tmp_path / "c", tmp_path / "d", tmp_path / "p", tmp_path / "m", own_policy=True)
    made = Desk(no_parts, SettingsStore(folders, {}, frozen=False))
    qtbot.addWidget(made.window)
    made.window.setWindowState(
        Qt.WindowState.WindowNoState
    )  # the offscreen desktop is small, and windows fill such a one
    return made


def test_the_menu_of_a_text_field_speaks_the_language_that_was_chosen(window: MainWindow, kit: Kit) -> None:
    def offered() -> list[str]:
        window.show_state(SCREENS["M-02"])
        menu = edit(window, "M-02.user_id").createStandardContextMenu()
        words = [action.text().partition("\t")[0].partition("(")[0] for action in menu.actions() if action.text()]
        menu.deleteLater()
        return words

    english = ["&Undo", "&Redo", "Cu&t", "&Copy", "&Paste", "Delete", "Select All"]
    assert "コピー" in offered()
    window.renew(replace(kit, texts=make_kit(Language.ENGLISH).texts))
    assert offered() == english
    window.renew(kit)
    assert "コピー" in offered()


def shown(window: QWidget, place: QRect) -> None:
    window.setMinimumSize(0, 0)
    window.setGeometry(place)
    window.show()
    settle()


def test_the_window_comes_back_where_it_was_left(qtbot: QtBot, tmp_path: Path) -> None:
    first = desk(qtbot, tmp_path)
    shown(first.window, QRect(0, 60, 950, 700))
    first.window.close()
    again = desk(qtbot, tmp_path)
    place = again.window.geometry()
    assert (place.top(), place.width(), place.height()) == (60, 950, 700)


def test_a_window_left_on_a_screen_that_is_gone_comes_back_on_one_that_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    first = desk(qtbot, tmp_path)
    shown(first.window, QRect(9000, 9000, 500, 400))
    first.window.close()
    again = desk(qtbot, tmp_path)
    screen = QApplication.primaryScreen().availableGeometry()
    assert screen.contains(again.window.geometry().center())


@pytest.mark.parametrize("kept", ["AAAA", "abc", "/+/+"])
def test_a_place_that_makes_no_sense_is_done_without(qtbot: QtBot, tmp_path: Path, kept: str) -> None:
    first = desk(qtbot, tmp_path)
    first._settings.set(window=kept)
    size = first.window.size()
    assert desk(qtbot, tmp_path).window.size() == size


# --- captures ---


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What Windows would have been told of the window."""
    told: list[bool] = []

    def tell(_window: QWidget, *, hidden: bool = True) -> bool:
        told.append(hidden)
        return True

    monkeypatch.setattr(shield, "hide_from_capture", tell)
    return told


def test_captures_are_allowed_for_half_an_hour_after_a_question(
    window: MainWindow, hidden: list[bool], clock: Clock
) -> None:
    window.show_state(SCREENS["M-22"])
    button(window, "M-22.block_capture.off").click()
    assert "30分のあいだ" in visible_text(window)
    assert hidden == []
    button(window, "M-22.capture_sure").click()
    assert hidden == [False]
    assert button(window, "M-22.block_capture.off").isChecked()
    assert window._shield._lifted.interval() == 30 * 60_000
    window._shield._lifted.stop()
    window._shield._lifted.timeout.emit()
    assert hidden == [False, True]
    clock.seconds += 30 * 60
    window.show_state(SCREENS["M-10"])
    window.show_state(SCREENS["M-22"])
    assert button(window, "M-22.block_capture.on").isChecked()


def test_protection_comes_back_at_once_when_it_is_chosen(window: MainWindow, hidden: list[bool]) -> None:
    window.show_state(SCREENS["M-22"])
    button(window, "M-22.block_capture.off").click()
    button(window, "M-22.capture_not").click()
    assert hidden == []
    assert button(window, "M-22.block_capture.on").isChecked()
    button(window, "M-22.block_capture.off").click()
    button(window, "M-22.capture_sure").click()
    button(window, "M-22.block_capture.on").click()
    assert hidden == [False, True]


def test_another_language_ends_what_was_allowed(window: MainWindow, hidden: list[bool], kit: Kit) -> None:
    window.show_state(SCREENS["M-22"])
    button(window, "M-22.block_capture.off").click()
    button(window, "M-22.capture_sure").click()
    window.renew(kit)
    assert hidden[-1]


# --- motion, keys ---


def test_no_motion_where_none_is_wanted(window: MainWindow, kit: Kit) -> None:
    as_before = QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
    window.renew(replace(kit, options=replace(kit.options, reduced_motion=True)))
    assert not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
    window.renew(kit)
    assert QApplication.isEffectEnabled(Qt.UIEffect.UI_General) == as_before


def test_a_system_that_is_switched_is_followed_while_the_program_runs(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, hints = desk(qtbot, tmp_path), QApplication.styleHints()
    monkeypatch.setattr(app, "choose_tokens", lambda *_, **__: DARK)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert made.window._kit.theme.tokens == DARK
    monkeypatch.setattr(app, "choose_tokens", lambda *_, **__: SYSTEM)
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert made.window._kit.theme.tokens == SYSTEM


def test_shuffled_keys_are_all_there_and_say_what_they_write(qtbot: QtBot, kit: Kit, journey: Listener) -> None:
    window = MainWindow(journey, replace(kit, options=replace(kit.options, shuffle_keypad=True)))
    qtbot.addWidget(window)
    window.show()
    orders = set()
    for _ in range(6):
        window.show_state(SCREENS["M-06"])
        settle()
        page = named(window, "M-06")
        keys = [button(page, f"passcode.{digit}") for digit in "0123456789"]
        orders.add(tuple(key.text() for key in sorted(keys, key=lambda key: (key.y(), key.x()))))
        window.show_state(SCREENS["M-10"])
    assert all(sorted(order) == sorted("0123456789") for order in orders)
    assert len(orders) > 1  # six equal orders out of 3,628,800 do not come by chance
