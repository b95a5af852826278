"""What the pages beside the reception show: settings, managed settings, records, checks. All frozen, no behaviour."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from myna_app.errors import Problem


@unique
class SidePage(StrEnum):
    """A page that is opened from the menu and leads back to where it was opened; its value is the 画面番号."""

    SETTINGS = "M-22"
    DIAGNOSIS = "M-24"
    RECORD = "M-26"
    MANAGED = "M-27"
    BUNDLE = "M-28"


@dataclass(frozen=True, slots=True)
class Preference:
    """A choice on M-22. `values` are what can be chosen, as text; `managed` when an administrator has decided."""

    name: str
    value: str
    values: tuple[str, ...]
    managed: bool = False


@dataclass(frozen=True, slots=True)
class ManagedRow:
    """A line of M-27: who decided a key, and what is wrong with it, if anything (a name of the texts)."""

    key: str
    value: str
    source: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class DayRecord:
    """The visits of a day. `confirmed` ended in an answer, `problems` did not; `hours` counts visits by hour 0 … 23."""

    day: date
    confirmed: int
    problems: int
    mean_seconds: float
    hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """M-26: the last days, newest first, and how often each outcome came. Nothing of a visitor."""

    days: tuple[DayRecord, ...] = ()
    outcomes: tuple[tuple[str, int], ...] = ()


@unique
class Outcome(StrEnum):
    """How a check ended."""

    GOOD = "good"
    UNKNOWN = "unknown"
    """Could not be found out now; not a fault."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor. `name` and `found` are words of our own, or names of readers; nothing personal.

    `problem` leads to the words that say what to do.
    """

    name: str
    outcome: Outcome
    found: str
    problem: Problem | None = None
