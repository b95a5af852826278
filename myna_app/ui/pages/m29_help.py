"""M-29 ヘルプ: F1, what this screen is for and which keys work; needs no network."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from myna_app.ui.focus_ring import FocusRing
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import heading, label


class HelpPanel(QDialog):
    def __init__(self, window: QWidget, kit: Kit, title: str, text: str) -> None:
        super().__init__(window)
        texts, theme = kit.texts, kit.theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(texts("M-29.title"))
        self.setAccessibleName(f"{texts('M-29.title')}。{text}")
        self.setFixedWidth(theme.px(640))
        close = Button(texts("button.close"), Kind.FILL, "M-29.close", self.accept)
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.addWidget(label("caption", texts("app.screen_number", screen="M-29"), wrap=False))
        foot.addStretch()
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(theme.gap)
        column.addWidget(heading("h1", title))
        column.addWidget(label("large", text))
        column.addWidget(label("dense", texts("M-29.keys")))
        column.addLayout(foot)
        FocusRing(self, theme)
        close.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Wrapped lines know their height only at the width they get."""
        self.resize(self.width(), self.heightForWidth(self.width()))
        super().showEvent(event)
