"""M-08 本人確認（再認証）: the account password, to choose a new passcode."""

from PySide6.QtWidgets import QWidget

from myna_app.flow.events import PasswordTyped
from myna_app.flow.states import Reauthentication
from myna_app.formats.secret import Secret
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.field import Field
from myna_app.ui.widgets.labels import label

_END = 3
"""Characters of the user ID that tell one PC's account from the next; the whole of it is not for who finds the PC."""


class ReauthenticationPage(Page[Reauthentication]):
    number = "M-08"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._shown = Reauthentication()
        self._password = Field(self.texts, "M-08.password", "M-08.password", secret=True)
        self._password.edit.setMaximumWidth(kit.theme.px(420))
        self._password.edited.connect(lambda: self._password.say_wrong(None))
        self._account = label("body")
        self.column.addWidget(label("body", self.texts("M-08.lead")))
        self.column.addWidget(self._account)
        self.column.addWidget(label("hint", self.texts("M-08.erased")))
        self.column.addWidget(self._password)
        self.column.addStretch(1)

    def show_screen(self, screen: Reauthentication) -> None:
        before, self._shown = self._shown, screen
        user_id = self.desk.user_id
        self._account.setVisible(user_id is not None)
        self._account.setText(self.texts("M-08.user_id", end=(user_id or "")[-_END:]))
        if screen.error is not None and screen != before:
            self._password.wipe()
            self._refuse(self.texts("M-08.wrong"))

    def main_button(self) -> FootButton:
        sending = self._shown.sending
        return FootButton(self.texts("M-08.sending" if sending else "M-08.confirm"), self._submit, busy=sending)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("button.stop"), self.escape)

    def focus_target(self) -> QWidget:
        return self._password.edit

    def spoken(self) -> str:
        return self.texts("M-08.lead")

    def left(self) -> None:
        self._password.wipe()
        self._shown = Reauthentication()

    def _submit(self) -> None:
        password = self._password.text()
        if self._shown.sending:
            return
        if not password:
            self._refuse(self.texts("field.missing", label=self._password.name))
        elif not password.isascii():
            self._refuse(self.texts("field.wide"))
        else:
            self._password.say_wrong(None)
            self.act(PasswordTyped(Secret(password)))

    def _refuse(self, message: str) -> None:
        self._password.say_wrong(message)
        self._password.edit.setFocus()
        self.say(message, assertive=True)
