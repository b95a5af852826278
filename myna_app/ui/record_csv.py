"""The record of M-26 as CSV: a line a day, for spreadsheets. Counts alone, nothing of a visitor."""

import csv
import io
from collections.abc import Sequence

from myna_app.flow.beside import TURNED_DOWN, DayRecord, Record


def outcomes_told(record: Record) -> list[str]:
    """The outcomes that have a column of their own: those that came, verdicts first, then by code."""
    return sorted((one for one, _count in record.outcomes if one != TURNED_DOWN), key=lambda one: (" " not in one, one))


def record_csv(head: Sequence[str], record: Record) -> str:
    """`head`: day, checks, problems, mean seconds, busiest hour, turned down, and the words for `outcomes_told`.

    Begins with a byte order mark: spreadsheets on Windows would take it for Shift_JIS without.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(head)
    told = outcomes_told(record)
    table.writerows([*_fixed(day), *(day.outcomes.get(one, 0) for one in told)] for day in record.days)
    return "\ufeff" + text.getvalue()


def _fixed(day: DayRecord) -> tuple[object, ...]:
    busiest = max(range(24), key=day.hours.__getitem__) if any(day.hours) else ""
    return day.day.isoformat(), day.confirmed, day.problems, f"{day.mean_seconds:.1f}", busiest, day.turned_down
