"""A window with a journey that only listens, a clock that stands still, and sounds nobody hears."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from myna_app.ui.a11y import teach_headings
from myna_app.ui.ports import Kit
from myna_app.ui.window import MainWindow
from tests.ui.gallery import Listener, Silence, make_kit


@dataclass
class Clock:
    """Monotonic seconds that pass only when told."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(scope="session", autouse=True)
def headings(qapp: QApplication) -> None:
    teach_headings()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journey() -> Listener:
    return Listener()


@pytest.fixture
def sounds() -> Silence:
    return Silence()


@pytest.fixture
def kit(clock: Clock, sounds: Silence) -> Kit:
    return replace(make_kit(), clock=clock, sounds=sounds)


@pytest.fixture
def open_window(qtbot: QtBot, journey: Listener) -> Iterator[Callable[[Kit], MainWindow]]:
    """Opens windows that are gone, not only hidden, when the test ends."""
    windows = []

    def opened(kit: Kit) -> MainWindow:
        window = MainWindow(journey, kit)
        windows.append(window)
        window.setMinimumSize(0, 0)
        window.resize(900, 640)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield opened
    for window in windows:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_window: Callable[[Kit], MainWindow], kit: Kit) -> MainWindow:
    return open_window(kit)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt's offscreen plugin remarks on what only a window manager could do."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
