"""M-10 認証選択（目視): the home screen. staff compare photograph and person, an act never skipped."""

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from myna_app.flow.beside import SidePage
from myna_app.flow.events import FaceConfirmed, ReaderChoiceAsked
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import FaceCheck
from myna_app.formats.facility import FaceCheckWay
from myna_app.ui.icons import Icon
from myna_app.ui.native import Sound
from myna_app.ui.pages.base import CARD_LEFT_MS, FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.confirming import FaceGuard
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.news import News
from myna_app.ui.widgets.panel import Panel
from myna_app.ui.widgets.reader_line import ReaderLine


class FaceCheckPage(Page[FaceCheck]):
    number = "M-10"

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._guard = FaceGuard(kit.clock)
        self._remind = False
        self._left_long = QTimer(self, singleShot=True, interval=CARD_LEFT_MS)
        self._left_long.timeout.connect(self._tell_card_left)
        self._left_banner = Banner(kit.theme)
        self._news = News(self.texts, kit.theme, update=self._open_update, unfold=self._unfold)
        choose = Button(
            self.texts("M-10.choose_reader"), Kind.TEXT, "M-10.choose_reader", lambda: self.act(ReaderChoiceAsked())
        )
        self._reader = ReaderLine(kit.theme, choose)
        self._shown = False
        self._different = Panel(self.texts("M-10.different_advice"))
        confirm = Button(
            self.texts("M-10.no_photo_confirm"), Kind.OUTLINE, "M-10.no_photo_confirm", self._confirm_accompanied
        )
        self._no_photo = Panel(self.texts("M-10.no_photo_advice"), confirm)
        self.column.addWidget(self._left_banner)
        self.column.addWidget(self._news)
        self._compare = self._picture()
        self.column.addWidget(self._compare)
        self.column.addWidget(label("large", f"{self.texts('M-10.first')}\n{self.texts('M-10.second')}"))
        if kit.options.allow_photograph:
            self.column.addWidget(label("body", self.texts("M-10.code_follows")))
        self.column.addWidget(self._reader)
        self.add_row(
            Button(self.texts("M-10.different"), Kind.TEXT, "M-10.different", partial(self._unfold, self._different)),
            Button(self.texts("M-10.no_photo"), Kind.TEXT, "M-10.no_photo", partial(self._unfold, self._no_photo)),
        )
        self.column.addWidget(self._different)
        self.column.addWidget(self._no_photo)
        self.column.addStretch(1)

    def _picture(self) -> QWidget:
        """The card's photograph on the left, the person on the right."""
        theme = self.kit.theme
        frame = QFrame()
        frame.setProperty("part", "panel")
        row = QHBoxLayout(frame)
        row.setSpacing(theme.px(40))
        row.addStretch()
        for name, words, height in (
            ("card", "picture_card", 56),
            ("compare", "", 32),
            ("person", "picture_person", 56),
        ):
            icon = Icon()
            icon.show_picture(name, theme.colour(theme.tokens.text), theme.px(height))
            column = QVBoxLayout()
            column.setSpacing(theme.px(4))
            column.addWidget(icon, 0, Qt.AlignmentFlag.AlignCenter)
            if words:
                column.addWidget(
                    label("body", self.texts(f"M-10.{words}"), wrap=False), 0, Qt.AlignmentFlag.AlignCenter
                )
            row.addLayout(column)
        row.addStretch()
        return frame

    def show_screen(self, screen: FaceCheck) -> None:
        self._show_reader()
        self._news.show_news(self.texts, self.desk)
        self._left_banner.setVisible(self.desk.card_left)
        self._choose_picture()
        self._left_banner.show_message(
            Tone.WARN, "alert", self.texts("M-10.card_left"), self.texts("M-10.card_left_hint")
        )
        if screen.remind and not self._remind:
            self._tell_card_left()
        self._remind = screen.remind
        if not self.desk.card_left:
            self._left_long.stop()

    def fit(self, *, narrow: bool) -> None:
        """Closer than elsewhere: news push nothing off the screen."""
        super().fit(narrow=narrow)
        self.column.setSpacing(self.kit.theme.px(8 if self.kit.theme.compact else 10))
        self._choose_picture()

    def _choose_picture(self) -> None:
        """First things first: where there is something to tell and little room, the words do without it."""
        unfolded = not (self._different.isHidden() and self._no_photo.isHidden())
        crowded = self._news.opened or (self.kit.theme.compact and (unfolded or not self._news.isHidden()))
        self._compare.setHidden(self.desk.card_left or crowded)

    def _show_reader(self) -> None:
        """What becomes of the reader is said; how it stood at first was said with the page."""
        before = self._reader.standing
        self._reader.show_reader(self.texts, self.desk)
        if self._shown and self._reader.standing != before:
            self.say(self.texts("M-10.reader_now", reader=self._reader.words))

    def entered(self) -> None:
        self._shown = True
        self._guard.appear()
        if self.desk.card_left and not self._remind:
            self._left_long.start()

    def left(self) -> None:
        self._left_long.stop()
        self._shown = False
        self._remind = False
        self._news.fold()
        self._different.hide()
        self._no_photo.hide()

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.next"), self._confirm)

    def spoken(self) -> str:
        return self.texts("M-10.spoken", reader=self._reader.words)

    def _unfold(self, panel: QWidget) -> None:
        self.unfold(panel)
        self._choose_picture()

    def _open_update(self) -> None:
        self.act(PageAsked(SidePage.UPDATE))

    def _confirm(self) -> None:
        at = self._guard.confirmed_at()
        if at is not None and self._remind:
            self._tell_card_left()  # once more at every press: one that is answered by nothing seems to be lost
        elif at is not None:
            self.act(FaceConfirmed(at))

    def _tell_card_left(self) -> None:
        self._left_long.stop()
        self.say(self.texts("M-10.card_left"), assertive=True)
        self.play(Sound.REMINDER)

    def _confirm_accompanied(self) -> None:
        self.act(FaceConfirmed(self.kit.clock(), FaceCheckWay.ACCOMPANIED))
