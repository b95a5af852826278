"""M-02 アカウント情報の入力: the account issued on the application site; one account works on one PC."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from myna_app.flow.events import AccountSubmitted, Back
from myna_app.flow.states import AccountEntry, AccountForm
from myna_app.formats.account_sheet import read_sheet
from myna_app.formats.secret import Secret
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.field import Cleaner, Field, compact, digits, half_width
from myna_app.ui.widgets.labels import label

CARE_INSTITUTION_CODE = "8888888888"
"""Every account of a care office goes by this 機関コード."""
SHOW_PASSWORD_SECONDS = 10
_TWO_COLUMNS_FROM = 780
_INSTITUTION_CODE_LENGTH = 10
_USER_ID = re.compile(r"[!-~]{1,64}")
_PASSWORD = re.compile(r"[ -~]{1,128}")
_ACTIVATION_CODE = re.compile(r"[0-9A-Za-z]{4,64}")


class AccountPage(Page[AccountEntry]):
    """Everything is checked on the press, and everything wrong is told at once; the button is never greyed."""

    number = "M-02"

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._shown = AccountEntry()
        self._begun = False
        self._banner = Banner(kit.theme, "h2")
        self._banner.hide()
        self._institution = self._field("M-02.institution_code", clean=digits)
        self._user = self._field("M-02.user_id", clean=half_width)
        self._password = self._field("M-02.password", secret=True)
        self._activation = self._field("M-02.activation_code", clean=compact)
        for secret in (self._password, self._activation):
            secret.edited.connect(self.secret_typed)
        self._fields: Mapping[str, Field] = MappingProxyType(
            {
                "institution_code": self._institution,
                "user_id": self._user,
                "password": self._password,
                "activation_code": self._activation,
            }
        )
        self._institution.add_helper(
            Button(self.texts("M-02.care_code"), Kind.TEXT, "M-02.care_code", self._fill_care_code)
        )
        self._show = Button(self.texts("M-02.password_show"), Kind.TEXT, "M-02.password_show", self._toggle_password)
        self._password.add_helper(self._show)
        self._conceal = QTimer(self, singleShot=True, interval=SHOW_PASSWORD_SECONDS * 1000)
        self._conceal.timeout.connect(lambda: self._show_password(False))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(40)
        self._grid.setVerticalSpacing(12)  # the focus ring takes 6
        top = QHBoxLayout()
        top.setSpacing(24)
        top.addWidget(self.heading, 1)
        top.addWidget(Button(self.texts("M-02.paste"), Kind.OUTLINE, "M-02.paste", self._paste))
        self.column.addLayout(top)
        self._lead = label("body", self.texts("M-02.lead"))
        self.column.addWidget(self._lead)
        self.column.addWidget(self._banner)
        self.column.addLayout(self._grid)
        self.column.addStretch(1)

    def fit(self, *, narrow: bool) -> None:
        """Closer than elsewhere: all four fields are to be seen at once, with what is wrong of them."""
        super().fit(narrow=narrow)
        self.column.setSpacing(self.kit.theme.px(8))

    def _field(self, key: str, *, clean: Cleaner | None = None, secret: bool = False) -> Field:
        return Field(self.texts, key, key, clean=clean, secret=secret, whole=self._take_sheet)

    def show_screen(self, screen: AccountEntry) -> None:
        before, self._shown = self._shown, screen
        if not self._begun:
            self._begun = True
            self._institution.fill(self.kit.options.institution_code)
        if screen.form != before.form and not screen.sending:
            self._institution.fill(screen.form.institution_code)
            self._user.fill(screen.form.user_id)
            self._password.fill(screen.form.password.value)
            self._activation.fill(screen.form.activation_code.value)
            self.secret_typed.emit()
        if screen.errors and screen.errors != before.errors:
            self._tell_wrong(
                {
                    name: self.texts("field.refused", label=self._fields[name].name)
                    for name in screen.errors
                    if name in self._fields
                }
            )

    def main_button(self) -> FootButton:
        sending = self._shown.sending
        return FootButton(self.texts("M-02.sending" if sending else "M-02.register"), self._submit, busy=sending)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("button.stop"), self.escape)

    def escape(self) -> None:
        """Takes a registration back that is being sent; otherwise there is no screen before this one."""
        if self._shown.sending:
            self.act(Back())
        else:
            self.quit_asked.emit()

    def focus_target(self) -> QWidget:
        """What is wrong, else what is missing, each from the top."""
        fields = self._fields.values()
        wrong = [field for field in fields if field.wrong is not None]
        missing = [field for field in fields if not field.text()]
        return next(iter([*wrong, *missing]), self._institution).edit

    def spoken(self) -> str:
        return self.texts("M-02.spoken")

    def forget(self) -> None:
        if not self._shown.sending and (self._password.text() or self._activation.text()):
            self._password.wipe()
            self._activation.wipe()
            self._tell(Tone.INFO, "notice", self.texts("M-02.forgotten"))
            self.say(self.texts("M-02.forgotten"))

    def left(self) -> None:
        for field in self._fields.values():
            field.wipe()
        self._untell()
        self._show_password(False)
        self._shown = AccountEntry()
        self._begun = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if self.width() >= self.kit.theme.px(_TWO_COLUMNS_FROM) else 1
        if self._grid.columnCount() != columns or self._grid.count() == 0:
            self._arrange(columns)

    def _arrange(self, columns: int) -> None:
        """Four fields on top of each other would need scrolling at 640 px."""
        for place, field in enumerate(self._fields.values()):
            self._grid.removeWidget(field)
            self._grid.addWidget(field, place // columns, place % columns, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(place % columns, 1)
        self._grid.setColumnStretch(1, columns - 1)

    def _submit(self) -> None:
        if self._shown.sending:
            return
        wrong = {name: message for name, message in self._faults().items() if message is not None}
        self._tell_wrong(wrong)
        if not wrong:
            form = AccountForm(
                self._institution.text(),
                self._user.text(),
                Secret(self._password.text()),
                Secret(self._activation.text()),
            )
            self.act(AccountSubmitted(form))

    def _faults(self) -> dict[str, str | None]:
        return {name: self._missing(field) or self._fault(name, field.text()) for name, field in self._fields.items()}

    def _missing(self, field: Field) -> str | None:
        return None if field.text() else self.texts("field.missing", label=field.name)

    def _fault(self, name: str, text: str) -> str | None:
        match name:
            case "institution_code":
                if not (text.isascii() and text.isdigit()):
                    return self.texts("M-02.institution_code_digits")
                whole = len(text) == _INSTITUTION_CODE_LENGTH
                return None if whole else self.texts("M-02.institution_code_length", n=len(text))
            case "user_id":
                return None if _USER_ID.fullmatch(text) else self.texts("field.unusable")
            case "password":
                return None if _PASSWORD.fullmatch(text) else self.texts("field.wide")
            case _:
                return None if _ACTIVATION_CODE.fullmatch(text) else self.texts("M-02.activation_code_length")

    def _tell_wrong(self, wrong: Mapping[str, str]) -> None:
        """Message and mark at each field, the count at the top, the focus on the first."""
        for name, field in self._fields.items():
            field.say_wrong(wrong.get(name))
        if not wrong:
            self._untell()
            return
        count = self.texts("field.count_one" if len(wrong) == 1 else "field.count_many", n=len(wrong))
        self._tell(Tone.ERROR, "alert", count)
        first = next(name for name in self._fields if name in wrong)
        self._fields[first].edit.setFocus()
        self.say(f"{count}{wrong[first]}", assertive=True)

    def _tell(self, tone: Tone, icon: str, title: str, text: str = "") -> None:
        """In place of the first instruction, so that the fields stay where they can be seen."""
        self._lead.hide()
        self._banner.show()
        self._banner.show_message(tone, icon, title, text)

    def _untell(self) -> None:
        self._banner.hide()
        self._lead.show()

    def _paste(self) -> None:
        if not self._take_sheet(QGuiApplication.clipboard().text()):
            self._tell(Tone.WARN, "alert", self.texts("M-02.no_sheet"), self.texts("M-02.no_sheet_hint"))
            self.say(self.texts("M-02.no_sheet"), assertive=True)

    def _take_sheet(self, text: str) -> bool:
        """The whole ユーザー設定情報, into whichever field it was pasted."""
        sheet = read_sheet(text)
        if sheet is None:
            return False
        self._institution.fill(digits(sheet.institution_code))
        self._user.fill(half_width(sheet.user_id))
        self._password.fill(sheet.password.value)
        self._activation.fill(compact(sheet.activation_code.value))
        self.secret_typed.emit()
        for field in self._fields.values():
            field.say_wrong(None)
        self._tell(Tone.OK, "valid", self.texts("M-02.pasted"), self.texts("M-02.pasted_hint"))
        self.say(self.texts("M-02.pasted"))
        self.focus_target().setFocus()
        return True

    def _fill_care_code(self) -> None:
        self._institution.fill(CARE_INSTITUTION_CODE)
        self._institution.say_wrong(None)
        self._user.edit.setFocus()

    def _toggle_password(self) -> None:
        self._show_password(not self._conceal.isActive())

    def _show_password(self, shown: bool) -> None:
        """For a few seconds at most."""
        self._password.conceal(not shown)
        self._show.rename(self.texts("M-02.password_hide" if shown else "M-02.password_show"))
        if shown:
            self._conceal.start()
        else:
            self._conceal.stop()
