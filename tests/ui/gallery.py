"""Draws every page in every shape into PNG files: ``python -m tests.ui.gallery FOLDER [--size 960x492] …``."""

import argparse
import math
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QWidget

from myna_app.flow import State
from myna_app.flow.events import Event
from myna_app.flow.states import Registered, Starting
from myna_app.resources import resources_folder
from myna_app.settings.table import Language as SettingsLanguage
from myna_app.ui.a11y import teach_headings
from myna_app.ui.native import Sound, Sounds
from myna_app.ui.ports import Kit, Options
from myna_app.ui.texts import Language, Texts
from myna_app.ui.theme import Scheme, TextSize, Theme, choose_tokens
from myna_app.ui.window import MainWindow
from myna_sandbox.practice import BADGE
from tests.ui.pressed import PRESSED, Pressed
from tests.ui.rare_states import RARE
from tests.ui.states import PROBLEMS, SCREENS

NOW = datetime(2026, 11, 20, 1, 2, 15, tzinfo=UTC)

_QUICK = 80
"""Quality of a PNG file, which for Qt is how hard it tries to make it small: most of the time, otherwise."""
_NO_PAGE = 40
"""So few points more than the window holds are not drawn once more."""


class Silence(Sounds):
    """Remembers what would have been heard."""

    def __init__(self) -> None:
        super().__init__()
        self.played: list[Sound] = []

    def play(self, sound: Sound) -> None:
        self.played.append(sound)


class Listener:
    """A journey that only remembers what was sent."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def send(self, event: Event) -> None:
        self.events.append(event)


def make_kit(
    language: Language = Language.JAPANESE,
    scheme: Scheme = Scheme.LIGHT,
    text_size: TextSize = TextSize.STANDARD,
) -> Kit:
    tokens = choose_tokens(scheme, system_is_dark=False, system_high_contrast=False)
    return Kit(
        texts=Texts.load(language, resources_folder() / "text"),
        theme=Theme(tokens, text_size),
        options=Options(version="0.1.0"),
        sounds=Silence(),
        clock=time.monotonic,
        now=NOW.astimezone,
    )


def draw(window: MainWindow, states: Mapping[str, State], folder: Path) -> None:
    """Each screen as one comes to it, and the rest of it where it is longer than the window (``+2`` …)."""
    for name, state in states.items():
        _enter(window, state)
        _save(window, folder / f"{name}.png")
        for number in range(2, (1 if name in PRESSED else _pages(window)) + 1):
            QTest.keyClick(window, Qt.Key.Key_PageDown)
            _save(window, folder / f"{name}+{number}.png")


def draw_pressed(window: MainWindow, kit: Kit, screens: Mapping[str, Pressed], folder: Path) -> None:
    """Screens on which something was done, with what opened above them."""
    worn = kit.options
    badge = BADGE[SettingsLanguage(kit.texts.language)]
    for name, pressed in screens.items():
        wanted = replace(pressed.options, badge=badge if pressed.practice else None)
        if wanted != worn:
            worn = wanted
            window.show_state(State(Starting()))  # what is shown may not go with the other options
            window.renew(replace(kit, options=worn))
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # the old pages are found no more
        _enter(window, pressed.state)
        pressed.act(window)
        _settle()
        _save(window, folder / f"{name}.png")
        for popup in _popups(window):
            popup.close()
            window.activateWindow()  # what was open above it took that away, and the focus ring with it
            QTest.qWaitForWindowActive(window)


def _enter(window: MainWindow, state: State) -> None:
    """From another screen: the same one would keep what stood on it."""
    window.show_state(State(Starting() if not isinstance(state.screen, Starting) else Registered()))
    window.show_state(state)
    _settle()


def _settle() -> None:
    for _ in range(4):  # layout, then what waits for the layout
        QApplication.processEvents()


def _pages(window: MainWindow) -> int:
    """How many windows full the screen has; a line or two more is no page."""
    area = next(one for one in window.findChildren(QScrollArea) if one.isVisible())
    bar = area.verticalScrollBar()
    return 1 + math.ceil((bar.maximum() - _NO_PAGE) / bar.pageStep())


def _popups(window: MainWindow) -> list[QWidget]:
    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not window]


def _save(window: MainWindow, file: Path) -> None:
    _settle()
    picture = window.grab()
    painter = QPainter(picture)
    for popup in _popups(window):
        place = QRect(popup.mapToGlobal(QPoint(0, 0)) - window.mapToGlobal(QPoint(0, 0)), popup.size())
        painter.drawPixmap(place.topLeft(), popup.grab())
        if not isinstance(popup, QMenu):
            painter.setPen(Qt.GlobalColor.gray)  # the frame that a window manager would draw
            painter.drawRect(place.adjusted(-1, -1, 0, 0))
    painter.end()
    picture.save(str(file), quality=_QUICK)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", type=Language, default=Language.JAPANESE)
    parser.add_argument("--scheme", type=Scheme, default=Scheme.LIGHT)
    parser.add_argument("--text", default="STANDARD", choices=[size.name for size in TextSize])
    parser.add_argument("--size", default="900x640")
    parser.add_argument("--only", default="", help="screens whose names begin so")
    chosen = parser.parse_args()
    _application = QApplication([])
    QApplication.setCursorFlashTime(0)  # a picture is the same whenever it is made
    teach_headings()
    kit = make_kit(chosen.language, chosen.scheme, TextSize[chosen.text])
    window = MainWindow(Listener(), kit)
    width, height = (int(part) for part in chosen.size.split("x"))
    window.setMinimumSize(0, 0)
    window.setWindowState(Qt.WindowState.WindowNoState)  # on a small desktop it fills the screen
    window.resize(width, height)
    window.show()
    QTest.qWaitForWindowActive(window)  # shortcuts want an active window
    chosen.folder.mkdir(parents=True, exist_ok=True)
    states = {**SCREENS, **RARE, **PROBLEMS}
    draw(window, {name: state for name, state in states.items() if name.startswith(chosen.only)}, chosen.folder)
    some = {name: pressed for name, pressed in PRESSED.items() if name.startswith(chosen.only)}
    draw_pressed(window, kit, some, chosen.folder)
    window.close()  # what was copied is given back before the program ends


if __name__ == "__main__":
    main()
