"""The photograph in the chip, between a visit's answer and its result: screens, events, work. Frozen, no behaviour.

Where policy allows it. M-16 asks for the digits printed under the photograph, M-17 shows the photograph for the second
confirmation; the answer waits meanwhile, and staff may go on without.
"""

from dataclasses import dataclass, field
from enum import StrEnum, unique

from myna_app.formats.eligibility import Eligibility
from myna_app.formats.photograph import GreyPicture
from myna_app.formats.secret import Secret


@unique
class Objection(StrEnum):
    """Why a security code did not lead to the photograph; a name of the texts."""

    MISTYPED = "mistyped"
    """The card refused it. One more may be typed."""
    REFUSED = "refused"
    """The card refused it, and no further one is tried."""
    SPARED = "spared"
    """The card has few tries left: none was spent."""
    LOCKED = "locked"
    LIFTED = "lifted"
    """The card is off the reader; nothing was tried."""


# --- screens ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SecurityCodeEntry:
    """M-16 セキュリティコードの入力."""

    eligibility: Eligibility
    objection: Objection | None = None

    @property
    def may_type(self) -> bool:
        return self.objection in (None, Objection.MISTYPED)


@dataclass(frozen=True, slots=True)
class PhotographCheck:
    """M-17 ICチップの顔写真の確認: the backend has confirmed the photograph; its card may be lifted."""

    eligibility: Eligibility
    picture: GreyPicture = field(repr=False)


# --- acts of the staff -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SecurityCodeTyped:
    """Four digits on M-16."""

    code: Secret


@dataclass(frozen=True, slots=True)
class PhotographSkipped:
    """「写真なしで進む」."""


@dataclass(frozen=True, slots=True)
class PersonCompared:
    """The second confirmation on M-17. `at` is monotonic seconds."""

    same_person: bool
    at: float


# --- answers of the runner -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PhotographOffered:
    """The visit is answered, and its card, still held, can show its photograph."""

    eligibility: Eligibility


@dataclass(frozen=True, slots=True)
class CodeNotTaken:
    objection: Objection


@dataclass(frozen=True, slots=True)
class PhotographRead:
    picture: GreyPicture = field(repr=False)


PhotographEvent = (
    SecurityCodeTyped | PhotographSkipped | PersonCompared | PhotographOffered | CodeNotTaken | PhotographRead
)


# --- work ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadPhotograph:
    """→ `PhotographRead` or `CodeNotTaken`. `eligibility` waits for either."""

    code: Secret
    eligibility: Eligibility


@dataclass(frozen=True, slots=True)
class ConfirmPerson:
    """Tell the backend that staff saw the same person → `VisitDone`."""

    at: float
    eligibility: Eligibility


@dataclass(frozen=True, slots=True)
class RejectPerson:
    """Tell the backend that staff saw another person; nothing is answered."""

    at: float


@dataclass(frozen=True, slots=True)
class ShowAnswer:
    """Go on without a photograph → `VisitDone`."""

    eligibility: Eligibility


PhotographWork = ReadPhotograph | ConfirmPerson | RejectPerson | ShowAnswer
