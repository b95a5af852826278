"""What the pages beside the reception show: settings, managed settings, records, checks. All frozen, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique

from myna_app.errors import Problem
from myna_app.formats.secret import NOTHING, Secret


@unique
class SidePage(StrEnum):
    """A page that is opened from the menu and leads back to where it was opened; its value is the 画面番号."""

    SETTINGS = "M-22"
    DIAGNOSIS = "M-24"
    UPDATE = "M-25"
    RECORD = "M-26"
    MANAGED = "M-27"
    BUNDLE = "M-28"


@unique
class HandOver(StrEnum):
    """What became of the file for the receipt computer; the value is its key in the texts under M-13."""

    WRITTEN = "handed_over"
    MARKED = "handed_over_marked"
    """Written, with ● in place of characters that its encoding does not have."""
    FAILED = "not_handed_over"


@dataclass(frozen=True, slots=True)
class Preference:
    """A choice on M-22. `values` are what can be chosen, as text; `managed` when an administrator has decided."""

    name: str
    value: str
    values: tuple[str, ...]
    managed: bool = False


@dataclass(frozen=True, slots=True)
class ProxyForm:
    """プロキシ「自分で入力」. `address`: http://host:port. What was kept comes without its password."""

    address: str = ""
    user: str = ""
    password: Secret = NOTHING


NO_PROXY = ProxyForm()
"""None was typed."""


@unique
class ReaderTest(StrEnum):
    """「テストする」 on M-11: how far it has come, or what came out."""

    PLACE = "place"
    """A card is waited for."""
    READING = "reading"
    EXTENDED = "extended"
    """Read in one piece."""
    SHORT = "short"
    """Read in many short ones."""
    OTHER_CARD = "other_card"
    """The reader works; what lies on it is not a card this program reads."""


@dataclass(frozen=True, slots=True)
class Update:
    """A newer version, as its signed manifest tells it. Notes have one line a change."""

    version: str
    notes_ja: str
    notes_en: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """お知らせ of the operator."""

    title: str
    text: str


@unique
class UpdateStage(StrEnum):
    """Where M-25 stands."""

    LOOKING = "looking"
    OFF = "off"
    """No policy names where updates come from."""
    NEWEST = "newest"
    OFFERED = "offered"
    BRINGING = "bringing"
    BROUGHT = "brought"
    """Whole, signed and looked at; its installer is being started."""
    STARTED = "started"
    """The installer works now and will close this program."""
    REFUSED = "refused"
    """Not signed by whom the policy names, or not what was signed."""
    NOT_STARTED = "not_started"
    """Windows, or the person whom it asked, did not let the installer start."""


@dataclass(frozen=True, slots=True)
class ManagedRow:
    """A line of M-27: who decided a key; if anything is wrong with it, what (a name of the texts) and in which line."""

    key: str
    value: str
    source: str
    fault: str | None = None
    line: int | None = None


TURNED_DOWN = "turned_down"
"""Outcome of a visit whose photograph showed staff another person: its answer was never shown."""


@dataclass(frozen=True, slots=True)
class DayRecord:
    """The visits of a day. `confirmed` ended in an answer, `problems` did not, and of `turned_down` staff saw in the
    photograph that it was another person's card. `hours` counts visits by hour 0 … 23, `outcomes` by how they ended."""

    day: date
    confirmed: int
    problems: int
    turned_down: int
    mean_seconds: float
    hours: tuple[int, ...]
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """M-26: the last days, newest first, and how often each outcome came. Nothing of a visitor."""

    days: tuple[DayRecord, ...] = ()
    outcomes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """Something that is shipped beside our own code. `licence`: its SPDX name, where there is one; `text`: the licence
    itself, in full."""

    name: str
    version: str
    licence: str
    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Consent to the terms: which version, when, and its text as it was shown; empty when that got lost."""

    version: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """What M-23 tells of the program. `built`: the day of its commit; None when it runs from its sources."""

    built: date | None = None
    agreement: Agreement | None = None
    components: tuple[Component, ...] = ()


@unique
class Outcome(StrEnum):
    """How a check ended."""

    GOOD = "good"
    UNKNOWN = "unknown"
    """Could not be found out now; not a fault."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor. `name` and `found` are words of our own; nothing personal.

    `problem` leads to the words that say what to do. `about`: the reader, file or address that was examined.
    """

    name: str
    outcome: Outcome
    found: str
    problem: Problem | None = None
    about: str = ""
