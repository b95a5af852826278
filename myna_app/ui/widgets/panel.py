"""Advice that opens on demand."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from myna_app.ui.widgets.buttons import Button
from myna_app.ui.widgets.labels import label


class Panel(QFrame):
    """Folded at first; `Page.unfold` opens it."""

    def __init__(self, advice: str = "", button: Button | None = None) -> None:
        super().__init__()
        self.setProperty("part", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 4)
        column.setSpacing(4)
        self._advice = label("body", advice)
        column.addWidget(self._advice)
        if button is not None:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def tell(self, advice: str) -> None:
        self._advice.setText(advice)
