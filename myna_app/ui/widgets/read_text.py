"""A long text that is only read: by scrolling, with the arrow keys, or by a screen reader."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPlainTextEdit


class ReadText(QPlainTextEdit):
    """Tab goes on to the next control; the page says how high it is at least."""

    def __init__(self, identifier: str, name: str = "") -> None:
        super().__init__()
        self.setObjectName(identifier)
        self.setAccessibleIdentifier(identifier)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)

    def sizeHint(self) -> QSize:
        """The least height; a page with more room gives it."""
        return QSize(super().sizeHint().width(), self.minimumHeight())
