"""What a state can ask to be done. Each is one call of the runner on a worker and is answered with one event."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, unique
from pathlib import Path
from typing import TYPE_CHECKING

from myna_app.flow.photograph import PhotographWork
from myna_app.formats.secret import Secret

if TYPE_CHECKING:
    from myna_app.flow.beside import ProxyForm, Update
    from myna_app.flow.states import AccountForm
    from myna_app.formats.facility import FaceCheckWay
    from myna_app.formats.terms import Terms


@dataclass(frozen=True, slots=True)
class ReadStore:
    """Settings and key store → `StoreRead`."""


@dataclass(frozen=True, slots=True)
class FetchTerms:
    """→ `TermsFetched`."""


@dataclass(frozen=True, slots=True)
class KeepConsent:
    """Tell the backend (when registered) and keep what was agreed to → `ConsentKept`."""

    terms: "Terms"


@dataclass(frozen=True, slots=True)
class Register:
    """→ `RegistrationDone` or `FieldsRefused`."""

    form: "AccountForm"


@dataclass(frozen=True, slots=True)
class JudgePasscode:
    """→ `PasscodeJudged`."""

    passcode: Secret


@dataclass(frozen=True, slots=True)
class KeepPasscode:
    """→ `PasscodeStored`."""

    passcode: Secret


@dataclass(frozen=True, slots=True)
class CheckPasscode:
    """→ `Unlocked` or `PasscodeRefused`."""

    passcode: Secret


@dataclass(frozen=True, slots=True)
class ReadLock:
    """Waits left of the passcode → `PasscodeRefused` or nothing to wait for."""


@dataclass(frozen=True, slots=True)
class Reauthenticate:
    """→ `Reauthenticated` or `FieldsRefused`."""

    password: Secret


@dataclass(frozen=True, slots=True)
class RefreshTerminal:
    """Ask the backend how this terminal stands → `TerminalRefreshed`."""


@dataclass(frozen=True, slots=True)
class AwaitBackend:
    """Ask now and then, until it answers → `Mended`."""


@dataclass(frozen=True, slots=True)
class ForgetTerminal:
    """Remove this PC's registration, to register anew → `TerminalForgotten`."""


@dataclass(frozen=True, slots=True)
class KeepReader:
    """Remember the chosen reader → `ReaderKept`."""

    name: str


@dataclass(frozen=True, slots=True)
class LookForReaders:
    """List them now; the next `ReadersChanged` is the answer."""


@dataclass(frozen=True, slots=True)
class TestReader:
    """Wait for a card and read what any visitor's card gives without a PIN → `ReaderTested`, twice."""

    reader: str


@dataclass(frozen=True, slots=True)
class RunVisit:
    """Challenge, card, first request → `VisitDone`, `BirthDateNeeded`, with `VisitProgressed` on the way.

    `confirmed_at` is the monotonic time of the face check in seconds.
    """

    reader: str
    way: "FaceCheckWay"
    confirmed_at: float


@unique
class BirthDateReason(Enum):
    """Why staff are asked to type the printed birth date."""

    NOT_KNOWN = "not_known"
    """The backend holds none that the card would take."""
    FEW_TRIES = "few_tries"
    """The card has four tries or fewer left: only a key that the printed date confirms is presented."""
    REFUSED_BEFORE = "refused_before"
    """Two visits in a row were refused: the terminal presents nothing by itself."""


@dataclass(frozen=True, slots=True)
class HoldVisit:
    """Keep the card session of the visit open while staff type; nothing is answered."""


@dataclass(frozen=True, slots=True)
class FinishVisit:
    """Go on with the held visit and the typed birth date → `VisitDone`."""

    birth_date: date
    gregorian: bool


@dataclass(frozen=True, slots=True)
class ReadPreferences:
    """→ `PreferencesRead`."""


@dataclass(frozen=True, slots=True)
class KeepPreference:
    """Write one choice → `PreferencesRead`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class KeepProxy:
    """→ `PreferencesRead` or `FieldsRefused`."""

    form: "ProxyForm"


@dataclass(frozen=True, slots=True)
class ResetPreferences:
    """Take every choice back → `PreferencesRead`."""


@dataclass(frozen=True, slots=True)
class ReleaseTerminal:
    """Give the account back and forget it here → `TerminalForgotten`."""


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """→ `RecordRead`."""


@dataclass(frozen=True, slots=True)
class ReadManaged:
    """→ `ManagedRead`."""


@dataclass(frozen=True, slots=True)
class Examine:
    """The doctor: `CheckMade` a line → `ExaminationDone`."""


@dataclass(frozen=True, slots=True)
class MakeBundle:
    """→ `BundleMade`."""


@dataclass(frozen=True, slots=True)
class SaveFile:
    """→ `FileSaved`."""

    file: Path
    text: str


@dataclass(frozen=True, slots=True)
class ReadImprint:
    """→ `ImprintRead`."""


@dataclass(frozen=True, slots=True)
class LookForUpdate:
    """→ `UpdateReached`. `asked`: by a person; otherwise nothing is answered when it was looked for a while ago."""

    asked: bool = False


@dataclass(frozen=True, slots=True)
class BringUpdate:
    """Download it and look at it → `UpdateReached`, many times."""

    update: "Update"


@dataclass(frozen=True, slots=True)
class StartUpdate:
    """Start its installer → `UpdateReached`."""

    update: "Update"


SideWork = (
    TestReader
    | KeepProxy
    | ReadImprint
    | LookForUpdate
    | BringUpdate
    | StartUpdate
    | ReadPreferences
    | KeepPreference
    | ResetPreferences
    | ReadRecord
    | ReadManaged
    | Examine
    | MakeBundle
    | SaveFile
)
"""What the pages beside the reception ask for."""

Work = (
    SideWork
    | PhotographWork
    | ReadStore
    | FetchTerms
    | KeepConsent
    | Register
    | JudgePasscode
    | KeepPasscode
    | CheckPasscode
    | ReadLock
    | Reauthenticate
    | RefreshTerminal
    | AwaitBackend
    | ForgetTerminal
    | KeepReader
    | LookForReaders
    | RunVisit
    | HoldVisit
    | FinishVisit
    | ReleaseTerminal
)
