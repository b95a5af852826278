"""Ctrl and a digit copy one value of a result for the receipt computer, Ctrl and 0 all; the list shows which."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from myna_app.export.profiles import CopyProfile, Item, everything, value
from myna_app.formats.eligibility import Eligibility, Qualification
from myna_app.ui.native import copy_protected
from myna_app.ui.presentation import Row
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.values import ValueGrid

_NUMBERS = frozenset({Item.INSURER_NUMBER, Item.SYMBOL, Item.NUMBER, Item.BRANCH})


class Copies(QWidget):
    """The keys work while the page is on the screen, whether this list is open or not.

    Signals:
        copied(words): what was copied, without its value.
    """

    copied = Signal(str)

    def __init__(self, texts: Texts, theme: Theme, profile: CopyProfile, page: QWidget) -> None:
        super().__init__()
        self._texts = texts
        self._profile = profile
        self._one: Qualification | None = None
        self._hidden: str | None = None
        self._all: Callable[[Qualification], str] = lambda _one: ""
        self._grid = ValueGrid(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label("hint", texts("M-13.copies_hint")))
        column.addWidget(self._grid)
        for place in range(10):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{place}"), page)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda place=place: self.copy(place))
        self.hide()

    def offer(self, one: Qualification, eligibility: Eligibility, *, hidden: str | None) -> None:
        """What can be copied now; `hidden` is said in place of numbers that are not to be seen."""
        self._one, self._hidden = one, hidden
        day = eligibility.confirmed_at.astimezone().date()
        self._all = lambda one: everything(one, self._profile, day)
        if self.isVisible():
            self._fill(one)

    def showEvent(self, event: QShowEvent) -> None:
        """Filled when it is unfolded: most visits need none of it."""
        super().showEvent(event)
        if self._one is not None:
            self._fill(self._one)

    def _fill(self, one: Qualification) -> None:
        self._grid.show_rows(self._rows(one), hidden=self._hidden)

    def copy(self, place: int) -> None:
        """0: all; else the item of that place. What the answer does not hold is not copied."""
        if self._one is None:
            return
        if place == 0:
            copy_protected(self._all(self._one))
            self.copied.emit(self._texts("M-13.copied_all"))
            return
        item = self._profile.order[place - 1]
        text = value(self._one, item, self._profile)
        if text is not None:
            copy_protected(text)
            self.copied.emit(self._texts("M-13.copied", item=self._texts(f"value.{item}")))

    def wipe(self) -> None:
        self._one = None
        self._all = lambda _one: ""
        self._grid.wipe()
        self.hide()

    def _rows(self, one: Qualification) -> list[Row]:
        told = []
        for place, item in enumerate(self._profile.order, start=1):
            text = value(one, item, self._profile)
            if text is not None:
                term = self._texts("M-13.key", n=place, item=self._texts(f"value.{item}"))
                told.append(Row(term, text, number=item in _NUMBERS, wide=True))
        return told
