"""M-24 診断（困ったとき）: what a visit needs, line by line, with what to do; and a report for the help desk."""

from PySide6.QtWidgets import QWidget

from myna_app.flow.beside import Check, Outcome, SidePage
from myna_app.flow.events import Confirmed, Retried
from myna_app.flow.side_events import PageAsked, SaveAsked
from myna_app.flow.states import DiagnosisScreen, Trouble
from myna_app.ui.check_words import check_words
from myna_app.ui.dialogs import ask_where
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.lines import Lines

_SIGNS = {
    Outcome.GOOD: ("valid", Tone.OK),
    Outcome.UNKNOWN: ("unknown", Tone.NEUTRAL),
    Outcome.BAD: ("invalid", Tone.ERROR),
}
_MARKS = {Outcome.GOOD: "✓", Outcome.UNKNOWN: "？", Outcome.BAD: "✕"}
"""The same in the report, which is plain text."""


class DiagnosisPage(Page[DiagnosisScreen]):
    number = "M-24"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._screen: DiagnosisScreen | None = None
        self._summary = label("body")
        self._lines = Lines(kit.theme, "M-24.checks", self.texts("M-24.list_name"), room=120)
        self.column.addWidget(self._summary)
        self.column.addWidget(self._lines, 1)
        self.add_row(
            Button(self.texts("M-24.copy"), Kind.OUTLINE, "M-24.copy", self._copy),
            Button(self.texts("M-24.save"), Kind.OUTLINE, "M-24.save", self._save),
            Button(self.texts("M-24.bundle"), Kind.OUTLINE, "M-24.bundle", self._open_bundle),
        )

    def show_screen(self, screen: DiagnosisScreen) -> None:
        before = self._screen
        self._screen = screen
        if before is None or len(screen.checks) < len(before.checks):
            self._lines.clear()
        for check in screen.checks[self._lines.count() :]:
            words = "\n".join(self._words(check))
            spoken = f"{self.texts(f'doctor.{check.outcome}')}、{words}"
            self._lines.add_line(words, spoken=spoken, sign=_SIGNS[check.outcome])
        self._summary.setText(self._told(screen))
        if screen.done and (before is None or not before.done):
            self.say(self._told(screen))
            self._go_to_first_problem(screen)
        if before is not None and screen.saved is not None and screen.saved is not before.saved:
            self._tell_saved(saved=screen.saved)

    def _go_to_first_problem(self, screen: DiagnosisScreen) -> None:
        """What staff came for, before they have to look for it."""
        problems = (row for row, check in enumerate(screen.checks) if check.outcome is Outcome.BAD)
        self._lines.setCurrentRow(next(problems, 0))

    def _told(self, screen: DiagnosisScreen) -> str:
        if not screen.done:
            return self.texts("M-24.running")
        counts = [sum(check.outcome is outcome for check in screen.checks) for outcome in Outcome]
        return self.texts("M-24.summary", all=len(screen.checks), unknown=counts[1], bad=counts[2])

    def _words(self, check: Check) -> tuple[str, ...]:
        """What was found, and the first thing to do about it."""
        if check.problem is None:
            return (check_words(self.texts, check),)
        words = self.texts.problem(check.problem, {})
        found = self.texts("M-24.with_code", found=check_words(self.texts, check), code=words.code)
        return (found, *words.steps[:1])

    def report(self) -> str:
        """The fields the help desk asks for come first; the first three are for staff to fill in."""
        screen = self._screen
        if screen is None:
            return ""
        problem = screen.back.report.problem if isinstance(screen.back, Trouble) else None
        title = "" if problem is None else self.texts.problem(problem, {}).title
        asked = [
            self.texts("M-24.report_office"),
            self.texts("M-24.report_office_code"),
            self.texts("M-24.report_fault"),
            self.texts("M-24.report_time", time=f"{self.kit.now():%Y-%m-%d %H:%M}"),
            self.texts("M-24.report_screen", screen=self.number if problem is None else "M-14"),
            self.texts("M-24.report_message", message=f"{title} {problem.value if problem else ''}".strip()),
            self.texts("M-14.details_version", version=self.kit.options.version),
        ]
        checks = [f"{_MARKS[one.outcome]}　" + "\n　　".join(self._words(one)) for one in screen.checks]
        return "\n".join([*asked, "", *checks]) + "\n"

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("M-24.again"), self.again)

    def again(self) -> None:
        self.act(Retried(self.kit.clock()))

    def escape(self) -> None:
        self.act(Confirmed())

    def focus_target(self) -> QWidget | None:
        return self._lines

    def spoken(self) -> str:
        return self.texts("M-24.running")

    def left(self) -> None:
        self._screen = None
        self._lines.clear()

    def _copy(self) -> None:
        self.noted.emit(self.copy(self.report()))

    def _save(self) -> None:
        name = f"myna-app-{self.kit.now():%Y%m%d-%H%M}.txt"
        ask_where(self, self.texts("file.save"), name, lambda file: self.act(SaveAsked(file, self.report())))

    def _tell_saved(self, *, saved: bool) -> None:
        words = self.texts("file.saved" if saved else "file.not_saved")
        self.noted.emit(words)
        self.say(words)

    def _open_bundle(self) -> None:
        self.act(PageAsked(SidePage.BUNDLE))
