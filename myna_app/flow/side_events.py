"""What happens on the pages beside the reception (M-22, M-24 … M-28): acts of the staff, answers of the runner."""

from dataclasses import dataclass
from pathlib import Path

from myna_app.flow.beside import Check, ManagedRow, Preference, Record, SidePage

# --- acts of the staff -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageAsked:
    """An entry of the menu, F12, or the way from one side page to another."""

    page: SidePage


@dataclass(frozen=True, slots=True)
class PreferenceChosen:
    """M-22: one choice, which applies at once."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PreferencesReset:
    """「はじめの設定にもどす」."""


@dataclass(frozen=True, slots=True)
class ReleaseAsked:
    """M-22: the account is to be free for another PC. The question before it was answered."""


@dataclass(frozen=True, slots=True)
class SaveAsked:
    """A text of M-24, M-26 or M-28 goes into a file that staff named."""

    file: Path
    text: str


# --- answers of the runner -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PreferencesRead:
    preferences: tuple[Preference, ...]


@dataclass(frozen=True, slots=True)
class RecordRead:
    record: Record


@dataclass(frozen=True, slots=True)
class ManagedRead:
    rows: tuple[ManagedRow, ...]


@dataclass(frozen=True, slots=True)
class CheckMade:
    """One more line of the doctor."""

    check: Check


@dataclass(frozen=True, slots=True)
class ExaminationDone:
    pass


@dataclass(frozen=True, slots=True)
class BundleMade:
    text: str


@dataclass(frozen=True, slots=True)
class FileSaved:
    """`saved` is False when the place that staff named cannot be written."""

    saved: bool


SideEvent = (
    PageAsked
    | PreferenceChosen
    | PreferencesReset
    | ReleaseAsked
    | SaveAsked
    | PreferencesRead
    | RecordRead
    | ManagedRead
    | CheckMade
    | ExaminationDone
    | BundleMade
    | FileSaved
)
