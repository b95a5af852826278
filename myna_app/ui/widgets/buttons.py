"""Buttons: filled (the main one of a screen), outlined, and text."""

from collections.abc import Callable
from enum import StrEnum, unique

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy

from myna_app.ui.texts import without_mnemonic
from myna_app.ui.theme import mark


@unique
class Kind(StrEnum):
    FILL = "fill"
    OUTLINE = "outline"
    TEXT = "text"
    BAR = "bar"
    KEY = "key"


class Button(QPushButton):
    """Return presses it when it has the focus; its spoken name carries no access key."""

    def __init__(self, text: str, kind: Kind, identifier: str, pressed: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName(identifier)
        self.setAccessibleIdentifier(identifier)
        self.setProperty("kind", kind.value)
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.rename(text)
        self.clicked.connect(lambda _checked: pressed())

    def rename(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(without_mnemonic(text))

    def become(self, kind: Kind) -> None:
        mark(self, kind=kind.value)


class HoldButton(Button):
    """Does something while it is held down, by mouse or Space. Its access key only moves the focus: a press by it
    would be over at once."""

    def __init__(self, text: str, identifier: str, held: Callable[[bool], None]) -> None:
        super().__init__(text, Kind.OUTLINE, identifier, lambda: None)
        self.setAutoDefault(False)
        self.pressed.connect(lambda: held(True))
        self.released.connect(lambda: held(False))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Shortcut:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return super().event(event)
