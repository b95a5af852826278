"""プロキシ「自分で入力する」: where it is, and who asks. The password kept before is never shown again."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from myna_app.flow.beside import NO_PROXY, ProxyForm
from myna_app.formats.secret import Secret
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.field import Field, half_width


class ProxyPanel(QFrame):
    """Hidden until it is wanted.

    Signals:
        typed(form): by a person, to be kept.
        refused(field, message): something is missing or wrong.
    """

    typed = Signal(object)
    refused = Signal(QWidget, str)

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self._shown = NO_PROXY
        self.setProperty("part", "panel")
        self._address = Field(texts, "M-22.proxy", "M-22.proxy", clean=half_width)
        self._user = Field(texts, "M-22.proxy_user", "M-22.proxy_user", clean=half_width, required=False)
        self._password = Field(texts, "M-22.proxy_password", "M-22.proxy_password", secret=True, required=False)
        self._fields = {"proxy": self._address, "proxy_user": self._user}
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(16))
        for field in (self._address, self._user, self._password):
            field.edit.setMaximumWidth(theme.px(420))
            column.addWidget(field)
        save = Button(texts("M-22.proxy_save"), Kind.OUTLINE, "M-22.proxy_save", self._save)
        column.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def open(self) -> None:
        self.show()
        self._address.edit.setFocus()

    def show_form(self, form: ProxyForm, wrong: Mapping[str, str]) -> None:
        """What is kept, and what of it was not taken."""
        if form != self._shown:
            self._address.fill(form.address)
            self._user.fill(form.user)
            self._shown = form
        for name, field in self._fields.items():
            field.say_wrong(self._texts("field.refused", label=field.name) if name in wrong else None)
        first = next((self._fields[name] for name in self._fields if name in wrong), None)
        if first is not None:
            self._tell(first)

    def wipe(self) -> None:
        for field in (self._address, self._user, self._password):
            field.wipe()
        self._shown = NO_PROXY
        self.hide()

    def _save(self) -> None:
        if not self._address.text():
            self._address.say_wrong(self._texts("field.missing", label=self._address.name))
            self._tell(self._address)
            return
        self.typed.emit(ProxyForm(self._address.text(), self._user.text(), Secret(self._password.text())))
        self._password.wipe()

    def _tell(self, field: Field) -> None:
        field.edit.setFocus()
        self.refused.emit(field, field.wrong or "")
