"""A short list of which one is chosen: arrow keys move, Space or a click chooses."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy

from myna_app.ui.widgets.wrapped_rows import wrap_rows

_KEY = Qt.ItemDataRole.UserRole


class ChoiceList(QListWidget):
    """Rows have a key each.

    Signals:
        picked(key): a row was chosen.
    """

    picked = Signal(str)

    def __init__(self, identifier: str, name: str) -> None:
        super().__init__()
        self.setObjectName(identifier)
        self.setAccessibleIdentifier(identifier)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        wrap_rows(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.itemClicked.connect(self._pick)

    def offer(self, key: str, text: str, *, spoken: str, usable: bool = True) -> None:
        item = QListWidgetItem(text)
        item.setData(_KEY, key)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        if not usable:
            item.setFlags(Qt.ItemFlag.ItemIsSelectable)
        self.addItem(item)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as its rows; a page may set a maximum."""
        return QSize(super().sizeHint().width(), self.contentsSize().height() + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows that wrap are higher where the list is narrower."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def current(self) -> str | None:
        """Key of the row that is seen to be under the cursor."""
        items = self.selectedItems()
        return str(items[0].data(_KEY)) if items else None

    def move_to(self, key: str | None) -> None:
        """The cursor onto the row of `key`, or the first."""
        keys = [self.item(row).data(_KEY) for row in range(self.count())]
        if keys:
            self.setCurrentRow(keys.index(key) if key in keys else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and not self.selectedItems():
            self.setCurrentItem(item)  # the focus has put the cursor there unseen: no key acts on that row or passes it
        elif event.key() == Qt.Key.Key_Space and item is not None:
            self._pick(item)
        else:
            super().keyPressEvent(event)

    def _pick(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.picked.emit(str(item.data(_KEY)))
