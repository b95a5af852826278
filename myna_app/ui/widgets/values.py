"""The values of a 資格. Its labels are kept and used again: making one is dear, a text is not."""

from collections.abc import Iterable

from PySide6.QtWidgets import QLabel

from myna_app.ui.presentation import Group, Row
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme, mark
from myna_app.ui.widgets.labels import Value, label
from myna_app.ui.widgets.pairs import Pair, Pairs


class ValueGrid(Pairs):
    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__(theme)
        self._before = texts("M-13.before")
        self._kept: list[tuple[QLabel, Value]] = []
        self._used = 0
        self.hide()

    def show_groups(self, groups: Iterable[Group], *, hidden: str | None = None) -> None:
        """`hidden`: what is said of numbers that are not to be seen; None shows them."""
        self.wipe()
        self.lay([self._pair(row, hidden) for row in group] for group in groups)
        self.show()

    def wipe(self) -> None:
        """The labels stay where they are: the next result most often needs the same."""
        self.hide()
        for term, value in self._kept[: self._used]:
            term.setText("")
            value.wipe()
        self._used = 0

    def _pair(self, row: Row, hidden: str | None) -> Pair:
        """Of a number that is hidden, what was before it is hidden too."""
        shown = self._shown(row, hidden, "value")
        if row.before is None:
            return Pair(*shown)
        before = Row(self._before, row.before, number=row.number)
        return Pair(*shown, Pair(*self._shown(before, hidden, "past")))

    def _shown(self, row: Row, hidden: str | None, role: str) -> tuple[QLabel, Value]:
        if self._used == len(self._kept):
            made = label("term", wrap=False), Value()
            for one in made:
                one.setParent(self)
            self._kept.append(made)
        term, value = self._kept[self._used]
        self._used += 1
        if value.property("role") != role:
            mark(value, role=role)
        term.setText(row.term)
        if row.number and hidden is not None:
            value.conceal(row.term, hidden)
        else:
            value.tell(row.term, row.value, row.odd)
        return term, value
