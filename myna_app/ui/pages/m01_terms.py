"""M-01 利用規約: consent before the first use and after the terms changed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from myna_app.flow.events import TermsAgreed
from myna_app.flow.states import TermsScreen
from myna_app.formats.terms import Terms
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.read_text import ReadText


class TermsPage(Page[TermsScreen]):
    """Nobody agrees by accident: Enter in the text does nothing. Nobody is made to scroll either."""

    number = "M-01"

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._version = label("hint")
        self._changed = Banner(kit.theme)
        self._body = ReadText("M-01.text", self.texts("M-01.text_name"))
        self._body.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self._body.setMinimumHeight(kit.theme.px(90))
        self._screen = TermsScreen()
        self.column.addWidget(label("body", self.texts("M-01.lead")))
        self.column.addWidget(self._changed)
        self.column.addWidget(self._body, 1)
        self.column.addWidget(self._version)

    def show_screen(self, screen: TermsScreen) -> None:
        arrived = screen.terms is not None and screen.terms != self._screen.terms
        self._screen = screen
        self._changed.setVisible(screen.changed)
        self._changed.show_message(Tone.INFO, "notice", self.texts("M-01.changed_title"), self.texts("M-01.changed"))
        if screen.terms is None:
            self._version.setText("")
            self._body.setPlainText(self.texts("M-01.loading"))
        elif arrived:
            self._show_terms(screen.terms)

    def _show_terms(self, terms: Terms) -> None:
        self._version.setText(
            self.texts("M-01.version", version=terms.version, date=self.texts.day(terms.effective_on))
        )
        self._body.setPlainText(terms.text)
        self.say(self.texts("M-01.spoken", version=terms.version))

    def main_button(self) -> FootButton | None:
        if self._screen.terms is None:
            return None
        keeping = self._screen.keeping
        words = self.texts("M-01.keeping" if keeping else "M-01.agree")
        return FootButton(words, lambda: self.act(TermsAgreed()), busy=keeping)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("M-01.disagree"), self.quit_asked.emit)

    def focus_target(self) -> QWidget:
        return self._body

    def left(self) -> None:
        self._screen = TermsScreen()
