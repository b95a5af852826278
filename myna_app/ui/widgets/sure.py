"""A question on the page itself: the safe answer first, nothing done by Enter."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import label


class Sure(QFrame):
    """Hidden until it is asked; either answer hides it."""

    def __init__(self, identifier: str, question: str, *, safe: str, risky: str, act: Callable[[], None]) -> None:
        super().__init__()
        self.question = question
        self._act = act
        self.setProperty("part", "panel")
        column = QVBoxLayout(self)
        column.addWidget(label("large", question))
        row = QHBoxLayout()
        row.setSpacing(24)
        self._safe = Button(safe, Kind.FILL, f"{identifier}_not", self.hide)
        row.addWidget(self._safe)
        row.addWidget(Button(risky, Kind.OUTLINE, f"{identifier}_sure", self._do))
        row.addStretch()
        column.addLayout(row)
        self.hide()

    def ask(self) -> None:
        self.show()
        self._safe.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self) -> None:
        self.hide()
        self._act()
