"""M-21 端末固有IDの表示: large, grouped, spelled, to copy, to scan, to print; hidden again by itself."""

import platform

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from myna_app.flow.events import Confirmed
from myna_app.flow.states import TerminalIdScreen
from myna_app.formats.terminal_id import show_terminal_id
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.printing import print_sheet
from myna_app.ui.terminal_id_words import is_care, sheet, spelled
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import Value, heading, label

_QUIET_ZONE = 4
_GROUPS = 4


class TerminalIdPage(Page[TerminalIdScreen]):
    number = "M-21"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._grouped = ""
        self._id = Value("id")
        self._id.setWordWrap(False)
        self._qr = QLabel()
        self._qr.setAccessibleName(self.texts("M-21.qr"))
        self._advice = label("body")
        self._hide = QTimer(self, singleShot=True, interval=kit.options.terminal_id_seconds * 1000)
        self._hide.timeout.connect(self.escape)
        words = QVBoxLayout()
        words.setSpacing(kit.theme.px(6))
        words.addWidget(label("h3", self.texts("M-21.lead")))
        words.addWidget(self._id)
        buttons = QHBoxLayout()
        buttons.setSpacing(24)
        buttons.addWidget(Button(self.texts("M-21.copy"), Kind.OUTLINE, "M-21.copy", self._copy))
        buttons.addWidget(Button(self.texts("M-21.print"), Kind.OUTLINE, "M-21.print", self._print))
        buttons.addStretch()
        words.addLayout(buttons)
        words.addWidget(self._advice)
        words.addWidget(heading("h3", self.texts("M-21.telephone")))
        self._spelling = [(label("body", wrap=False), label("body")) for _ in range(_GROUPS)]
        spelling = QGridLayout()
        spelling.setHorizontalSpacing(kit.theme.px(24))
        spelling.setVerticalSpacing(0)
        spelling.setColumnStretch(1, 1)
        for line, (group, sounds) in enumerate(self._spelling):
            spelling.addWidget(group, line, 0, Qt.AlignmentFlag.AlignTop)
            spelling.addWidget(sounds, line, 1)
        words.addLayout(spelling)
        words.addStretch()
        row = QHBoxLayout()
        row.setSpacing(kit.theme.px(40))
        row.addLayout(words, 1)
        row.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def show_screen(self, _screen: TerminalIdScreen) -> None:
        if self.desk.terminal_id is None:
            return
        self._grouped = show_terminal_id(self.desk.terminal_id)
        self._id.setText(self._grouped)
        # Spelled, so that a screen reader tells 0 from O and 1 from I.
        self._id.setAccessibleName(self.texts("M-21.name", spelled=" ".join(self._grouped)))
        self._qr.setPixmap(_qr_code(self._grouped, self.kit.theme.px(132)))
        self._advice.setText(self.texts("M-21.advice" if is_care(self.desk) else "M-21.advice_general"))
        lines = spelled(self.texts, self._grouped)
        for (group, sounds), (letters, words) in zip(self._spelling, lines, strict=True):
            group.setText(letters)
            sounds.setText(words)

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def escape(self) -> None:
        self.act(Confirmed())

    def spoken(self) -> str:
        return self.texts("M-21.spoken", seconds=self.kit.options.terminal_id_seconds)

    def entered(self) -> None:
        self._hide.start()

    def left(self) -> None:
        self._hide.stop()
        self._grouped = ""
        self._id.wipe()
        self._qr.clear()
        for group, sounds in self._spelling:
            group.setText("")
            sounds.setText("")

    def _copy(self) -> None:
        self.noted.emit(self.copy(self._grouped))

    def _print(self) -> None:
        """What the form asks for and whose PC it is; nothing else of this program goes onto paper."""
        if self.desk.terminal_id is not None:
            day = self.kit.now().date()
            html = sheet(self.texts, self.desk, self.desk.terminal_id, platform.node(), day)
            print_sheet(self, html, self._printed)

    def _printed(self, done: bool) -> None:
        words = self.texts("M-21.printed" if done else "M-21.not_printed")
        if self.isVisible():  # the page closes by itself, also below the printer's dialog
            self.noted.emit(words)
            self.say(words, assertive=not done)


def _qr_code(text: str, size: int) -> QPixmap:
    """Black on white whatever the theme: scanners want nothing else."""
    import segno  # noqa: PLC0415 - start-up does not pay for it

    matrix = segno.make(text, error="m").matrix
    side = len(matrix) + 2 * _QUIET_ZONE
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    dark = QColor(Qt.GlobalColor.black)
    for row, line in enumerate(matrix):
        for column, module in enumerate(line):
            if module:
                image.setPixelColor(column + _QUIET_ZONE, row + _QUIET_ZONE, dark)
    scale = max(1, round(size / side))
    return QPixmap.fromImage(image.scaled(side * scale, side * scale))
