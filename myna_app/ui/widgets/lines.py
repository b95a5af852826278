"""A list that is only read: one line of words an item, with the arrow keys to go through it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from myna_app.ui.widgets.wrapped_rows import wrap_rows


class Lines(QListWidget):
    """Rows wrap; each has what a screen reader says of it."""

    def __init__(self, identifier: str, name: str) -> None:
        super().__init__()
        self.setObjectName(identifier)
        self.setAccessibleIdentifier(identifier)
        self.setAccessibleName(name)
        wrap_rows(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """The least height; a page with more room gives it."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def add_line(self, text: str, *, spoken: str | None = None) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken or text)
        self.addItem(item)
