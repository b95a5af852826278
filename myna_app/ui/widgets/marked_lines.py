"""Words below one another, each line with a mark; where they wrap, all of them stand right of the mark."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from myna_app.ui.theme import Theme
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.labels import label


class MarkedLines(QGridLayout):
    """Made anew for each result: nothing of the one before stays in a widget."""

    def __init__(self, theme: Theme, role: str, tone: Tone | None = None) -> None:
        super().__init__()
        self._role, self._tone = role, tone
        self._lines = 0  # a grid's own count of rows never goes down
        self.setColumnStretch(2, 1)
        self.setHorizontalSpacing(theme.px(4))
        self.setVerticalSpacing(theme.px(1))

    def add(self, mark: str, words: str, level: int = 0) -> None:
        """`level` 1: below a line of level 0."""
        row, self._lines = self._lines, self._lines + 1
        before, after = label(self._role, mark, wrap=False), label(self._role, words)
        if self._tone is not None:
            before.setProperty("tone", self._tone.value)
            after.setProperty("tone", self._tone.value)
        self.addWidget(before, row, level, Qt.AlignmentFlag.AlignTop)
        self.addWidget(after, row, level + 1, 1, -1)

    def wipe(self) -> None:
        self._lines = 0
        while (item := self.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
