"""M-12 マイナンバーカードの読み取り: 1/4 … 4/4. No main button, so that a habitual Enter cannot skip anything.

「動かさないでください」 stays to the end: a card seen for the first time is needed again after the first answer.
"""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout

from myna_app.flow.events import Back
from myna_app.flow.states import FaceCheck, Reading, Screen, VisitStep
from myna_app.ui.icons import Icon
from myna_app.ui.native import Sound
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.reader_way import reader_way
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.steps import Steps

LONGER_AFTER_MS = 8000
SERVER_AFTER_MS = 2000
"""A card that has lain there so long is not what is waited for."""
_WORDS = {
    VisitStep.PLACE: "place",
    VisitStep.READ: "read",
    VisitStep.PROVE: "prove",
    VisitStep.ELIGIBILITY: "eligibility",
}


class ReadingPage(Page[Reading]):
    number = "M-12"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._step: VisitStep | None = None
        self._there = False
        theme = kit.theme
        picture = Icon()
        picture.show_picture("place", theme.colour(theme.tokens.text), theme.px(150))
        self._words = label("h1")
        self._steps = Steps(self.texts, theme, tuple(self.texts(f"M-12.step_{name}") for name in _WORDS.values()))
        self._hold = label("h2")
        self._longer = QTimer(self, singleShot=True, interval=LONGER_AFTER_MS)
        self._longer.timeout.connect(self.tell_longer)
        self._server = QTimer(self, singleShot=True, interval=SERVER_AFTER_MS)
        self._server.timeout.connect(self.tell_server)
        row = QHBoxLayout()
        row.setSpacing(theme.px(32))
        row.addWidget(picture)
        row.addWidget(self._words, 1)
        self.column.addLayout(row)
        self.column.addWidget(self._steps)
        self.column.addWidget(self._hold)
        self.column.addStretch(1)

    def show_screen(self, screen: Reading) -> None:
        there, self._there = self._there, self.desk.reader is not None and self.desk.reader.card_present
        if screen.step is self._step:
            if screen.step is VisitStep.PLACE and there is not self._there:
                self._words.setText(self._to_place())
                self._await_server()
                self.say(self._words.text())
            return
        first = self._step is None
        if self._step is VisitStep.PLACE:
            self.play(Sound.CARD)
        self._step = screen.step
        self._await_server()
        words = self._to_place() if screen.step is VisitStep.PLACE else self.texts(f"M-12.{_WORDS[screen.step]}")
        self._words.setText(words)
        self._steps.stand_at(screen.step.value)
        hold = "" if screen.step is VisitStep.PLACE else self.texts("M-12.hold")
        self._hold.setText(hold)
        self._longer.stop()
        if screen.step is VisitStep.ELIGIBILITY:
            self._longer.start()
        if not first:
            self.say(f"{screen.step.value}/{len(VisitStep)} {words}{hold}")

    def second_button(self) -> FootButton:
        return FootButton(self.texts("button.stop"), lambda: self.act(Back()))

    def spoken(self) -> str:
        return self._words.text()

    def farewell(self, to: Screen) -> str:
        return self.texts("M-12.stopped") if isinstance(to, FaceCheck) else ""

    def left(self) -> None:
        self._longer.stop()
        self._server.stop()
        self._step = None
        self._there = False

    def _to_place(self) -> str:
        """The server is asked before the card is read: who has laid one down must not be told to do it again."""
        return self.texts("M-12.found" if self._there else f"M-12.{reader_way(self.desk.chosen_reader or '')}")

    def _await_server(self) -> None:
        if self._step is VisitStep.PLACE and self._there:
            self._server.start()
        else:
            self._server.stop()

    def tell_server(self) -> None:
        words = self.texts("M-12.server")
        self._words.setText(words)
        self.say(words)

    def tell_longer(self) -> None:
        self._words.setText(self.texts("M-12.longer"))
        self.say(self.texts("M-12.longer"))
