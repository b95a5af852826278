"""Draws every page in every shape into PNG files: ``python -m tests.ui.gallery FOLDER [--size 960x492] …``."""

import argparse
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from myna_app.flow import State
from myna_app.flow.events import Event
from myna_app.resources import resources_folder
from myna_app.ui.a11y import teach_headings
from myna_app.ui.native import Sound, Sounds
from myna_app.ui.ports import Kit, Options
from myna_app.ui.texts import Language, Texts
from myna_app.ui.theme import Scheme, TextSize, Theme, choose_tokens
from myna_app.ui.window import MainWindow
from tests.ui.states import PROBLEMS, SCREENS

NOW = datetime(2026, 11, 20, 1, 2, 15, tzinfo=UTC)


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


def draw(window: MainWindow, states: Mapping[str, State], folder: Path) -> Iterator[Path]:
    for name, state in states.items():
        window.show_state(state)
        for _ in range(3):  # layout, then what waits for the layout
            QApplication.processEvents()
        file = folder / f"{name}.png"
        window.grab().save(str(file))
        yield file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", type=Language, default=Language.JAPANESE)
    parser.add_argument("--scheme", type=Scheme, default=Scheme.LIGHT)
    parser.add_argument("--text", default="STANDARD", choices=[size.name for size in TextSize])
    parser.add_argument("--size", default="900x640")
    chosen = parser.parse_args()
    _application = QApplication([])
    teach_headings()
    window = MainWindow(Listener(), make_kit(chosen.language, chosen.scheme, TextSize[chosen.text]))
    width, height = (int(part) for part in chosen.size.split("x"))
    window.setMinimumSize(0, 0)
    window.setWindowState(Qt.WindowState.WindowNoState)  # the offscreen desktop is small, and windows fill such a one
    window.resize(width, height)
    window.show()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for _file in draw(window, {**SCREENS, **PROBLEMS}, chosen.folder):
        pass


if __name__ == "__main__":
    main()
