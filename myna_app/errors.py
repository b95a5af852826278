"""Every error this program raises on purpose, and the problems a person can be told about.

::

    AppError                     has a `problem`: what the person is told
    ├── ReaderError              no reader, reader lost, service stopped, reader in use
    ├── CardError                the card or the talk with it
    │   ├── CardRemovedError     lifted off the reader
    │   ├── CardResetError       another program reset the card: the visit may start over once
    │   ├── StatusWordError      a status word nobody asked for
    │   └── CardDataError        bytes from the card that do not fit their layout
    ├── ApiError                 the backend or the way to it
    │   └── RefusalError         the backend's own answer: a problem document with a `code`
    ├── VaultError               the operating system's key store
    ├── SettingsError            settings or policy that cannot be used
    └── PasscodeError            passcode wrong, or waiting

The words of a problem lie in ``resources/text/{ja,en}.toml``; ``docs/errors.md`` is made from them. A problem is named
in exactly one place of the program besides this file, or in one mapping line for each foreign cause.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, unique
from types import MappingProxyType
from typing import Self


@unique
class Kind(Enum):
    """Who can end a problem; the first letter of the catalogue's severity."""

    RETRY = "R"
    """Doing it again, here, is likely to help."""
    STAFF = "S"
    """Reception staff can solve it."""
    ADMIN = "A"
    """The person who looks after the PC or the account is needed."""
    OTHER_WAY = "P"
    """This visitor must be confirmed in another way now."""


@unique
class Problem(StrEnum):
    """Permanent codes shown to people (「エラーコード」). A retired code is never used again."""

    READER_MISSING = "E-R01"
    READER_LOST = "E-R02"
    SERVICE_STOPPED = "E-R03"
    READER_UNSUITABLE = "E-R04"
    READER_IN_USE = "E-R05"

    CARD_MISSING = "E-C01"
    CARD_REMOVED = "E-C02"
    CARD_OTHER = "E-C03"
    CARD_PHONE = "E-C04"
    CERTIFICATE_EXPIRED = "E-C05"
    CERTIFICATE_UNUSABLE = "E-C06"
    CERTIFICATE_NOT_YET_VALID = "E-C07"
    CERTIFICATE_MISSING = "E-C08"
    CARD_NOT_PROVEN = "E-C09"
    BIRTH_DATE_LOCKED = "E-C10"
    CARD_TALK_FAILED = "E-C11"
    CARDS_TWO = "E-C12"
    BIRTH_DATE_SPARED = "E-C13"
    BIRTH_DATE_REFUSED = "E-C14"
    CARD_KEY_CHANGED = "E-C15"

    BACKEND_UNREACHABLE = "E-N01"
    TLS_REFUSED = "E-N02"
    PROXY_AUTHENTICATION = "E-N03"
    BACKEND_SLOW = "E-N04"
    RATE_LIMITED = "E-N05"
    BACKEND_FAULT = "E-N06"
    MAINTENANCE = "E-N07"
    CLOCK_OFF = "E-N08"
    VISIT_EXPIRED = "E-N09"
    CONTRACT_BROKEN = "E-N10"

    CREDENTIALS_WRONG = "E-A01"
    ACCOUNT_STOPPED = "E-A02"
    ACCOUNT_ELSEWHERE = "E-A03"
    ACTIVATION_CODE_WRONG = "E-A04"
    TERMINAL_UNKNOWN = "E-A05"
    ACCOUNT_ENDED = "E-A06"
    NOT_STARTED = "E-A07"

    VERDICT_UNKNOWN = "E-V90"

    PASSCODE_WRONG = "E-P01"
    PASSCODE_WAIT = "E-P02"

    VAULT_UNAVAILABLE = "E-S01"
    ALREADY_RUNNING = "E-S02"
    UPDATE_REQUIRED = "E-S03"
    DISK_FULL = "E-S04"
    BACKEND_NOT_SET = "E-S05"
    POLICY_UNSAFE = "E-S06"
    STORED_DATA_DAMAGED = "E-S07"
    OTHER_WINDOWS_USER = "E-S08"
    UNEXPECTED = "E-S99"

    @property
    def kind(self) -> Kind:
        return _KINDS[self]


_KINDS: Mapping[Problem, Kind] = MappingProxyType(
    {
        problem: kind
        for kind, problems in {
            Kind.RETRY: (
                Problem.CARD_MISSING,
                Problem.CARD_REMOVED,
                Problem.CARD_TALK_FAILED,
                Problem.CARDS_TWO,
                Problem.BACKEND_SLOW,
                Problem.RATE_LIMITED,
                Problem.BACKEND_FAULT,
                Problem.VISIT_EXPIRED,
            ),
            Kind.STAFF: (
                Problem.READER_MISSING,
                Problem.READER_LOST,
                Problem.READER_IN_USE,
                Problem.CARD_OTHER,
                Problem.CERTIFICATE_NOT_YET_VALID,
                Problem.BACKEND_UNREACHABLE,
                Problem.CREDENTIALS_WRONG,
                Problem.ACCOUNT_ELSEWHERE,
                Problem.ACTIVATION_CODE_WRONG,
                Problem.TERMINAL_UNKNOWN,
                Problem.NOT_STARTED,
                Problem.PASSCODE_WRONG,
                Problem.PASSCODE_WAIT,
                Problem.ALREADY_RUNNING,
                Problem.STORED_DATA_DAMAGED,
            ),
            Kind.ADMIN: (
                Problem.SERVICE_STOPPED,
                Problem.READER_UNSUITABLE,
                Problem.TLS_REFUSED,
                Problem.PROXY_AUTHENTICATION,
                Problem.CLOCK_OFF,
                Problem.CONTRACT_BROKEN,
                Problem.ACCOUNT_STOPPED,
                Problem.ACCOUNT_ENDED,
                Problem.VERDICT_UNKNOWN,
                Problem.VAULT_UNAVAILABLE,
                Problem.UPDATE_REQUIRED,
                Problem.DISK_FULL,
                Problem.BACKEND_NOT_SET,
                Problem.POLICY_UNSAFE,
                Problem.OTHER_WINDOWS_USER,
                Problem.UNEXPECTED,
            ),
            Kind.OTHER_WAY: (
                Problem.CARD_PHONE,
                Problem.CERTIFICATE_EXPIRED,
                Problem.CERTIFICATE_UNUSABLE,
                Problem.CERTIFICATE_MISSING,
                Problem.CARD_NOT_PROVEN,
                Problem.BIRTH_DATE_LOCKED,
                Problem.BIRTH_DATE_SPARED,
                Problem.BIRTH_DATE_REFUSED,
                Problem.CARD_KEY_CHANGED,
                Problem.MAINTENANCE,
            ),
        }.items()
        for problem in problems
    }
)


class AppError(Exception):
    """An error that ends in one problem of the catalogue.

    `detail` is for 「くわしい情報」 and the log: codes and names of our own, never personal data, secrets, APDU bodies.
    `facts` fills the placeholders of the problem's words (``{seconds}``, ``{minutes}``, ``{contact}``).
    """

    def __init__(self, problem: Problem, detail: str = "", **facts: str | int) -> None:
        super().__init__(f"{problem.value} {problem.name}{': ' if detail else ''}{detail}")
        self.problem = problem
        self.detail = detail
        self.facts: Mapping[str, str | int] = MappingProxyType(facts)

    @classmethod
    def unexpected(cls, error: BaseException) -> "AppError":
        """What nobody thought of; only its type is kept, for its text may hold anything."""
        return cls(Problem.UNEXPECTED, type(error).__name__)

    @classmethod
    def set_aside(cls, what: str, kept: str) -> Self:
        """Something this program had stored is damaged; its content was kept under the name `kept`."""
        return cls(Problem.STORED_DATA_DAMAGED, f"{what} was set aside as {kept}")


class ReaderError(AppError):
    """The reader or the smart-card service cannot be used."""


class CardError(AppError):
    """The card, or the talk with it, failed."""


class CardRemovedError(CardError):
    """The card was lifted off while it was needed."""


class CardResetError(CardError):
    """Another program reset the card between two commands of ours."""


class StatusWordError(CardError):
    """The card answered a status word that ends this step; `status_word` is 0..0xFFFF."""

    def __init__(self, problem: Problem, status_word: int, detail: str = "") -> None:
        super().__init__(problem, f"{detail + ' ' if detail else ''}SW {status_word:04X}")
        self.status_word = status_word


class CardDataError(CardError):
    """Bytes from the card do not fit their layout. `detail` names the layout, never the bytes."""


class ApiError(AppError):
    """The backend cannot be reached, or its answer cannot be used."""


class RefusalError(ApiError):
    """The backend refused with an RFC 9457 problem; `code` is the contract's stable word, `status` the HTTP status.

    `fields` maps a request field to the code of what is wrong with it (422). `contact` is set on 403 and 410,
    `retry_after` in seconds on 429 and 503.
    """

    def __init__(
        self,
        problem: Problem,
        code: str,
        status: int,
        *,
        fields: Mapping[str, str] | None = None,
        contact: str | None = None,
        retry_after: int | None = None,
        **facts: str | int,
    ) -> None:
        super().__init__(problem, f"HTTP {status} {code}", **facts)
        self.code = code
        self.status = status
        self.fields: Mapping[str, str] = MappingProxyType(dict(fields or {}))
        self.contact = contact
        self.retry_after = retry_after


class VaultError(AppError):
    """The operating system's key store is locked, missing, or holds something else than we wrote."""


class SettingsError(AppError):
    """Settings or policy cannot be used; `detail` names file, key and reason."""


class PasscodeError(AppError):
    """The passcode was wrong, or a wait is running; facts: ``tries_left``, ``seconds``."""
