"""Bars of whole numbers, drawn with the theme; whoever cannot see them hears its description."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from myna_app.ui.theme import Theme, app_font


class BarChart(QWidget):
    """`show_bars` takes a label and two counts a bar, drawn on each other; the second is told apart by hatching too.

    Each is outlined, for few of them are no more than a line.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bars: Sequence[tuple[str, int, int]] = ()
        self.setMinimumHeight(theme.px(150))

    def show_bars(self, bars: Sequence[tuple[str, int, int]], description: str) -> None:
        self._bars = bars
        self.setAccessibleName(description)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        highest = max((first + second for _label, first, second in self._bars), default=0)
        if not highest:
            return
        painter = QPainter(self)
        painter.setFont(app_font(theme.px(14)))
        text = theme.colour(theme.tokens.text)
        line = painter.fontMetrics().height()
        room = self.height() - 2 * line - 4
        step = self.width() / len(self._bars)
        thick = min(step * 0.7, theme.px(28))
        every = max(1, -(-painter.fontMetrics().horizontalAdvance("0000") // max(1, int(step))))
        for place, (label, first, second) in enumerate(self._bars):
            left = place * step + (step - thick) / 2
            bottom = float(line + room)
            for count, colour, pattern in (
                (first, theme.tokens.primary, Qt.BrushStyle.SolidPattern),
                (second, theme.tokens.error.fg, Qt.BrushStyle.BDiagPattern),
            ):
                height = room * count / highest
                bar = QRectF(left, bottom - height, thick, height)
                painter.fillRect(bar, theme.colour(theme.tokens.bg))
                brush = painter.brush()
                brush.setStyle(pattern)
                brush.setColor(theme.colour(colour))
                painter.setPen(theme.colour(colour))
                painter.setBrush(brush)
                if count:
                    painter.drawRect(bar)
                bottom -= height
            painter.setPen(text)
            if place % every == 0:
                under = QRectF(place * step - step, line + room, 3 * step, line)
                painter.drawText(under, Qt.AlignmentFlag.AlignCenter, label)
            if first + second:
                above = QRectF(place * step - step, bottom - line, 3 * step, line)
                painter.drawText(above, Qt.AlignmentFlag.AlignCenter, str(first + second))
        painter.setPen(theme.colour(theme.tokens.border))
        painter.drawLine(0, line + room, self.width(), line + room)
        painter.end()
