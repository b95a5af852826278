"""Values of a result for the receipt computer: a press, or Ctrl and a digit, copies one; Ctrl and 0 copy all."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from myna_app.export.items import NUMBERS
from myna_app.export.profiles import KEYS, CopyProfile, everything, value
from myna_app.formats.eligibility import Eligibility, Qualification
from myna_app.ui.native import copy_protected
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import Value, label
from myna_app.ui.widgets.pairs import Pair, Pairs


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
        self._rows: list[Pair] = []
        self._pairs = Pairs(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        self._head = QHBoxLayout()
        self._head.addWidget(label("hint", texts("M-13.copies_hint", seconds=seconds)), 1)
        column.addLayout(self._head)
        column.addWidget(self._pairs)
        for place in range(KEYS):
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
        """Made when the list is first unfolded: most visits need none of it."""
        if not self._rows:
            self._head.addWidget(self._button(0, self._texts("M-13.all")))
            for place, item in enumerate(self._profile.order, start=1):
                button, shown = self._button(place, self._texts(f"value.{item}")), Value("copied")
                for part in (button, shown):
                    part.setParent(self._pairs)
                self._rows.append(Pair(button, shown))
        listed = []
        for item, pair in zip(self._profile.order, self._rows, strict=True):
            text, term = value(one, item, self._profile), self._texts(f"value.{item}")
            if self._hidden is not None and item in NUMBERS:
                pair.value.conceal(term, self._hidden)
            else:
                pair.value.tell(term, text or "")
            if text is not None:
                listed.append(pair)
        self._pairs.lay([listed])

    def _button(self, place: int, name: str) -> Button:
        """A tenth item and those after it have no key."""
        words = self._texts("M-13.key", n=place, item=name) if place < KEYS else name
        button = Button(words, Kind.TEXT, f"M-13.copy{place}", partial(self.copy, place))
        button.setAccessibleName(self._texts("M-13.copy_one", item=name))
        return button

    def first(self) -> QWidget:
        """The row to be seen when the list is unfolded: above it the verdict may stay in sight."""
        return next((pair.term for pair in self._rows if not pair.term.isHidden()), self)

    def copy(self, place: int) -> None:
        """0: all; else the item of that place. What the answer does not hold is not copied."""
        if self._one is None or place > len(self._profile.order):
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
        for pair in self._rows:
            pair.value.wipe()
        self.hide()
