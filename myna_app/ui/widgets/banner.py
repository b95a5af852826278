"""A framed message that carries its meaning three times: picture, words, colour."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from myna_app.ui.icons import Icon
from myna_app.ui.theme import Theme, mark
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.labels import heading, label


class Banner(QFrame):
    """Title and lines beside an icon. `role` sizes the title: ``h1`` for problems, ``verdict`` for results, ``h2`` in a
    form, which needs the room."""

    def __init__(self, theme: Theme, role: str = "h1") -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("part", "banner")
        self._large = role == "verdict"
        self._icon = Icon()
        self.title = heading(role)
        self._text = label("large")
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(self.title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 4)
        row.setSpacing(theme.px(16))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop if not self._large else Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)

    def show_message(self, tone: Tone, icon: str, title: str, text: str = "") -> None:
        mark(self, tone=tone.value)
        for part in (self.title, self._text):
            mark(part)
        self._icon.show_picture(icon, self._theme.tone_colour(tone), self._theme.px(64 if self._large else 44))
        self.title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))

    def wipe(self) -> None:
        self.title.setText("")
        self._text.setText("")
