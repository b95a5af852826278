"""M-11 カードリーダー選択: readers as they come and go; choosing one saves it at once."""

from PySide6.QtWidgets import QWidget

from myna_app.flow.events import Confirmed, ReaderPicked
from myna_app.flow.states import ReaderChoice
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.reader_list import ReaderList


class ReaderChoicePage(Page[ReaderChoice]):
    number = "M-11"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._names: frozenset[str] | None = None
        self._chosen: str | None = None
        self._none = Banner(kit.theme)
        self._list = ReaderList(self.texts)
        self._list.setMinimumHeight(kit.theme.px(160))
        self._list.picked.connect(lambda name: self.act(ReaderPicked(name)))
        self._done = label("body")
        self.column.addWidget(label("body", self.texts("M-11.lead")))
        self.column.addWidget(self._none)
        self.column.addWidget(self._list, 1)
        self.column.addWidget(self._done)
        self.column.addStretch()

    def show_screen(self, _screen: ReaderChoice) -> None:
        self._list.show_readers(self.desk)
        self._list.setVisible(bool(self.desk.readers))
        self._none.setVisible(not self.desk.readers)
        why = "M-11.none" if self.desk.service_running else "M-11.service_stopped"
        self._none.show_message(Tone.WARN, "alert", self.texts("M-11.none_title"), self.texts(why))
        self._tell_changes()

    def _tell_changes(self) -> None:
        """Comings, goings and the choice itself, each said once."""
        names = frozenset(reader.name for reader in self.desk.readers)
        if self._names is not None:
            for name in names - self._names:
                self.say(self.texts("reader.arrived", name=name))
            for name in self._names - names:
                self.say(self.texts("reader.gone", name=name))
            if self.desk.chosen_reader is not None and self.desk.chosen_reader != self._chosen:
                self._done.setText(self.texts("M-11.picked"))
                self.say(self.texts("M-11.picked"))
        self._names, self._chosen = names, self.desk.chosen_reader

    def main_button(self) -> FootButton:
        return FootButton(self.texts("M-11.decide"), lambda: self.act(Confirmed()))

    def focus_target(self) -> QWidget | None:
        return self._list if self._list.count() else None

    def spoken(self) -> str:
        return self.texts("M-11.lead")

    def left(self) -> None:
        self._names = None
        self._done.setText("")
