"""What happens on the pages beside the reception (M-22, M-24 … M-28): acts of the staff, answers of the runner."""

from dataclasses import dataclass
from pathlib import Path

from myna_app.flow.beside import (
    NO_PROXY,
    Check,
    Imprint,
    ManagedRow,
    Preference,
    ProxyForm,
    ReaderTest,
    Record,
    SidePage,
    Update,
    UpdateStage,
)

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
class ProxyTyped:
    """M-22: a proxy of this user's own."""

    form: ProxyForm


@dataclass(frozen=True, slots=True)
class PasscodeChangeAsked:
    """M-22 「パスコードを変える」: the present one is asked first."""


@dataclass(frozen=True, slots=True)
class ReadersSought:
    """「もう一度さがす」 on M-11."""


@dataclass(frozen=True, slots=True)
class ReaderTestAsked:
    """「テストする」 on M-11: of the chosen reader."""


@dataclass(frozen=True, slots=True)
class UpdateWanted:
    """「更新する」 on M-25."""


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
    proxy: ProxyForm = NO_PROXY


@dataclass(frozen=True, slots=True)
class ImprintRead:
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class ReaderTested:
    test: ReaderTest


@dataclass(frozen=True, slots=True)
class UpdateReached:
    """`update` is what was found; `part` of it (0–1) has been brought."""

    stage: UpdateStage
    update: Update | None = None
    part: float = 0.0


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
    | ProxyTyped
    | PasscodeChangeAsked
    | ReadersSought
    | ReaderTestAsked
    | UpdateWanted
    | ReleaseAsked
    | SaveAsked
    | PreferencesRead
    | ImprintRead
    | ReaderTested
    | UpdateReached
    | RecordRead
    | ManagedRead
    | CheckMade
    | ExaminationDone
    | BundleMade
    | FileSaved
)
