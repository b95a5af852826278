"""M-28 サポート用ファイル: the whole text is shown before anything is saved."""

from PySide6.QtWidgets import QWidget

from myna_app.flow.events import Confirmed
from myna_app.flow.side_events import SaveAsked
from myna_app.flow.states import BundleScreen
from myna_app.ui.dialogs import ask_where
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.read_text import ReadText


class BundlePage(Page[BundleScreen]):
    number = "M-28"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._made = False
        self._saved: bool | None = None
        self._text = ReadText("M-28.text", self.texts("M-28.text_name"))
        self._text.setMinimumHeight(kit.theme.px(160))
        self.column.addWidget(label("body", self.texts("M-28.lead")))
        self.column.addWidget(self._text, 1)

    def show_screen(self, screen: BundleScreen) -> None:
        self._made = screen.text is not None
        text = self.texts("M-28.making") if screen.text is None else screen.text
        if text != self._text.toPlainText():
            self._text.setPlainText(text)
        if screen.saved is not None and screen.saved is not self._saved:
            words = self.texts("file.saved" if screen.saved else "file.not_saved")
            self.noted.emit(words)
            self.say(words)
        self._saved = screen.saved

    def main_button(self) -> FootButton:
        return FootButton(self.texts("M-28.save"), self._save, busy=not self._made)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("button.close"), self.escape)

    def escape(self) -> None:
        self.act(Confirmed())

    def focus_target(self) -> QWidget | None:
        return self._text

    def spoken(self) -> str:
        return self.texts("M-28.lead")

    def left(self) -> None:
        self._text.clear()

    def _save(self) -> None:
        if not self._made:
            return
        text = self._text.toPlainText()
        name = f"myna-app-support-{self.kit.now():%Y%m%d-%H%M}.txt"
        ask_where(self, self.texts("file.save"), name, lambda file: self.act(SaveAsked(file, text)))
