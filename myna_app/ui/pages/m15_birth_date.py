"""M-15 生年月日の入力: the date printed on the card, when the card or the backend needs staff to confirm it."""

from PySide6.QtWidgets import QWidget

from myna_app.flow.events import BirthDateTyped
from myna_app.flow.states import BirthDateEntry
from myna_app.flow.work import BirthDateReason
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.printed_date import PrintedDateError, parse_printed_date
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.field import Field
from myna_app.ui.widgets.labels import label


class BirthDatePage(Page[BirthDateEntry]):
    """Both calendars are understood, and what was understood is told back before it is used."""

    number = "M-15"
    can_go_back = True
    sensitive = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._why = Banner(kit.theme)
        self._field = Field(self.texts, "M-15.birth_date", "M-15.birth_date")
        self._field.edit.setMaximumWidth(kit.theme.px(520))
        self._field.edited.connect(self._tell_back)
        self._understood = label("h2")
        self._understood.setMinimumHeight(kit.theme.px(30))
        self.column.addWidget(self._why)
        self.column.addWidget(label("body", self.texts("M-15.lead")))
        self.column.addWidget(label("hint", self.texts("M-15.unseen")))
        self.column.addWidget(self._field)
        self.column.addWidget(self._understood)
        self.column.addStretch(1)

    def show_screen(self, screen: BirthDateEntry) -> None:
        tone = Tone.INFO if screen.reason is BirthDateReason.NOT_KNOWN else Tone.WARN
        why = self.texts(f"M-15.{screen.reason.value}")
        icon = "notice" if tone is Tone.INFO else "alert"
        self._why.show_message(tone, icon, self.texts("M-15.hold"), why)

    def main_button(self) -> FootButton:
        return FootButton(self.texts("M-15.submit"), self._submit)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("button.stop"), self.escape)

    def focus_target(self) -> QWidget:
        return self._field.edit

    def spoken(self) -> str:
        return self.texts("M-15.spoken")

    def left(self) -> None:
        self._field.wipe()
        self._understood.setText("")

    def _tell_back(self) -> None:
        self._field.say_wrong(None)
        try:
            day = parse_printed_date(self._field.text(), self.kit.now().date())
        except PrintedDateError:
            self._understood.setText("")
            return
        both = self.texts("value.born", era=self.texts.day_in_era(day), date=f"{day:%Y-%m-%d}")
        self._understood.setText(self.texts("M-15.understood", date=both))

    def _submit(self) -> None:
        try:
            day = parse_printed_date(self._field.text(), self.kit.now().date())
        except PrintedDateError as error:
            message = self.texts(f"M-15.{error.fault}")
            self._field.say_wrong(message)
            self._field.edit.setFocus()
            self.say(message, assertive=True)
            return
        self.act(BirthDateTyped(day))
