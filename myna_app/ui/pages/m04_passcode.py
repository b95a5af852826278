"""M-04 パスコードの登録 and M-05 パスコードの確認: the same four digits twice."""

from typing import Generic

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from myna_app.flow.events import Back, PasscodeTyped
from myna_app.flow.states import PasscodeChoice, PasscodeRepeat
from myna_app.ui.pages.base import FootButton, Page, S
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.buttons import Button
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.passcode import Keypad, PasscodeField


class PasscodePage(Page[S], Generic[S]):
    """Dots, keypad, and a place for a message; also the ground of M-06."""

    sensitive = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.field = PasscodeField(self.texts, kit.theme, f"{self.number}.passcode")
        self.lead = label("body", self.texts(f"{self.number}.lead"))
        self.message = label("message")
        self.message.hide()
        self._keypad = Keypad(self.texts, kit.theme, self.field)
        beside = QVBoxLayout()
        beside.setSpacing(kit.theme.px(12))
        for widget in (self.lead, self.message):
            beside.addWidget(widget)
        for button in self.more():
            beside.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        beside.addStretch()
        left = QVBoxLayout()
        left.setSpacing(kit.theme.px(16))
        left.addWidget(self.field)
        left.addWidget(self._keypad)
        left.addStretch()
        row = QHBoxLayout()
        row.setSpacing(kit.theme.px(40))
        row.addLayout(left)
        row.addLayout(beside, 1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self.field.changed.connect(self.digits_changed)

    def more(self) -> tuple[Button, ...]:
        """Text buttons beside the keypad."""
        return ()

    def digits_changed(self, count: int) -> None:
        if count:
            self.tell(None)
            self.say(self.texts("field.passcode_count", n=count))

    def tell(self, message: str | None) -> None:
        """A message beside the keypad; None takes it away."""
        if message is not None:
            self.say(message, assertive=True)
        self.message.setText(message or "")
        self.message.setVisible(message is not None)
        self.field.mark_wrong(message is not None)

    def submit(self) -> None:
        if self.field.complete:
            self.act(PasscodeTyped(self.field.secret()))
        else:
            self.object_to("not_four_digits")

    def object_to(self, objection: str) -> None:
        """Why these digits will not do. A press of 「次へ」 has taken the keyboard from them; it comes back."""
        key = f"M-04.objection.{objection}"
        self.tell(self.texts(key if self.texts.has(key) else "M-04.objection.weak"))
        self.field.setFocus()

    def focus_target(self) -> QWidget:
        return self.field

    def spoken(self) -> str:
        return self.lead.text()

    def entered(self) -> None:
        if self.kit.options.shuffle_keypad:
            self._keypad.shuffle()

    def left(self) -> None:
        self.field.wipe()
        self.tell(None)


class ChoicePage(PasscodePage[PasscodeChoice]):
    number = "M-04"

    def show_screen(self, screen: PasscodeChoice) -> None:
        """An objection stays until the next digit is typed."""
        self.can_go_back = screen.changing
        self.lead.setText(self.texts("M-04.change_lead" if screen.changing else "M-04.lead"))
        if screen.objection is None:
            return
        self.field.wipe()
        self.object_to(screen.objection)

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.next"), self.submit)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("button.stop"), self.escape)

    def quit_question(self) -> str:
        return super().quit_question() if self.can_go_back else self.texts("dialog.quit_setup")

    def escape(self) -> None:
        """The account stays registered; the next start goes on here. A change is given up, the present one stays."""
        if self.can_go_back:
            self.act(Back())
        else:
            self.quit_asked.emit()


class RepeatPage(PasscodePage[PasscodeRepeat]):
    number = "M-05"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._keeping = False

    def show_screen(self, screen: PasscodeRepeat) -> None:
        self._keeping = screen.keeping

    def main_button(self) -> FootButton:
        words = self.texts("M-05.keeping" if self._keeping else "button.next")
        return FootButton(words, self.submit, busy=self._keeping)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("button.stop"), lambda: self.act(Back()))
