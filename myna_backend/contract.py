"""Requests and answers of `docs/contract.md` §3; `Eligibility` (§4), `Facility` and `Terms` are of `myna_app.formats`.

Requests refuse unknown members. Answers leave out what equals its default, so that a member without a default always
stands, even where it is null.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from myna_app.formats.bounds import Text
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.facility import Facility
from myna_app.formats.terms import TermsVersion
from myna_backend.encodings import Base64Url, Nonce, Signature

MAX_BODY = 65_536
VISIT_ANSWER_SIZE = 512
"""Bytes every answer to a visit but `done` is padded to."""

UserId = Annotated[str, Text(64, pattern=r"^[!-~]+$")]
Password = Annotated[str, Text(128, pattern=r"^[ -~]+$")]
AppVersion = Annotated[str, Text(32, pattern=r"^[0-9A-Za-z.+-]+$")]
Coordinate = Annotated[str, Text(43, 43, r"^[0-9A-Za-z_-]{43}$")]
TerminalId = Annotated[str, Text(16, 16, r"^[0-9A-HJKMNP-TV-Z]{16}$")]
Contact = Annotated[str, Text(200)]
IssuerCertificate = Annotated[bytes, Base64Url(1024, 568)]
Digest = Annotated[bytes, Base64Url(32, 32)]
BirthDateKey = Annotated[str, Text(6, 6, r"^[0-9]{6}$")]
SecondsAgo = Annotated[int, Field(strict=True, ge=0, le=86_400)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class PublicKey(_Request):
    """JWK of the terminal's key (RFC 7517), public half alone."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate


class RegistrationRequest(_Request):
    institution_code: Annotated[str, Text(10, 10, r"^[0-9]{10}$")]
    user_id: UserId
    password: Password
    activation_code: Annotated[str, Text(64, 4, r"^[0-9A-Za-z]{4,64}$")]
    terms_version: TermsVersion
    public_key: PublicKey
    possession: Annotated[str, Text(2048)]
    app_version: AppVersion


class TokenRequest(_Request):
    grant_type: Literal["client_credentials"]
    client_assertion_type: Literal["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    client_assertion: Annotated[str, Text(4096)]


class TermsAgreement(_Request):
    version: TermsVersion


class Reauthentication(_Request):
    password: Password


class FaceCheck(_Request):
    seconds_ago: SecondsAgo
    way: Literal["photograph", "accompanied"]
    second: Annotated[bool, Field(strict=True)] = False


class VisitRequest(_Request):
    challenge_id: UUID
    certificate: Annotated[bytes, Base64Url(4096)]
    signature: Signature
    face_check: FaceCheck


class CardProof(_Request):
    birth_date_record: Annotated[bytes, Base64Url(1024, 547)]
    issuer_certificate: IssuerCertificate


class SecondFaceCheck(_Request):
    """Staff compared the photograph in the chip with the person."""

    seconds_ago: SecondsAgo
    same_person: Annotated[bool, Field(strict=True)]


class PhotographProof(_Request):
    df22: Annotated[bytes, Base64Url(11, 11)]
    df23: Annotated[bytes, Base64Url(4, 4)]
    df24: Annotated[bytes, Base64Url(270, 270)]
    h2: Digest
    h3: Digest
    df28: Annotated[bytes, Base64Url(261, 261)]
    issuer_certificate: IssuerCertificate
    face_check: SecondFaceCheck | None = None


class KeyRefusal(_Request):
    sw: Annotated[str, Text(4, 4, r"^[0-9A-F]{4}$")]
    tries_left: Annotated[int | None, Field(strict=True, ge=0, le=15)] = None


class CardRefusal(_Request):
    refused: KeyRefusal


ProofRequest = Annotated[
    Annotated[CardProof, Tag("proof")] | Annotated[CardRefusal, Tag("refusal")],
    Discriminator(lambda body: "refusal" if isinstance(body, dict) and "refused" in body else "proof"),
]


@dataclass(frozen=True, slots=True)
class Health:
    ok: bool
    version: str
    store: Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True)
class Registration:
    terminal_id: TerminalId
    facility: Facility
    contact: Contact
    service_starts_on: date
    service_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    access_token: Annotated[str, Text(512)]
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1, le=600)]


@dataclass(frozen=True, slots=True)
class TerminalNotice:
    title: Annotated[str, Text(100)]
    text: Annotated[str, Text(2000)]
    until: date | None = None


@dataclass(frozen=True, slots=True)
class MinimumAppVersion:
    """`from_` is `from` on the wire: the day from which older versions are refused."""

    version: AppVersion
    from_: Annotated[date, Field(alias="from")]


@dataclass(frozen=True, slots=True)
class Terminal:
    terminal_id: TerminalId
    status: Literal["active", "not_started"]
    facility: Facility
    contact: Contact
    notices: Annotated[tuple[TerminalNotice, ...], Field(max_length=20)]
    required_terms_version: TermsVersion
    agreed_terms_version: TermsVersion
    service_starts_on: date
    service_ends_on: date | None = None
    minimum_app_version: MinimumAppVersion | None = None
    web_service_url: str | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    challenge_id: UUID
    nonce: Nonce
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """A known card: nothing follows. The key goes with it where a second face check is to follow."""

    next: Literal["done"]
    visit_id: UUID
    eligibility: Eligibility
    birth_date_key: BirthDateKey | None = None


@dataclass(frozen=True, slots=True)
class Prove:
    """The card must be proved; this key opens its birth-date record."""

    next: Literal["prove"]
    visit_id: UUID
    birth_date_key: BirthDateKey


@dataclass(frozen=True, slots=True)
class AskBirthDate:
    """The card must be proved; staff type the printed birth date."""

    next: Literal["ask_birth_date"]
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class Refused:
    """This card is pinned to another key; administration clears it."""

    next: Literal["refused"]
    visit_id: UUID
    code: Literal["card_key_changed"]


VisitAnswer = Annotated[Done | Prove | AskBirthDate | Refused, Field(discriminator="next")]


@dataclass(frozen=True, slots=True)
class Proved:
    eligibility: Eligibility


@dataclass(frozen=True, slots=True)
class PhotographConfirmed:
    """The photograph was issued with the card that signed; what is not confirmed is refused."""

    confirmed: Literal[True]
