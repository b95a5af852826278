"""Questions: before something that cannot be taken back (the safe answer is first and is the default), and where to
put a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from myna_app.ui.focus_ring import FocusRing
from myna_app.ui.theme import Theme
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import label


class Question(QDialog):
    """Opens without a loop of its own; `act` is called when the person chose it."""

    def __init__(
        self, window: QWidget, theme: Theme, text: str, *, safe: str, risky: str, act: Callable[[], object]
    ) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(window.windowTitle())
        self.setAccessibleName(text)
        self.setMinimumWidth(theme.px(420))
        question = label("large", text)
        stay = Button(safe, Kind.FILL, "dialog.safe", self.reject)
        go = Button(risky, Kind.OUTLINE, "dialog.act", self.accept)
        stay.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(24)
        buttons.addStretch()
        buttons.addWidget(go)
        buttons.addWidget(stay)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 24)
        column.setSpacing(32)
        column.addWidget(question)
        column.addLayout(buttons)
        self.accepted.connect(act)
        FocusRing(self, theme)
        stay.setFocus()


def ask_where(page: QWidget, title: str, name: str, then: Callable[[Path], object]) -> None:
    """Ask where to put a new file `name`; `then` gets the chosen place. Asks again before it replaces a file."""
    dialog = QFileDialog(page.window(), title, QDir.homePath())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda file: then(Path(file)))
    dialog.open()
