"""Terms, or buttons, with a value each: two pairs beside each other where both fit, else one below the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from myna_app.ui.theme import Theme
from myna_app.ui.widgets.labels import Value

_GAP = 16
_LEFT, _RIGHT = 4, 3
"""Shares of the room: numbers, and days in two forms, stand left."""
_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """`beside`: another pair that tells of the same; both have their lines for themselves."""

    term: QWidget
    value: Value
    beside: "Pair | None" = None


class _Spot(NamedTuple):
    """Where a pair stands; no pair: the line between two groups."""

    pair: Pair | None
    line: int
    column: int
    span: int


class Pairs(QWidget):
    """Groups of pairs with a line between them. The pairs are their owner's."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._groups: list[list[Pair]] = []
        self._spots: list[_Spot] = []
        self._lines: list[QFrame] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(_GAP))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, _LEFT)
        self._grid.setColumnStretch(3, _RIGHT)

    def lay(self, groups: Iterable[Iterable[Pair]]) -> None:
        self._groups = [pairs for group in groups if (pairs := list(group))]
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def _place(self) -> None:
        """Anew where another pair fits beside its neighbour, or one no more."""
        spots = list(self._wanted())
        if spots == self._spots:
            return
        for widget in _widgets(self._spots) - _widgets(spots):
            widget.hide()
        self._spots = spots
        while self._grid.takeAt(0) is not None:
            pass
        for between in self._lines:
            between.hide()
        lines = self._between_groups()
        for pair, line, column, span in spots:
            if pair is None:
                self._grid.addWidget(next(lines), line, 0, 1, _COLUMNS)
            else:
                self._grid.addWidget(pair.term, line, column, Qt.AlignmentFlag.AlignVCenter)
                self._grid.addWidget(pair.value, line, column + 1, 1, span)
        for widget in _widgets(spots):
            if widget.isHidden():  # showing again what is shown costs as much as the first time
                widget.show()

    def _wanted(self) -> Iterator[_Spot]:
        left, right = self._rooms()
        line = 0
        for number, group in enumerate(self._groups):
            if number:
                yield _Spot(None, line, 0, _COLUMNS)
                line += 1
            column = 0
            for pair, begins, ends in _in_turn(group):
                width = pair.value.natural_width()
                if column and (begins or width > right):
                    line, column = line + 1, 0
                whole = not column and width > left
                yield _Spot(pair, line, column, _COLUMNS - 1 if whole else 1)
                column += 2
                if whole or ends or column == _COLUMNS:
                    line, column = line + 1, 0
            line += bool(column)

    def _rooms(self) -> tuple[int, int]:
        """What a value may take left and right."""
        every = [pair for group in self._groups for pair, _begins, _ends in _in_turn(group)]
        terms = max((pair.term.sizeHint().width() for pair in every), default=0)
        room = self.width() - 2 * terms - (_COLUMNS - 1) * self._theme.px(_GAP)
        return room * _LEFT // (_LEFT + _RIGHT), room * _RIGHT // (_LEFT + _RIGHT)

    def _between_groups(self) -> Iterator[QFrame]:
        """Lines, kept and used again."""
        for _ in range(len(self._lines), len(self._groups) - 1):
            line = QFrame(self)
            line.setProperty("part", "divider")
            line.setFixedHeight(self._theme.px(7))
            self._lines.append(line)
        for line in self._lines:
            line.show()
            yield line


def _widgets(spots: Iterable[_Spot]) -> set[QWidget]:
    return {widget for spot in spots if spot.pair is not None for widget in (spot.pair.term, spot.pair.value)}


def _in_turn(group: Iterable[Pair]) -> Iterator[tuple[Pair, bool, bool]]:
    """Each pair, whether it begins a line, and whether it ends one."""
    for pair in group:
        yield pair, pair.beside is not None, False
        if pair.beside is not None:
            yield pair.beside, False, True
