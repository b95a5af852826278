"""Text on a page: by role, headings, and values that can be focused and wiped."""

import re
from collections.abc import Collection
from html import escape
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QSizePolicy

from myna_app.ui.a11y import Heading
from myna_app.ui.phrases import Words

L = TypeVar("L", bound=QLabel)

_JOINER = "\u2060"
_WHOLE = re.compile("[0-9０-９Ａ-Ｚａ-ｚ]{2,20}")


def _dressed(widget: L, role: str, text: str, wrap: bool) -> L:
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setProperty("role", role)
    widget.setWordWrap(wrap)
    widget.setIndent(0)  # else one that has padding stands half a letter to the right of one that has none
    if wrap:
        # A wrapped label may be as narrow as its longest word, but claims the width it is given.
        widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    widget.setText(text)
    return widget


def label(role: str, text: str = "", *, wrap: bool = True) -> QLabel:
    """Plain text in one of the theme's roles (``body``, ``hint``, ``caption`` …); it takes no focus."""
    return _dressed(Words(), role, text, wrap)


def held_whole(text: str) -> str:
    """`text` whose numbers, and words in Latin letters, do not go on in the next line: full-width ones may anywhere."""
    return _WHOLE.sub(lambda run: _JOINER.join(run.group()), text)


def heading(role: str, text: str = "", *, wrap: bool = True) -> Heading:
    return _dressed(Heading(), role, text, wrap)


class Value(QLabel):
    """A value of a result: a stop for Tab, so that a screen reader reads it only when staff move onto it.

    It cannot be selected: what is selected goes into the clipboard's history, and stays there.
    """

    def __init__(self, role: str = "value") -> None:
        super().__init__()
        _dressed(self, role, "", wrap=True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("part", "value")

    def tell(self, term: str, value: str, odd: Collection[str] = ()) -> None:
        """Show `value`; characters in `odd` are underlined."""
        self.setAccessibleName(f"{term} {value}")
        if not odd:
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(value)
            self._hold()
            return
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText("".join(f"<u>{escape(char)}</u>" if char in odd else escape(char) for char in value))

    def conceal(self, term: str, spoken: str) -> None:
        """Dots, always as many: not even the length is told."""
        self.setAccessibleName(f"{term} {spoken}")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText("●●●●")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.textFormat() == Qt.TextFormat.PlainText:
            self._hold()

    def _hold(self) -> None:
        """Numbers whole; but where one is longer than the line, better in two than cut."""
        text, metrics = self.text(), self.fontMetrics()
        widest = max((metrics.horizontalAdvance(run) for run in _WHOLE.findall(text)), default=0)
        held = held_whole(text) if widest <= self.contentsRect().width() else text
        if held != super().text():
            self.setText(held)

    def text(self) -> str:
        return super().text().replace(_JOINER, "")

    def natural_width(self) -> int:
        """In one line."""
        self.ensurePolished()
        text = self.text()
        if self.textFormat() == Qt.TextFormat.RichText:
            text = QTextDocumentFragment.fromHtml(text).toPlainText()
        return self.fontMetrics().horizontalAdvance(text)

    def wipe(self) -> None:
        self.setText("")
        self.setSelection(0, 0)  # else Qt keeps the old text in the part that selects until the label is painted again
        self.setAccessibleName("")
