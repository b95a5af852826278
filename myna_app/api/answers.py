"""What goes to the backend and comes back, as frozen values (`docs/contract.md` §3).

The bounds are pydantic's to judge, but it is imported only by `myna_app.api.models`: start-up does not pay for it.
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from uuid import UUID

from myna_app.formats.bounds import Text
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.facility import FaceCheckWay, Facility
from myna_app.formats.version import version_number

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Base64Url:
    """Metadata of an ``Annotated[bytes, Base64Url(...)]`` field: exactly `length` bytes, base64url without padding."""

    length: int

    def __get_pydantic_core_schema__(self, _source: Any, _handler: "GetCoreSchemaHandler") -> "CoreSchema":
        from pydantic_core import core_schema  # noqa: PLC0415 - as in `Text`: start-up does not pay for pydantic

        return core_schema.no_info_after_validator_function(
            self._decode, core_schema.str_schema(pattern="^[0-9A-Za-z_-]+$", strict=True)
        )

    def _decode(self, text: str) -> bytes:
        decoded = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(decoded) != self.length:
            raise ValueError(f"not {self.length} bytes")
        return decoded


ShortText = Annotated[str, Text(200)]
BirthDateKey = Annotated[str, Text(6, 6, "^[0-9]{6}$")]
VersionText = Annotated[str, Text(32)]
TerminalIdText = Annotated[str, Text(16, 16, r"^[0-9A-HJKMNP-TV-Z]{16}$")]


@unique
class TerminalStatusCode(StrEnum):
    ACTIVE = "active"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True)
class Health:
    ok: bool
    version: VersionText
    store: Annotated[str, Text(10, pattern="^(sqlite|postgresql)$")]


@dataclass(frozen=True, slots=True)
class RegistrationRequest:
    """Body of ``POST /v1/terminals``; `public_key` is a JWK, `possession` a JWS by that key."""

    institution_code: str
    user_id: str
    password: str = field(repr=False)
    activation_code: str = field(repr=False)
    terms_version: str
    public_key: Mapping[str, str]
    possession: str = field(repr=False)
    app_version: str


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered terminal."""

    terminal_id: TerminalIdText
    facility: Facility
    contact: ShortText
    service_starts_on: date
    service_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """RFC 6749 §5.1; `expires_in` in seconds, at most 600."""

    access_token: Annotated[str, Text(512)] = field(repr=False)
    token_type: Annotated[str, Text(6, pattern="^Bearer$")]
    expires_in: int


@dataclass(frozen=True, slots=True)
class ServiceNotice:
    """お知らせ of the operator."""

    title: Annotated[str, Text(100)]
    text: Annotated[str, Text(2_000)]
    until: date | None = None


@dataclass(frozen=True, slots=True)
class MinimumVersion:
    """The oldest version of the application that is served from the day `from_day` on."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "alias_generator": lambda name: {"from_day": "from"}.get(name, name)  # a word Python keeps for itself
    }

    version: VersionText
    from_day: date

    def is_newer_than(self, version: str) -> bool:
        return version_number(self.version) > version_number(version)


@dataclass(frozen=True, slots=True)
class TerminalStatus:
    """What the backend knows about this terminal."""

    terminal_id: TerminalIdText
    status: TerminalStatusCode
    facility: Facility
    contact: ShortText
    notices: tuple[ServiceNotice, ...]
    required_terms_version: VersionText
    agreed_terms_version: VersionText
    service_starts_on: date
    service_ends_on: date | None = None
    minimum_app_version: MinimumVersion | None = None
    web_service_url: Annotated[str, Text(2_000, pattern="^https://")] | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the next card signs; `nonce` is 32 bytes, `expires_at` the server's time in UTC."""

    challenge_id: UUID
    nonce: Annotated[bytes, Base64Url(32)] = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FaceCheck:
    """目視確認: done `seconds_ago` (0..300 is accepted) in this `way`. `second`: the chip's photograph follows."""

    seconds_ago: int
    way: FaceCheckWay
    second: bool = False


@dataclass(frozen=True, slots=True)
class SecondFaceCheck:
    """The photograph in the chip was compared with the person, `seconds_ago` (0..300 is accepted)."""

    seconds_ago: int
    same_person: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A card seen before: the answer is complete. The key stands where a second face check follows and it is known."""

    visit_id: UUID
    eligibility: Eligibility = field(repr=False)
    birth_date_key: BirthDateKey | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Prove:
    """A card not seen before: read its birth-date record with this key (照合番号: YYMMDD)."""

    visit_id: UUID
    birth_date_key: BirthDateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskBirthDate:
    """As `Prove`, but staff type the printed birth date."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class PhotographConfirmed:
    """The photograph in the chip belongs to the card of this visit; what does not is refused."""

    confirmed: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """This certificate is pinned to another card key."""

    visit_id: UUID
    code: Annotated[str, Text(64, pattern="^[a-z][a-z0-9_]*$")]


VisitAnswer = Done | Prove | AskBirthDate | Refused
