"""A list that is only read: one line of words an item, with the arrow keys to go through it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from myna_app.ui.icons import row_icon
from myna_app.ui.theme import Theme
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.wrapped_rows import wrap_rows

_SIGN = 20


class Lines(QListWidget):
    """Rows wrap; each has what a screen reader says of it. As high as its rows, or as `room` px where they scroll; a
    page with more room gives it."""

    def __init__(self, theme: Theme, identifier: str, name: str, *, room: int | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._room = None if room is None else theme.px(room)
        self.setObjectName(identifier)
        self.setAccessibleIdentifier(identifier)
        self.setAccessibleName(name)
        self.setIconSize(QSize(theme.px(_SIGN), theme.px(_SIGN)))
        wrap_rows(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        rows = self.contentsSize().height() + 2 * self.frameWidth()
        return QSize(super().sizeHint().width(), rows if self._room is None else min(rows, self._room))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows that wrap are higher where the list is narrower."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def add_line(self, text: str, *, spoken: str | None = None, sign: tuple[str, Tone] | None = None) -> None:
        """`sign`: a picture before the words, and its colour; the words have to say what it means."""
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken or text)
        if sign is not None:
            name, tone = sign
            colour = self._theme.tone_colour(tone)
            item.setIcon(row_icon(name, colour, self._theme.px(_SIGN), self.devicePixelRatioF()))
        self.addItem(item)
        self.updateGeometry()
