"""M-11 カードリーダー選択: readers as they come and go; choosing one saves it at once."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from myna_app.flow.beside import ReaderTest
from myna_app.flow.events import Confirmed, ReaderPicked
from myna_app.flow.side_events import ReadersSought, ReaderTestAsked
from myna_app.flow.states import ReaderChoice
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.reader_list import ReaderList

_TEST_TONES = {
    ReaderTest.EXTENDED: (Tone.OK, "valid"),
    ReaderTest.SHORT: (Tone.OK, "valid"),
    ReaderTest.OTHER_CARD: (Tone.WARN, "alert"),
}
"""What is still under way is told calmly."""


class ReaderChoicePage(Page[ReaderChoice]):
    number = "M-11"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._names: frozenset[str] | None = None
        self._chosen: str | None = None
        self._deciding = False
        self._none = Banner(kit.theme)
        self._list = ReaderList(self.texts)
        self._list.picked.connect(lambda name: self.act(ReaderPicked(name)))
        self._done = label("body")
        self._test = Button(self.texts("M-11.test"), Kind.OUTLINE, "M-11.test", lambda: self.act(ReaderTestAsked()))
        self._search = Button(self.texts("button.look_again"), Kind.OUTLINE, "M-11.search", self.again)
        self._searching = False
        self._tested = Banner(kit.theme)
        self._told: ReaderTest | None = None
        self._lead = label("body", self.texts("M-11.lead"))
        self.column.addWidget(self._lead)
        self.column.addWidget(self._none)
        self.column.addWidget(self._list)
        self.column.addWidget(self._done)
        self.add_row(self._search, self._test)
        self.column.addWidget(self._tested)
        self.column.addStretch()

    def fit(self, *, narrow: bool) -> None:
        """As many readers as there is room for; the rest by scrolling the list, not the page."""
        super().fit(narrow=narrow)
        self._list.setMaximumHeight(self.kit.theme.px(200 if self.kit.theme.compact else 260))

    def show_screen(self, screen: ReaderChoice) -> None:
        self._test.setVisible(self.desk.reader is not None)
        self._tell_test(screen.test)
        self._list.show_readers(self.desk)
        self._list.setVisible(bool(self.desk.readers))
        self._lead.setVisible(bool(self.desk.readers) and screen.test is None)
        self._none.setVisible(not self.desk.readers)
        if self.desk.service_running:
            title, why = self.texts("M-11.none_title"), self.texts("M-11.none")
        else:
            title, why = self.texts("M-11.service_stopped_title"), self.texts("M-11.service_stopped")
        self._none.show_message(Tone.WARN, "alert", title, why)
        self._tell_changes()
        self._tell_search(searching=screen.searching)

    def _tell_search(self, *, searching: bool) -> None:
        """Also where nothing has changed, whoever has asked is answered."""
        before, self._searching = self._searching, searching
        if searching is before:
            return
        usable = sum(reader.usable for reader in self.desk.readers)
        words = self.texts("M-11.searching") if searching else self.texts("M-11.found", n=usable)
        self.noted.emit(words)
        self.say(words)

    def again(self) -> None:
        self.act(ReadersSought())

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
                self._done.setVisible(self._told is None)
                self.say(self.texts("M-11.picked"))
                if self._deciding:
                    QTimer.singleShot(0, self, lambda: self.act(Confirmed()))
        self._names, self._chosen = names, self.desk.chosen_reader

    def _tell_test(self, test: ReaderTest | None) -> None:
        """「テストする」: what to do, and what came of it; each said once."""
        self._tested.setVisible(test is not None)
        self._done.setVisible(test is None and bool(self._done.text()))
        before, self._told = self._told, test
        if test is None or test is before:
            return
        tone, icon = _TEST_TONES.get(test, (Tone.INFO, "notice"))
        words, hint = self.texts(f"M-11.tested.{test}"), self.texts(f"M-11.tested.{test}_hint")
        self._tested.show_message(tone, icon, words, hint)
        self.say(f"{words}{hint}", assertive=True)
        self.opened.emit(self._tested)

    def main_button(self) -> FootButton:
        if not self.desk.readers:
            return FootButton(self.texts("button.close"), lambda: self.act(Confirmed()))
        return FootButton(self.texts("M-11.decide"), self._decide)

    def _decide(self) -> None:
        """「決定」 means the row under the cursor, also where nobody has pressed Space on it."""
        wanted = self._list.current()
        usable = any(reader.name == wanted and reader.usable for reader in self.desk.readers)
        self._deciding = wanted is not None and usable and wanted != self.desk.chosen_reader
        self.act(ReaderPicked(wanted) if wanted is not None and self._deciding else Confirmed())

    def focus_target(self) -> QWidget | None:
        return self._list if self._list.count() else None

    def spoken(self) -> str:
        return self.texts("M-11.lead")

    def left(self) -> None:
        self._names = None
        self._deciding = False
        self._told = None
        self._searching = False
        self._done.setText("")
