"""M-26 記録: how many visits a day, how they ended, and when it was busiest. Nothing of a visitor."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from myna_app.errors import Problem
from myna_app.flow.beside import TURNED_DOWN, DayRecord, Record
from myna_app.flow.events import Confirmed
from myna_app.flow.side_events import SaveAsked
from myna_app.flow.states import RecordScreen
from myna_app.ui.dialogs import ask_where
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.record_csv import outcomes_told, record_csv
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.chart import BarChart
from myna_app.ui.widgets.labels import heading, label
from myna_app.ui.widgets.lines import Lines

DAYS_SHOWN = 14
_HOURS = range(7, 21)
"""What the chart of hours shows; reception is closed at night."""


class RecordPage(Page[RecordScreen]):
    number = "M-26"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._record = Record()
        self._saved: bool | None = None
        self._today = label("large")
        self._days = BarChart(kit.theme)
        self._hours = BarChart(kit.theme)
        self._outcomes = Lines(kit.theme, "M-26.outcomes", self.texts("M-26.outcomes"))
        self._counts: tuple[QWidget, ...] = (
            heading("h3", self.texts("M-26.days", n=DAYS_SHOWN)),
            self._days,
            heading("h3", self.texts("M-26.hours")),
            self._hours,
            heading("h3", self.texts("M-26.outcomes")),
            self._outcomes,
            Button(self.texts("M-26.csv"), Kind.OUTLINE, "M-26.csv", self._save),
        )
        for widget in (label("body", self.texts("M-26.lead")), self._today, *self._counts):
            self.column.addWidget(widget)
        self.column.setAlignment(self._counts[-1], Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch()

    def show_screen(self, screen: RecordScreen) -> None:
        if screen.record is not None and screen.record is not self._record:
            self._show_record(screen.record)
        if screen.saved is not None and screen.saved is not self._saved:
            words = self.texts("file.saved" if screen.saved else "file.not_saved")
            self.noted.emit(words)
            self.say(words)
        self._saved = screen.saved

    def _show_record(self, record: Record) -> None:
        self._record = record
        days = list(reversed(record.days[:DAYS_SHOWN]))
        told = "、".join(self._sentence(day) for day in days if any(day.hours))
        self._days.show_bars([(f"{d.day.month}/{d.day.day}", d.confirmed, d.problems) for d in days], told)
        hours = [sum(day.hours[hour] for day in record.days) for hour in _HOURS]
        busiest = max(zip(hours, _HOURS, strict=True), default=(0, 0))
        spoken = self.texts("M-26.busiest", hour=busiest[1], n=busiest[0])
        self._hours.show_bars([(str(hour), count, 0) for hour, count in zip(_HOURS, hours, strict=True)], spoken)
        some = bool(record.outcomes)
        self._today.setText(self._sentence(record.days[0]) if some else self.texts("M-26.none"))
        for widget in self._counts:
            widget.setVisible(some)
        self._outcomes.clear()
        for outcome, count in record.outcomes:
            told = self._outcome(outcome)
            self._outcomes.add_line(self.texts("M-26.count", outcome=told[:1].upper() + told[1:], n=count))

    def _sentence(self, day: DayRecord) -> str:
        return self.texts(
            "M-26.day_turned_down" if day.turned_down else "M-26.day",
            date=self.texts.day(day.day),
            n=day.confirmed,
            problems=day.problems,
            turned_down=day.turned_down,
            seconds=f"{day.mean_seconds:.1f}",
        )

    def _outcome(self, outcome: str) -> str:
        """A row's code in the words of the screens."""
        kind, _, verdict = outcome.partition(" ")
        if kind == "verdict":
            return self.texts.code("verdict", verdict)
        if kind == "care":
            return self.texts("verdict.care.word")
        if outcome == TURNED_DOWN:
            return self.texts("M-26.turned_down")
        if outcome in set(Problem):
            return f"{outcome}　{self.texts.problem(Problem(outcome), {}).title}"
        return outcome

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def escape(self) -> None:
        self.act(Confirmed())

    def spoken(self) -> str:
        return self.texts("M-26.lead")

    def left(self) -> None:
        self._record = Record()

    def _save(self) -> None:
        outcomes = [self._outcome(one) for one in outcomes_told(self._record)]
        table = record_csv([*self.texts.lines("M-26.csv_head"), *outcomes], self._record)
        name = f"myna-app-{self.kit.now():%Y%m%d}.csv"
        ask_where(self, self.texts("file.save"), name, lambda file: self.act(SaveAsked(file, table)))
