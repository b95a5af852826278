"""What the desk is told between visitors, quietly: a newer version, お知らせ of the operator."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from myna_app.flow.states import Desk
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import label


class News(QWidget):
    """Hidden while there is none; お知らせ unfold."""

    def __init__(
        self, texts: Texts, theme: Theme, *, update: Callable[[], None], unfold: Callable[[QWidget], None]
    ) -> None:
        super().__init__()
        self._texts = texts
        self._update_words = label("body")
        self._update = _line(self._update_words, Button(texts("M-25.open"), Kind.TEXT, "M-10.update", update))
        self._titles = label("body")
        self._text = label("body")
        self._panel = QFrame()
        self._panel.setProperty("part", "panel")
        inside = QVBoxLayout(self._panel)
        inside.setContentsMargins(12, 4, 12, 4)
        inside.addWidget(self._text)
        self._read = Button("", Kind.TEXT, "M-10.announcements", self._toggle)
        self._unfold = unfold
        self._announced = _line(self._titles, self._read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        for part in (self._update, self._announced, self._panel):
            column.addWidget(part)
        self.fold()

    def show_news(self, texts: Texts, desk: Desk) -> None:
        told = desk.announcements
        self._update.setVisible(desk.update is not None or desk.update_by is not None)
        if desk.update_by is not None:
            self._update_words.setText(texts("M-25.banner_by", date=texts.day(desk.update_by)))
        else:
            self._update_words.setText(texts("M-25.banner"))
        self._announced.setVisible(bool(told))
        self._titles.setText("、".join(one.title for one in told))
        self._text.setText(told[0].text if len(told) == 1 else announced(desk))  # its title stands above
        self.setVisible(bool(told) or not self._update.isHidden())

    @property
    def opened(self) -> bool:
        return not self._panel.isHidden()

    def fold(self) -> None:
        self._panel.hide()
        self._name_button()

    def _toggle(self) -> None:
        self._unfold(self._panel)
        self._name_button()

    def _name_button(self) -> None:
        self._read.rename(self._texts("M-10.announcements_close" if self.opened else "M-10.announcements"))


def announced(desk: Desk) -> str:
    return "\n\n".join(f"{one.title}\n{one.text}" for one in desk.announcements)


def _line(words: QWidget, button: Button) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(24)
    row.addWidget(words, 1)
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
    return line
