"""M-14 エラー: any problem of the catalogue, in four parts: what happened, what to do, what to say, the code."""

import math
from collections import defaultdict, deque

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from myna_app.errors import Problem
from myna_app.flow.beside import SidePage
from myna_app.flow.events import AboutAsked, Back, ReaderChoiceAsked, Retried
from myna_app.flow.report import Report
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import AccountEntry, Starting, Trouble
from myna_app.ui.native import Sound, has_clock_settings, open_clock_settings
from myna_app.ui.pages import PAGES
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.texts import Action, ProblemWords
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.advice import Advice
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import Value, label
from myna_app.ui.widgets.news import announced
from myna_app.ui.widgets.panel import Panel

_OFTEN = 3
_LATELY_SECONDS = 600
_REPEATS = frozenset({Action.AGAIN, Action.READ_AGAIN})
_PATIENCE_SECONDS = 30
"""How long a busy server is left alone that does not say how long."""


class TroublePage(Page[Trouble]):
    """Never anything of a visitor: details are codes, our own names, the reader, the version."""

    number = "M-14"
    spoken_assertively = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.heading.hide()  # the banner's title is the heading
        self._screen: Trouble | None = None
        self._told_last: Report | None = None
        self._again_at = 0.0
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.tell_wait)
        self._happened_at = ""
        self._words: ProblemWords | None = None
        self._banner = Banner(kit.theme)
        self._advice = Advice(kit.theme)
        self._auto = label("body", self.texts("M-14.auto"))
        self._repeated = label("body", self.texts("M-14.repeated"))
        self._times: dict[Problem, deque[float]] = defaultdict(lambda: deque(maxlen=_OFTEN))
        self._code = label("caption")
        self._toggle = Button(self.texts("button.details"), Kind.TEXT, "M-14.details", self._toggle_details)
        self._details = QFrame()
        self._details.setProperty("part", "panel")
        self._facts = Value("body")
        inside = QVBoxLayout(self._details)
        inside.addWidget(self._facts)
        self._announced = Panel()
        copy = Button(self.texts("button.copy"), Kind.OUTLINE, "M-14.copy", self._copy)
        inside.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        code = QHBoxLayout()
        code.setSpacing(24)
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
        self.column.addWidget(self._announced)
        self.column.addStretch(1)
        self._details.hide()

    def fit(self, *, narrow: bool) -> None:
        """Closer than elsewhere: what to do and what to say are to be seen at once."""
        super().fit(narrow=narrow)
        self.column.setSpacing(self.kit.theme.px(6))

    def show_screen(self, screen: Trouble) -> None:
        before, self._screen = self._screen, screen
        if before is not None and before.report is screen.report:
            return  # the same occurrence; only what comes after it has changed
        words = self._words = self._told(screen.report)
        self._banner.show_message(Tone.ERROR, "alert", words.title, words.what)
        self._advice.show_advice(self.texts, words.steps, words.say)
        if screen.report is not self._told_last:  # on the way back from the diagnosis nothing has happened anew
            self._told_last, self._happened_at = screen.report, f"{self.kit.now():%Y-%m-%d %H:%M:%S}"
            self._count(screen.report.problem)
            self._again_at = self.kit.clock() + _seconds_to_wait(screen.report)
        self._second.stop()
        if screen.report.problem is Problem.RATE_LIMITED:
            self._second.start()
            self._show_wait()
        else:
            self.noted.emit("")
        self._code.setText(self.texts("M-14.code", code=words.code, time=self._happened_at))
        self._auto.setVisible(words.auto)
        self._facts.tell(self.texts("M-14.details_name"), self._detail_lines(screen))
        self._details.hide()
        self._announced.tell(announced(self.desk))
        self._announced.hide()
        if before is not None:
            self.say(self.spoken(), assertive=True)
            self.play(Sound.PROBLEM)

    def _count(self, problem: Problem) -> None:
        """A problem that keeps coming is for the diagnosis, not for one more try."""
        now = self.kit.clock()
        times = self._times[problem]
        times.append(now)
        lately = sum(now - at < _LATELY_SECONDS for at in times)
        self._repeated.setVisible(lately >= _OFTEN)

    @property
    def _waits(self) -> bool:
        """Asking now would be refused once more."""
        return self._second.isActive() and self.kit.clock() < self._again_at

    def tell_wait(self) -> None:
        """Seconds run on the screen; what they lead to was spoken at first."""
        if self._waits:
            self._show_wait()
        else:
            self._second.stop()
            self.again()

    def _show_wait(self) -> None:
        left = max(0, math.ceil(self._again_at - self.kit.clock()))
        self.noted.emit(self.texts("M-14.retry_in", wait=self.texts.duration(left)))

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
        if self._words is None or self._waits:
            return None
        return self._button(self._words.main if self._can(self._words.main) else Action.AGAIN)

    def second_button(self) -> FootButton | None:
        words = self._words
        if words is None or words.second is None:
            return None
        return self._button(words.second if self._can(words.second) and self._can(words.main) else Action.STOP)

    def _can(self, action: Action) -> bool:
        """Whether the button leads anywhere here and now."""
        match action:
            case Action.SETTINGS:
                return self.desk.unlocked or self.desk.terminal_id is None
            case Action.CLOCK:
                return has_clock_settings()
            case Action.ANNOUNCEMENTS:
                return bool(self.desk.announcements)
            case _:
                return True

    def _button(self, action: Action) -> FootButton:
        entering = self._screen is not None and isinstance(self._screen.origin, AccountEntry)
        if entering and action in _REPEATS:
            action = Action.BACK_TO_ENTRY
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
            case Action.CONTACT:
                return FootButton(text, lambda: self.act(AboutAsked()))
            case Action.CLOCK:
                return FootButton(text, open_clock_settings)
            case Action.ANNOUNCEMENTS:
                return FootButton(text, lambda: self.unfold(self._announced))
            case Action.STOP:
                return FootButton(text, self.escape)
            case _:
                return FootButton(text, self.again)

    def again(self) -> None:
        if not self._waits:
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
        self._second.stop()
        self._screen = None
        self._words = None
        self._details.hide()
        self._facts.wipe()

    def _toggle_details(self) -> None:
        self.unfold(self._details)

    def _copy(self) -> None:
        self.copy(self._facts.text())


def _seconds_to_wait(report: Report) -> int:
    seconds = report.facts.get("seconds")
    return seconds if isinstance(seconds, int) and seconds > 0 else _PATIENCE_SECONDS
