"""What can happen: acts of the staff, answers of the runner, news of the readers. All frozen, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from myna_app.errors import AppError
from myna_app.flow.beside import Announcement, HandOver
from myna_app.flow.photograph import PhotographEvent
from myna_app.flow.side_events import SideEvent
from myna_app.flow.states import AccountForm, Reader, Standing, VisitStep
from myna_app.flow.work import BirthDateReason
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.facility import FaceCheckWay, Facility
from myna_app.formats.secret import Secret
from myna_app.formats.terms import Terms

# --- acts of the staff -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The OK of a screen that only tells something (M-03, M-07, M-11, M-21, M-23)."""


@dataclass(frozen=True, slots=True)
class Back:
    """戻る, Esc or 「やめる」."""


@dataclass(frozen=True, slots=True)
class Retried:
    """The main button of M-14 and M-09. `at` is monotonic seconds."""

    at: float


@dataclass(frozen=True, slots=True)
class TermsAgreed:
    """「同意して利用開始」."""


@dataclass(frozen=True, slots=True)
class AccountSubmitted:
    """「登録する」 with a form whose fields passed the page's own checks."""

    form: AccountForm


@dataclass(frozen=True, slots=True)
class SecretsForgotten:
    """A form was left alone for some minutes: its password and activation code go."""


@dataclass(frozen=True, slots=True)
class PasscodeTyped:
    """Four digits on M-04, M-05 or M-06."""

    passcode: Secret


@dataclass(frozen=True, slots=True)
class PasscodeForgotten:
    """「パスコードを忘れたとき」."""


@dataclass(frozen=True, slots=True)
class PasswordTyped:
    """M-08."""

    password: Secret


@dataclass(frozen=True, slots=True)
class FaceConfirmed:
    """「次へ」 on M-10: the face was compared. `at` is monotonic seconds."""

    at: float
    way: FaceCheckWay = FaceCheckWay.PHOTOGRAPH


@dataclass(frozen=True, slots=True)
class BirthDateTyped:
    """M-15: the date as printed on the card; `gregorian` when it is printed with a western year."""

    birth_date: date
    gregorian: bool = False


@dataclass(frozen=True, slots=True)
class ReaderPicked:
    """A line of M-11."""

    name: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """The result leaves the screen: its key, F8, its time, minimising, the screen saver."""


@dataclass(frozen=True, slots=True)
class LockAsked:
    """Menu, idle time, Windows lock or user switch."""


@dataclass(frozen=True, slots=True)
class ReaderChoiceAsked:
    pass


@dataclass(frozen=True, slots=True)
class TerminalIdAsked:
    pass


@dataclass(frozen=True, slots=True)
class AboutAsked:
    pass


# --- news of the readers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadersChanged:
    readers: tuple[Reader, ...]
    service_running: bool


@dataclass(frozen=True, slots=True)
class CardPlaced:
    """A card came onto the chosen reader, and it is not the last one put straight back within two seconds.

    `at` is monotonic seconds. `with_reader`: the reader itself had been gone, in a sleep or by a loose cable, and came
    back with a card, which may be the last visitor's."""

    at: float
    with_reader: bool = False


@dataclass(frozen=True, slots=True)
class ReaderFree:
    """The program that kept the chosen reader's card to itself has let go of it."""


@dataclass(frozen=True, slots=True)
class CardLifted:
    """The chosen reader is empty."""


# --- answers of the runner -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failed:
    """Work ended in a problem."""

    error: AppError


@dataclass(frozen=True, slots=True)
class Mended:
    """What a problem waits for is there again. `at` is monotonic seconds."""

    at: float


@dataclass(frozen=True, slots=True)
class StoreRead:
    """What was kept from the last time; the journey goes on at the last finished step."""

    terms_agreed: bool
    terminal_id: str | None
    passcode_set: bool
    chosen_reader: str | None
    facility: Facility | None = None
    contact: str | None = None
    standing: Standing | None = None
    reader_pattern: str | None = None
    notice: AppError | None = None
    """Something that was put right by itself and is said once, e.g. damaged settings that were set aside."""
    user_id: str | None = None
    institution_code: str | None = None


@dataclass(frozen=True, slots=True)
class TermsFetched:
    terms: Terms


@dataclass(frozen=True, slots=True)
class ConsentKept:
    pass


@dataclass(frozen=True, slots=True)
class RegistrationDone:
    terminal_id: str
    facility: Facility
    contact: str


@dataclass(frozen=True, slots=True)
class FieldsRefused:
    """The backend or a check refused fields of a form: field → what is wrong."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TermsOutdated:
    """Other terms are in force than those agreed to."""


@dataclass(frozen=True, slots=True)
class PasscodeJudged:
    """`weakness` is None when the passcode may be used."""

    passcode: Secret
    weakness: str | None


@dataclass(frozen=True, slots=True)
class PasscodeStored:
    pass


@dataclass(frozen=True, slots=True)
class Unlocked:
    pass


@dataclass(frozen=True, slots=True)
class PasscodeRefused:
    """`wrong` is False when only a wait is told (at start). Seconds are whole, rounded up."""

    wrong: bool
    tries_left: int | None
    wait_seconds: int
    password_needed: bool


@dataclass(frozen=True, slots=True)
class Reauthenticated:
    pass


@dataclass(frozen=True, slots=True)
class TerminalRefreshed:
    """`standing` is None when the terminal may work; `facts` fills M-09's words."""

    facility: Facility | None
    contact: str | None
    standing: Standing | None
    web_service_url: str | None = None
    terms_outdated: bool = False
    facts: Mapping[str, str | int] | None = None
    announcements: tuple[Announcement, ...] = ()
    update_by: date | None = None


@dataclass(frozen=True, slots=True)
class TerminalForgotten:
    terms_agreed: bool = True
    """False where consent got lost with the settings: nobody registers without."""
    contact: str | None = None
    """Whom to call, as the policy says: it is not of the registration that ended."""


@dataclass(frozen=True, slots=True)
class ReaderKept:
    name: str


@dataclass(frozen=True, slots=True)
class VisitProgressed:
    step: VisitStep


@dataclass(frozen=True, slots=True)
class BirthDateNeeded:
    reason: BirthDateReason


@dataclass(frozen=True, slots=True)
class VisitDone:
    """`handed_over`: the file for the receipt computer; None where none is wanted."""

    eligibility: Eligibility
    handed_over: HandOver | None = None


Event = (
    SideEvent
    | PhotographEvent
    | Confirmed
    | Back
    | Retried
    | TermsAgreed
    | AccountSubmitted
    | SecretsForgotten
    | PasscodeTyped
    | PasscodeForgotten
    | PasswordTyped
    | FaceConfirmed
    | BirthDateTyped
    | ReaderPicked
    | Cleared
    | LockAsked
    | ReaderChoiceAsked
    | TerminalIdAsked
    | AboutAsked
    | ReadersChanged
    | ReaderFree
    | CardPlaced
    | CardLifted
    | Failed
    | Mended
    | StoreRead
    | TermsFetched
    | ConsentKept
    | RegistrationDone
    | FieldsRefused
    | TermsOutdated
    | PasscodeJudged
    | PasscodeStored
    | Unlocked
    | PasscodeRefused
    | Reauthenticated
    | TerminalRefreshed
    | TerminalForgotten
    | ReaderKept
    | VisitProgressed
    | BirthDateNeeded
    | VisitDone
)
