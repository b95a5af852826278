"""The tables. `migrations/` makes them; a test holds the two together.

Of a visitor stand here: an exchange while it is open (minutes), the last read person of a care office's terminal (ten
minutes), audit rows without a name, and pinned card keys until the certificate and its grace have ended.
"""

from datetime import UTC, date, datetime
from enum import StrEnum, unique
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Enum, ForeignKey, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from myna_app.formats.facility import FacilityKind


@unique
class AccountStatus(StrEnum):
    ACTIVE = "active"
    STOPPED = "stopped"
    ENDED = "ended"


@unique
class KeyForm(StrEnum):
    """How a birth-date key is made of the date: era year, or the Gregorian year's last two digits."""

    ERA = "era"
    GREGORIAN = "gregorian"


@unique
class PageRole(StrEnum):
    """Who signs in to the pages. `APPLICANT` on the portal, the others on a care office's web service."""

    APPLICANT = "applicant"
    OFFICE = "office"
    """事業所."""
    MANAGER = "manager"
    """管理者."""
    GENERAL = "general"
    """一般."""


@unique
class ApplicationStatus(StrEnum):
    AWAITS_NOTIFICATION = "awaits_file"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite keeps no zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _words(kind: type[StrEnum]) -> Enum:
    """Stored as the member's word, so that the database reads by itself and a new member needs no migration."""
    return Enum(kind, native_enum=False, create_constraint=False, length=16, values_callable=list)


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this class attribute
        datetime: UtcDateTime(),
        bytes: LargeBinary(),
        FacilityKind: _words(FacilityKind),
        AccountStatus: _words(AccountStatus),
        KeyForm: _words(KeyForm),
        PageRole: _words(PageRole),
        ApplicationStatus: _words(ApplicationStatus),
    }


class Meta(Table):
    """Facts of the database itself: its trust mode."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Office(Table):
    """事業所 or 医療機関 that applied. Care offices share 機関コード 8888888888, so the name belongs to the key."""

    __tablename__ = "offices"
    __table_args__ = (UniqueConstraint("institution_code", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FacilityKind]
    institution_code: Mapped[str] = mapped_column(String(10))
    contact: Mapped[str] = mapped_column(String(200))
    service_starts_on: Mapped[date]
    service_ends_on: Mapped[date | None]


class Account(Table):
    """One PC's account. `activation_hash` is None once the code is spent; the user id is made of `id`."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    status: Mapped[AccountStatus] = mapped_column(default=AccountStatus.ACTIVE)
    password_hash: Mapped[str] = mapped_column(String(200))
    activation_hash: Mapped[str | None] = mapped_column(String(200))
    activation_expires_at: Mapped[datetime]
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class Terminal(Table):
    """A registered PC. It vanishes when its account is released."""

    __tablename__ = "terminals"
    terminal_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    thumbprint: Mapped[str] = mapped_column(String(43))
    key_x: Mapped[str] = mapped_column(String(43))
    key_y: Mapped[str] = mapped_column(String(43))
    agreed_terms_version: Mapped[str] = mapped_column(String(32))
    app_version: Mapped[str] = mapped_column(String(32))
    registered_at: Mapped[datetime]
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class AccessTokenHash(Table):
    __tablename__ = "access_tokens"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class UsedAssertion(Table):
    """A `jti` that was used, until no assertion with it could be accepted any more."""

    __tablename__ = "used_assertions"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LimitCount(Table):
    """How often something was done since `started_at` (`store.limits`)."""

    __tablename__ = "limits"
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


class Challenge(Table):
    """A challenge and the id of the visit that will grow out of it; spent once a body's digest stands here."""

    __tablename__ = "challenges"
    challenge_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(unique=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id", ondelete="CASCADE"), index=True)
    nonce: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    body_digest: Mapped[bytes | None]


class OpenVisit(Table):
    """A visit that awaits its proof, or was answered and may be asked again, or for its photograph, until `until`."""

    __tablename__ = "open_visits"
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("challenges.visit_id", ondelete="CASCADE"), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(String(16))
    until: Mapped[datetime] = mapped_column(index=True)
    issuer_key_id: Mapped[str] = mapped_column(String(64))
    serial: Mapped[str] = mapped_column(String(40))
    certificate_ends_at: Mapped[datetime]
    message: Mapped[bytes]
    signature: Mapped[bytes]
    opened_at: Mapped[datetime]
    key_form: Mapped[KeyForm | None]
    proof_digest: Mapped[bytes | None]
    proved: Mapped[bool] = mapped_column(default=False)


class Audit(Table):
    """One row a visit, for 90 days. `certificate` is an HMAC of the serial number under the server key."""

    __tablename__ = "audit"
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    terminal_id: Mapped[str] = mapped_column(String(16), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(String(40))
    certificate: Mapped[str | None] = mapped_column(String(64))
    key_form: Mapped[KeyForm | None]


class Person(Table):
    """A person of the insurers' register. `birth_date` is YYYYMMDD with ``00`` for unknown parts; `medical` and
    `care` are JSON as loaded."""

    __tablename__ = "persons"
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    birth_date: Mapped[str] = mapped_column(String(8))
    birth_date_form: Mapped[KeyForm]
    birth_date_key: Mapped[str | None] = mapped_column(String(6))
    medical: Mapped[str | None] = mapped_column(Text)
    care: Mapped[str | None] = mapped_column(Text)


class Certificate(Table):
    """Which certificate is whose: CA's subjectKeyIdentifier and serial number, lower-case hex."""

    __tablename__ = "certificates"
    issuer_key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.person_id", ondelete="CASCADE"), index=True)


class DeniedCertificate(Table):
    __tablename__ = "denied_certificates"
    issuer_key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    serial: Mapped[str] = mapped_column(String(40), primary_key=True)


class CardKey(Table):
    """A card's key and its owner: a person id, or ``certificate:<issuer>:<serial>`` where no person is known."""

    __tablename__ = "card_keys"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    modulus: Mapped[bytes]
    owner: Mapped[str] = mapped_column(String(128))


class Pin(Table):
    """The one card key of a certificate."""

    __tablename__ = "pins"
    issuer_key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(ForeignKey("card_keys.fingerprint"), index=True)
    kept_until: Mapped[datetime] = mapped_column(index=True)


class RefusedKey(Table):
    """A birth-date key that a card refused, as an HMAC over certificate and key: other data give another digest."""

    __tablename__ = "refused_keys"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kept_until: Mapped[datetime] = mapped_column(index=True)


class LastRead(Table):
    """The person last confirmed on a care office's terminal; counts for ten minutes."""

    __tablename__ = "last_reads"
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.person_id", ondelete="CASCADE"))
    read_at: Mapped[datetime] = mapped_column(index=True)


class TrustRoot(Table):
    """A certification authority of user authentication and its revocation list, both DER."""

    __tablename__ = "trust_roots"
    key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    certificate: Mapped[bytes]
    crl: Mapped[bytes | None]


class CardIssuerKey(Table):
    """A key that signs issuers' CV certificates; `key_id` is 16 bytes in hex."""

    __tablename__ = "card_issuers"
    key_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    modulus: Mapped[bytes]


class User(Table):
    """Somebody of an office who signs in to the pages."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    mail: Mapped[str] = mapped_column(String(254))
    role: Mapped[PageRole]
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class PageSession(Table):
    """Somebody signed in; `code` is the HMAC of the one-time code while it is awaited."""

    __tablename__ = "page_sessions"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    code: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Application(Table):
    """利用申請 for a number of PCs. A notification (通知書) lies as a file in the data folder.

    `form_key` is of the form it was sent with: the same form sent again is the same application.
    """

    __tablename__ = "applications"
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    staff_count: Mapped[int]
    terminal_count: Mapped[int]
    status: Mapped[ApplicationStatus]
    applied_at: Mapped[datetime]
    form_key: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class RegisteredTerminal(Table):
    """マイナ資格確認アプリ情報登録: a terminal whose reads a care office's web service shows."""

    __tablename__ = "registered_terminals"
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id", ondelete="CASCADE"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    registered_at: Mapped[datetime]


class SandboxMail(Table):
    """A letter that a sandbox without a mail server shows instead of sending it; for ten minutes."""

    __tablename__ = "sandbox_mails"
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(index=True)


class OrderedFault(Table):
    """What a tester wants the next `times_left` answers of a call of the contract to be (`faults`); for an hour."""

    __tablename__ = "ordered_faults"
    id: Mapped[int] = mapped_column(primary_key=True)
    call: Mapped[str] = mapped_column(String(32))
    effect: Mapped[str] = mapped_column(String(40))
    times_left: Mapped[int]
    ordered_at: Mapped[datetime] = mapped_column(index=True)
