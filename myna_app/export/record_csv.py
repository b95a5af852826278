"""The record of M-26 as CSV: a line a day, for spreadsheets. Counts alone, nothing of a visitor."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date


def record_csv(head: Sequence[str], days: Iterable[tuple[date, int, int, float, int | None, int]]) -> str:
    """`days`: day, confirmed, problems, mean seconds, busiest hour, turned down.

    Begins with a byte order mark: spreadsheets on Windows would take it for Shift_JIS without.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(head)
    for day, confirmed, problems, seconds, hour, turned_down in days:
        busiest = "" if hour is None else hour
        table.writerow((day.isoformat(), confirmed, problems, f"{seconds:.1f}", busiest, turned_down))
    return "\ufeff" + text.getvalue()
