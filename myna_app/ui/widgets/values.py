"""Terms and values of a 資格 in two columns. Its labels are kept and used again: making one is dear, a text is not."""

import unicodedata
from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from myna_app.ui.presentation import Row
from myna_app.ui.theme import Theme
from myna_app.ui.widgets.labels import Value, label

_TERM, _VALUE, _COLUMNS = 0, 1, 4
_HALF_A_LINE = 28
"""Half-width characters; a longer value takes the whole line."""


class ValueGrid(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._pairs: list[tuple[QLabel, Value]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(_VALUE, 1)
        self._grid.setColumnStretch(_VALUE + 2, 1)
        self.hide()

    def show_rows(self, rows: Iterable[Row], *, hidden: str | None = None) -> None:
        """`hidden`: what is said of numbers that are not to be seen; None shows them."""
        self.wipe()
        line, column = 0, 0
        for place, row in enumerate(rows):
            wide = row.wide or _width(row.value) > _HALF_A_LINE
            if wide and column:
                line, column = line + 1, 0
            term, value = self._pair(place)
            term.setText(row.term)
            if row.number and hidden is not None:
                value.conceal(row.term, hidden)
            else:
                value.tell(row.term, row.value, row.odd)
            self._grid.addWidget(term, line, column + _TERM, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(value, line, column + _VALUE, 1, _COLUMNS - 1 if wide else 1)
            term.show()
            value.show()
            column += 2
            if wide or column == _COLUMNS:
                line, column = line + 1, 0
        self.show()

    def wipe(self) -> None:
        self.hide()
        for term, value in self._pairs:
            term.hide()
            term.setText("")
            value.hide()
            value.wipe()
            self._grid.removeWidget(term)
            self._grid.removeWidget(value)

    def _pair(self, place: int) -> tuple[QLabel, Value]:
        if place == len(self._pairs):
            term, value = label("term", wrap=False), Value()
            term.setParent(self)
            value.setParent(self)
            self._pairs.append((term, value))
        return self._pairs[place]


def _width(text: str) -> int:
    """In half-width characters."""
    return sum(2 if unicodedata.east_asian_width(char) in "FWA" else 1 for char in text)
