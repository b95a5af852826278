"""M-16 セキュリティコードの入力 and M-17 ICチップの顔写真の確認, between a visit's answer and its result.

The answer waits behind both and is forgotten with them: idle time, F8, minimise, lock, the next card.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from myna_app.flow.events import Cleared
from myna_app.flow.photograph import (
    Objection,
    PersonCompared,
    PhotographCheck,
    PhotographSkipped,
    SecurityCodeEntry,
    SecurityCodeTyped,
)
from myna_app.formats.card_number_b import is_security_code
from myna_app.formats.secret import Secret
from myna_app.ui.idle import Idle
from myna_app.ui.native import Sound
from myna_app.ui.pages.base import WARN_SECONDS, FootButton, Page, S
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.confirming import FaceGuard
from myna_app.ui.widgets.field import Field, compact
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.panel import Panel
from myna_app.ui.widgets.photograph import Photograph


class _WaitingPage(Page[S]):
    """A visit's answer waits behind this page, as long as a result would be shown."""

    sensitive = True
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._idle = Idle(kit.options.result_seconds, self)
        self._idle.ticked.connect(self._tell_seconds)
        self._idle.expired.connect(lambda: self.act(Cleared()))

    def entered(self) -> None:
        self._idle.start()

    def left(self) -> None:
        self._idle.stop()

    def _tell_seconds(self, left: int) -> None:
        self.count_down(left)
        if left == WARN_SECONDS:
            self.say(self.texts("M-16.countdown_spoken"), assertive=True)


class SecurityCodePage(_WaitingPage[SecurityCodeEntry]):
    number = "M-16"

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._may_type = True
        self._words = ""
        self._told = Banner(kit.theme)
        self._lead = label("body", self.texts("M-16.lead"))
        self._field = Field(self.texts, "M-16.code", "M-16.code", clean=compact)
        self._field.edit.setMaximumWidth(kit.theme.px(240))
        self._field.edited.connect(lambda: self._field.say_wrong(None))
        for part in (self._told, self._lead, self._field):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def show_screen(self, screen: SecurityCodeEntry) -> None:
        before, self._may_type = self._may_type, screen.may_type
        self._lead.setVisible(screen.may_type)
        self._field.setVisible(screen.may_type)
        if screen.may_type:
            self._told.show_message(Tone.INFO, "notice", self.texts("M-16.hold"))
        else:
            self._told.show_message(
                Tone.WARN, "alert", self.texts("M-16.without"), self.texts(f"M-16.{screen.objection}")
            )
        self._words = "" if screen.objection is None else self.texts(f"M-16.{screen.objection}")
        if screen.objection is Objection.MISTYPED:
            self._field.say_wrong(self._words)
        elif before and not screen.may_type:
            self._field.wipe()
            self.say(self._words, assertive=True)

    def main_button(self) -> FootButton:
        if self._may_type:
            return FootButton(self.texts("M-16.look"), self._submit)
        return FootButton(self.texts("M-16.skip"), self._skip)

    def second_button(self) -> FootButton:
        if self._may_type:
            return FootButton(self.texts("M-16.skip"), self._skip)
        return FootButton(self.texts("button.stop"), self.escape)

    def focus_target(self) -> QWidget | None:
        return self._field.edit if self._may_type else None

    def spoken(self) -> str:
        return self._words + self.texts("M-16.spoken" if self._may_type else "M-16.without")

    def entered(self) -> None:
        super().entered()
        if self._words:
            self.play(Sound.PROBLEM)

    def left(self) -> None:
        super().left()
        self._field.wipe()
        self._may_type = True

    def _submit(self) -> None:
        code = self._field.text()
        if is_security_code(code):
            self.act(SecurityCodeTyped(Secret(code)))
            return
        message = self.texts("M-16.wrong")
        self._field.say_wrong(message)
        self._field.edit.setFocus()
        self.say(message, assertive=True)

    def _skip(self) -> None:
        self.act(PhotographSkipped())


class PhotographPage(_WaitingPage[PhotographCheck]):
    """Shown only after the backend has confirmed it; gone with the first key that leaves the page."""

    number = "M-17"

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._guard = FaceGuard(kit.clock)
        self._photograph = Photograph(self.texts("M-17.photograph"))
        finish = Button(self.texts("M-17.finish"), Kind.OUTLINE, "M-17.finish", self._reject)
        self._different = Panel(self.texts("M-17.different_advice"), finish)
        words = QVBoxLayout()
        words.setSpacing(kit.theme.px(8))
        words.addWidget(label("large", f"{self.texts('M-17.first')}\n{self.texts('M-17.second')}"))
        words.addWidget(label("body", self.texts("M-17.genuine")))
        different = Button(self.texts("M-10.different"), Kind.TEXT, "M-17.different", self._unfold)
        words.addWidget(different, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._different)
        words.addStretch()
        row = QHBoxLayout()
        row.setSpacing(kit.theme.px(24))
        row.addWidget(self._photograph)
        row.addLayout(words, 1)
        self.column.addLayout(row, 1)

    def show_screen(self, screen: PhotographCheck) -> None:
        self._photograph.show_picture(screen.picture)

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.next"), self._confirm)

    def spoken(self) -> str:
        return self.texts("M-17.first")

    def entered(self) -> None:
        super().entered()
        self._guard.appear()

    def left(self) -> None:
        super().left()
        self._photograph.wipe()
        self._different.hide()

    def _unfold(self) -> None:
        self._photograph.keep_height()
        self.unfold(self._different)

    def _confirm(self) -> None:
        at = self._guard.confirmed_at()
        if at is not None:
            self.act(PersonCompared(same_person=True, at=at))

    def _reject(self) -> None:
        self.act(PersonCompared(same_person=False, at=self.kit.clock()))
