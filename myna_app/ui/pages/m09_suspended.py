"""M-09 利用停止: the account is stopped, has ended, or its 運用開始日 has not come; whom to call, and the way on."""

from PySide6.QtWidgets import QHBoxLayout

from myna_app.errors import Problem
from myna_app.flow.events import Confirmed, Retried
from myna_app.flow.states import Standing, Suspended
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.advice import Advice
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.labels import Value, label
from myna_app.ui.widgets.sure import Sure


class SuspendedPage(Page[Suspended]):
    number = "M-09"
    spoken_assertively = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.heading.hide()
        self._shown = Suspended(Standing.STOPPED)
        self._spoken = ""
        self._banner = Banner(kit.theme)
        self._advice = Advice(kit.theme)
        self._contact_heading = label("h3", self.texts("M-09.contact_heading"), wrap=False)
        self._contact = Value()
        contact = QHBoxLayout()
        contact.setSpacing(kit.theme.px(16))
        contact.addWidget(self._contact_heading)
        contact.addWidget(self._contact, 1)
        self.column.addWidget(self._banner)
        self.column.addLayout(contact)
        self._sure = Sure(
            "M-09.register",
            self.texts("M-09.register_question"),
            safe=self.texts("M-09.register_not"),
            risky=self.texts("M-09.register_sure"),
            act=lambda: self.act(Confirmed()),
        )
        self.column.addWidget(self._advice)
        self.column.addWidget(self._sure)
        self.column.addStretch(1)

    def fit(self, *, narrow: bool) -> None:
        """Closer than elsewhere: what to do and what to say are to be seen at once."""
        super().fit(narrow=narrow)
        self.column.setSpacing(self.kit.theme.px(8))

    def show_screen(self, screen: Suspended) -> None:
        before, self._shown = self._shown, screen
        if before.checking and not screen.checking and before.standing is screen.standing:
            checked = self.texts("M-09.checked", time=f"{self.kit.now():%H:%M}")
            self.noted.emit(checked)
            self.say(checked)
        known = {"contact": self.desk.contact} if self.desk.contact is not None else {}
        words = self.texts.problem(Problem(self.texts(f"M-09.{screen.standing}")), {**known, **screen.facts})
        self._banner.show_message(Tone.WARN, "alert", words.title, words.what)
        self._advice.show_advice(self.texts, words.steps, words.say)
        self._contact_heading.setVisible(self.desk.contact is not None)
        self._contact.setVisible(self.desk.contact is not None)
        self._contact.tell(self.texts("M-09.contact_heading"), self.desk.contact or "")
        self._spoken = f"{words.title}。{words.what}"

    def main_button(self) -> FootButton:
        if self._shown.checking:
            return FootButton(self.texts("M-09.checking"), lambda: None, busy=True)
        if self._shown.standing is Standing.ENDED:
            return FootButton(self.texts("M-09.register"), lambda: self.ask(self._sure))
        return FootButton(self.texts("M-09.again"), self.again)

    def second_button(self) -> FootButton | None:
        if self._shown.standing is Standing.ENDED:
            return FootButton(self.texts("M-09.again"), self.again)
        return None

    def left(self) -> None:
        self._sure.hide()

    def again(self) -> None:
        self.act(Retried(self.kit.clock()))

    def spoken(self) -> str:
        return self._spoken
