"""Values of a result for the receipt computer: a press, or Ctrl and a digit, copies one; Ctrl and 0 copy all."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from myna_app.export.profiles import CopyProfile, Item, everything, value
from myna_app.formats.eligibility import Eligibility, Qualification
from myna_app.ui.native import copy_protected
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import Value, label

_NUMBERS = frozenset({Item.INSURER_NUMBER, Item.SYMBOL, Item.NUMBER, Item.BRANCH})


class Copies(QWidget):
    """The keys work while the page is on the screen, whether this list is open or not.

    Signals:
        copied(words): what was copied, without its value.
    """

    copied = Signal(str)

    def __init__(self, texts: Texts, theme: Theme, profile: CopyProfile, page: QWidget, seconds: int) -> None:
        """`seconds`: how long a copy can be pasted."""
        super().__init__()
        self._seconds = seconds
        self._texts = texts
        self._profile = profile
        self._one: Qualification | None = None
        self._hidden: str | None = None
        self._all: Callable[[Qualification], str] = lambda _one: ""
        self._rows: list[tuple[Button, Value]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label("hint", texts("M-13.copies_hint", seconds=seconds)))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)
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
        if not self._rows:
            self._rows = [self._row(place) for place in range(len(self._profile.order) + 1)]
        everything, *items = self._rows
        everything[0].show()
        for item, (button, shown) in zip(self._profile.order, items, strict=True):
            text, term = value(one, item, self._profile), self._texts(f"value.{item}")
            button.setVisible(text is not None)
            shown.setVisible(text is not None)
            if self._hidden is not None and item in _NUMBERS:
                shown.conceal(term, self._hidden)
            else:
                shown.tell(term, text or "")

    def _row(self, place: int) -> tuple[Button, Value]:
        """Made when the list is first unfolded: most visits need none of it. Place 0, all, stands last."""
        name = self._texts(f"value.{self._profile.order[place - 1]}") if place else self._texts("M-13.all")
        key = self._texts("M-13.key", n=place, item=name)
        button, shown = Button(key, Kind.TEXT, f"M-13.copy{place}", partial(self.copy, place)), Value()
        button.setAccessibleName(self._texts("M-13.copy_one", item=name))
        line = place or len(self._profile.order) + 1
        self._grid.addWidget(button, line, 0)
        self._grid.addWidget(shown, line, 1)
        shown.setVisible(place > 0)
        return button, shown

    def copy(self, place: int) -> None:
        """0: all; else the item of that place. What the answer does not hold is not copied."""
        if self._one is None:
            return
        if place == 0:
            copy_protected(self._all(self._one), self._seconds)
            self.copied.emit(self._texts("M-13.copied_all"))
            return
        item = self._profile.order[place - 1]
        text = value(self._one, item, self._profile)
        if text is not None:
            copy_protected(text, self._seconds)
            self.copied.emit(self._texts("M-13.copied", item=self._texts(f"value.{item}")))

    def wipe(self) -> None:
        self._one = None
        self._all = lambda _one: ""
        for _button, shown in self._rows:
            shown.wipe()
        self.hide()
