"""M-14 エラー: any problem of the catalogue, in four parts: what happened, what to do, what to say, the code."""

from collections import defaultdict, deque

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from myna_app.errors import Problem
from myna_app.flow.beside import SidePage
from myna_app.flow.events import Back, ReaderChoiceAsked, Retried
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import AccountEntry, Report, Starting, Trouble
from myna_app.ui.native import Sound
from myna_app.ui.pages import PAGES
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.texts import Action, ProblemWords
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.advice import Advice
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import Value, label

_OFTEN = 3
_REMEMBERED = 20
_LATELY_SECONDS = 3600
_REPEATS = frozenset({Action.AGAIN, Action.AGAIN_NOW, Action.READ_AGAIN})


class TroublePage(Page[Trouble]):
    """Never anything of a visitor: details are codes, our own names, the reader, the version."""

    number = "M-14"
    spoken_assertively = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.heading.hide()  # the banner's title is the heading
        self._screen: Trouble | None = None
        self._told_last: Trouble | None = None
        self._happened_at = ""
        self._words: ProblemWords | None = None
        self._banner = Banner(kit.theme)
        self._advice = Advice(kit.theme)
        self._auto = label("body", self.texts("M-14.auto"))
        self._repeated = label("body")
        self._times: dict[Problem, deque[float]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
        self._code = label("caption")
        self._toggle = Button(self.texts("button.details"), Kind.TEXT, "M-14.details", self._toggle_details)
        self._details = QFrame()
        self._details.setProperty("part", "panel")
        self._facts = Value("body")
        inside = QVBoxLayout(self._details)
        inside.addWidget(self._facts)
        copy = Button(self.texts("button.copy"), Kind.OUTLINE, "M-14.copy", self._copy)
        inside.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        code = QHBoxLayout()
        code.addWidget(self._code, 1)
        code.addWidget(self._toggle)
        code.addWidget(
            Button(self.texts("M-14.diagnosis"), Kind.TEXT, "M-14.diagnosis", self._open_diagnosis),
        )
        self.column.addWidget(self._banner)
        self.column.addWidget(self._advice)
        self.column.addWidget(self._auto)
        self.column.addWidget(self._repeated)
        self.column.addLayout(code)
        self.column.addWidget(self._details)
        self.column.addStretch(1)
        self._details.hide()

    def fit(self, *, narrow: bool) -> None:
        """Closer than elsewhere: what to do and what to say are to be seen at once."""
        super().fit(narrow=narrow)
        self.column.setSpacing(self.kit.theme.px(6))

    def show_screen(self, screen: Trouble) -> None:
        if screen is self._screen:
            return
        again = self._screen is not None
        self._screen = screen
        words = self._words = self._told(screen.report)
        self._banner.show_message(Tone.ERROR, "alert", words.title, words.what)
        self._advice.show_advice(self.texts, words.steps, words.say)
        self._auto.setVisible(words.auto)
        if screen is not self._told_last:  # on the way back from the diagnosis nothing has happened anew
            self._told_last, self._happened_at = screen, f"{self.kit.now():%Y-%m-%d %H:%M:%S}"
            self._count(screen.report.problem)
        self._code.setText(self.texts("M-14.code", code=words.code, time=self._happened_at))
        self._facts.tell(self.texts("M-14.details_name"), self._detail_lines(screen))
        self._details.hide()
        if again:
            self.say(self.spoken(), assertive=True)
            self.play(Sound.PROBLEM)

    def _count(self, problem: Problem) -> None:
        """A problem that keeps coming is for the diagnosis, not for one more try."""
        now = self.kit.clock()
        times = self._times[problem]
        times.append(now)
        lately = sum(now - at < _LATELY_SECONDS for at in times)
        self._repeated.setVisible(lately >= _OFTEN)
        self._repeated.setText(self.texts("M-14.repeated", n=lately))

    def _open_diagnosis(self) -> None:
        self.act(PageAsked(SidePage.DIAGNOSIS))

    def _told(self, report: Report) -> ProblemWords:
        known = {"contact": self.desk.contact} if self.desk.contact is not None else {}
        return self.texts.problem(report.problem, {**known, **report.facts})

    def _detail_lines(self, screen: Trouble) -> str:
        lines = [
            self.texts("M-14.details_code", code=screen.report.problem.value),
            self.texts("M-14.details_time", time=self._happened_at),
            self.texts("M-14.details_screen", screen=self._origin()),
            self.texts("M-14.details_version", version=self.kit.options.version),
        ]
        if screen.report.detail:
            lines.append(self.texts("M-14.details_detail", detail=screen.report.detail))
        if self.desk.chosen_reader is not None:
            lines.append(self.texts("M-14.details_reader", reader=self.desk.chosen_reader))
        return "\n".join(lines)

    def _origin(self) -> str:
        """画面番号 of where it happened, because support asks for that."""
        return PAGES[type(self._screen.origin)].number if self._screen is not None else self.number

    @property
    def title(self) -> str:
        return self._words.title if self._words is not None else super().title

    def number_line(self) -> str:
        if self._screen is None or isinstance(self._screen.origin, Starting):
            return super().number_line()
        return self.texts("app.screen_number_of_problem", screen=self._origin())

    def main_button(self) -> FootButton | None:
        if self._words is None or self._screen is None:
            return None
        entering = isinstance(self._screen.origin, AccountEntry) and self._words.main in _REPEATS
        return self._button(Action.BACK_TO_ENTRY if entering else self._words.main, main=True)

    def second_button(self) -> FootButton | None:
        if self._words is None or self._words.second is None:
            return None
        closed = self.desk.terminal_id is not None and not self.desk.unlocked
        return self._button(
            Action.STOP if self._words.second is Action.SETTINGS and closed else self._words.second, main=False
        )

    def _button(self, action: Action, *, main: bool) -> FootButton:
        text = self.texts(f"button.{action}")
        match action:
            case Action.CHOOSE_READER:
                return FootButton(text, lambda: self.act(ReaderChoiceAsked()))
            case Action.SETTINGS:
                return FootButton(text, lambda: self.act(PageAsked(SidePage.SETTINGS)))
            case Action.UPDATE:
                return FootButton(text, lambda: self.act(PageAsked(SidePage.UPDATE)))
            case Action.QUIT:
                return FootButton(text, self.quit_asked.emit)
            case _ if main:
                return FootButton(text, self.again)
            case _:
                return FootButton(text, self.escape)

    def again(self) -> None:
        self.act(Retried(self.kit.clock()))

    def escape(self) -> None:
        self.act(Back())

    def spoken(self) -> str:
        words = self._words
        if words is None:
            return ""
        first = words.steps[0].partition("\n")[0] if words.steps else ""
        return self.texts("M-14.spoken", title=words.title, step=first)

    def entered(self) -> None:
        self.play(Sound.PROBLEM)

    def left(self) -> None:
        self._screen = None
        self._words = None
        self._details.hide()
        self._facts.wipe()

    def _toggle_details(self) -> None:
        self.unfold(self._details)

    def _copy(self) -> None:
        self.copy(self._facts.text())
