"""M-06 パスコード入力: opens at the fourth digit; waits after repeated errors."""

import math
from types import MappingProxyType

from PySide6.QtCore import QTimer

from myna_app.flow.events import PasscodeForgotten, PasscodeTyped, Retried
from myna_app.flow.states import Locked, LockPurpose
from myna_app.ui.pages.base import FootButton
from myna_app.ui.pages.m04_passcode import PasscodePage
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.buttons import Button, Kind

_LEADS = MappingProxyType(
    {
        LockPurpose.OPEN: "M-06.lead",
        LockPurpose.CHANGE: "M-06.change_lead",
        LockPurpose.RELEASE: "M-06.release_lead",
    }
)


class LockedPage(PasscodePage[Locked]):
    number = "M-06"

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._shown = Locked()
        self._open_at = 0.0
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tell_wait)

    def more(self) -> tuple[Button, ...]:
        self._forgotten = Button(
            self.texts("M-06.forgotten"), Kind.TEXT, "M-06.forgotten", lambda: self.act(PasscodeForgotten())
        )
        return (self._forgotten,)

    def show_screen(self, screen: Locked) -> None:
        before, self._shown = self._shown, screen
        self.can_go_back = screen.purpose is not LockPurpose.OPEN
        self.lead.setText(self.texts("M-06.checking" if screen.checking else _LEADS[screen.purpose]))
        self.lead.setHidden(bool(screen.wait_seconds) or screen.password_needed)
        self._forgotten.rename(self.texts("M-06.use_password" if screen.password_needed else "M-06.forgotten"))
        if screen == before:
            return
        if screen.checking:
            return
        self.field.wipe()
        self._second.stop()
        if screen.password_needed:
            self.tell(self.texts("M-06.password_needed"))
        elif screen.wait_seconds:
            self._open_at = self.kit.clock() + screen.wait_seconds
            self._second.start()
            self._tell_wait()
        elif screen.wrong:
            self.tell(self._wrong(screen.tries_left))
        else:
            self.tell(None)

    def _wrong(self, tries_left: int | None) -> str:
        return self.texts("M-06.wrong") if tries_left is None else self.texts("M-06.wrong_counted", n=tries_left)

    def _tell_wait(self) -> None:
        """Seconds run on the screen; they are spoken once a minute."""
        left = math.ceil(self._open_at - self.kit.clock())
        if left <= 0:
            self._second.stop()
            self.act(Retried(self.kit.clock()))
            self.say(self.texts("M-06.waiting_over"))
            return
        words = self.texts("M-06.waiting", wait=self.texts.duration(left))
        if left == self._shown.wait_seconds or left % 60 == 0:
            self.tell(words)
        self.message.setText(words)

    def spoken(self) -> str:
        """While no digit is taken, only why."""
        return "" if self.lead.isHidden() else super().spoken()

    def second_button(self) -> FootButton | None:
        return FootButton(self.texts("button.stop"), self.escape) if self.can_go_back else None

    def digits_changed(self, count: int) -> None:
        if self._shown.wait_seconds or self._shown.password_needed:
            if count:
                self.field.wipe()
            return
        super().digits_changed(count)
        if self.field.complete:
            self.submit()

    def submit(self) -> None:
        self.act(PasscodeTyped(self.field.secret()))

    def left(self) -> None:
        self._second.stop()
        super().left()
        self._shown = Locked()
