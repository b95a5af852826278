"""The refusals of the contract: one table of codes, one exception, one document (RFC 9457)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum, unique
from http import HTTPStatus
from types import MappingProxyType

MEDIA_TYPE = "application/problem+json"

Member = str | int | date | datetime | dict[str, str]
"""What an extension member may hold; `docs/contract.md` names the member each code carries."""


@unique
class Code(StrEnum):
    """Stable for ever: an application decides by it."""

    FIELDS = "fields"
    BODY_TOO_LARGE = "body_too_large"
    MEDIA_TYPE = "media_type"
    NOT_FOUND = "not_found"
    METHOD = "method"
    CREDENTIALS = "credentials"
    ACTIVATION_CODE = "activation_code"
    POSSESSION = "possession"
    ACCOUNT_ELSEWHERE = "account_elsewhere"
    TERMS_VERSION = "terms_version"
    ACCOUNT_STOPPED = "account_stopped"
    ACCOUNT_ENDED = "account_ended"
    ASSERTION = "assertion"
    ASSERTION_CLOCK = "assertion_clock"
    ASSERTION_REPLAYED = "assertion_replayed"
    TERMINAL_UNKNOWN = "terminal_unknown"
    TOKEN = "token"  # noqa: S105 - a code, not a token
    NOT_STARTED = "not_started"
    TERMS_REQUIRED = "terms_required"
    UPDATE_REQUIRED = "update_required"
    PASSWORD = "password"  # noqa: S105 - a code, not a password
    CHALLENGE_UNKNOWN = "challenge_unknown"
    CHALLENGE_EXPIRED = "challenge_expired"
    CHALLENGE_SPENT = "challenge_spent"
    VISIT_CLOSED = "visit_closed"
    FACE_CHECK_STALE = "face_check_stale"
    CERTIFICATE_MALFORMED = "certificate_malformed"
    CERTIFICATE_ISSUER_UNKNOWN = "certificate_issuer_unknown"
    CERTIFICATE_PURPOSE = "certificate_purpose"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    RECORD_MALFORMED = "record_malformed"
    ISSUER_CERTIFICATE = "issuer_certificate"
    ISSUER_UNKNOWN = "issuer_unknown"
    RECORD_SIGNATURE = "record_signature"
    CARD_SIGNATURE = "card_signature"
    BIRTH_DATE_MISMATCH = "birth_date_mismatch"
    CARD_KEY_CHANGED = "card_key_changed"
    RATE_LIMITED = "rate_limited"
    BIRTH_DATE_KEYS_LIMITED = "birth_date_keys_limited"
    INTERNAL = "internal"
    STORE_UNAVAILABLE = "store_unavailable"
    MAINTENANCE = "maintenance"

    @property
    def status(self) -> HTTPStatus:
        return _CATALOGUE[self][0]

    @property
    def meaning(self) -> str:
        """For engineers; people read the application's own words."""
        return _CATALOGUE[self][1]


_CATALOGUE: Mapping[Code, tuple[HTTPStatus, str]] = MappingProxyType(
    {
        Code.FIELDS: (HTTPStatus.UNPROCESSABLE_ENTITY, "A member is missing, unknown or out of bounds"),
        Code.BODY_TOO_LARGE: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request body is too large"),
        Code.MEDIA_TYPE: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The request body has another media type"),
        Code.NOT_FOUND: (HTTPStatus.NOT_FOUND, "There is no such path"),
        Code.METHOD: (HTTPStatus.METHOD_NOT_ALLOWED, "The path does not know this method"),
        Code.CREDENTIALS: (HTTPStatus.UNAUTHORIZED, "Institution code, user id or password is wrong"),
        Code.ACTIVATION_CODE: (HTTPStatus.UNAUTHORIZED, "The activation code is wrong, spent or expired"),
        Code.POSSESSION: (HTTPStatus.UNAUTHORIZED, "The possession of the key is not proved"),
        Code.ACCOUNT_ELSEWHERE: (HTTPStatus.CONFLICT, "Another terminal holds the account"),
        Code.TERMS_VERSION: (HTTPStatus.CONFLICT, "Other terms are in force"),
        Code.ACCOUNT_STOPPED: (HTTPStatus.FORBIDDEN, "The account is stopped"),
        Code.ACCOUNT_ENDED: (HTTPStatus.GONE, "The account has ended"),
        Code.ASSERTION: (HTTPStatus.UNAUTHORIZED, "The client assertion does not hold"),
        Code.ASSERTION_CLOCK: (HTTPStatus.UNAUTHORIZED, "The times of the assertion do not fit the server's clock"),
        Code.ASSERTION_REPLAYED: (HTTPStatus.UNAUTHORIZED, "The client assertion was used before"),
        Code.TERMINAL_UNKNOWN: (HTTPStatus.UNAUTHORIZED, "There is no such terminal"),
        Code.TOKEN: (HTTPStatus.UNAUTHORIZED, "No valid access token"),
        Code.NOT_STARTED: (HTTPStatus.FORBIDDEN, "The service of this office has not started"),
        Code.TERMS_REQUIRED: (HTTPStatus.FORBIDDEN, "Newer terms must be agreed to"),
        Code.UPDATE_REQUIRED: (HTTPStatus.UPGRADE_REQUIRED, "The application is too old"),
        Code.PASSWORD: (HTTPStatus.UNAUTHORIZED, "The password is wrong"),
        Code.CHALLENGE_UNKNOWN: (HTTPStatus.CONFLICT, "Not a challenge of this terminal"),
        Code.CHALLENGE_EXPIRED: (HTTPStatus.CONFLICT, "The challenge has expired"),
        Code.CHALLENGE_SPENT: (HTTPStatus.CONFLICT, "The challenge was spent with another body"),
        Code.VISIT_CLOSED: (HTTPStatus.CONFLICT, "Not an open visit of this terminal"),
        Code.FACE_CHECK_STALE: (HTTPStatus.UNPROCESSABLE_ENTITY, "The face check is too long ago"),
        Code.CERTIFICATE_MALFORMED: (HTTPStatus.UNPROCESSABLE_ENTITY, "The certificate cannot be read"),
        Code.CERTIFICATE_ISSUER_UNKNOWN: (HTTPStatus.UNPROCESSABLE_ENTITY, "No trusted authority signed it"),
        Code.CERTIFICATE_PURPOSE: (HTTPStatus.UNPROCESSABLE_ENTITY, "Not a certificate for user authentication"),
        Code.CERTIFICATE_REVOKED: (HTTPStatus.UNPROCESSABLE_ENTITY, "The certificate is revoked"),
        Code.CERTIFICATE_EXPIRED: (HTTPStatus.UNPROCESSABLE_ENTITY, "The certificate and its grace have ended"),
        Code.CERTIFICATE_NOT_YET_VALID: (HTTPStatus.UNPROCESSABLE_ENTITY, "The certificate is not valid yet"),
        Code.RECORD_MALFORMED: (HTTPStatus.UNPROCESSABLE_ENTITY, "The birth-date record cannot be read"),
        Code.ISSUER_CERTIFICATE: (HTTPStatus.UNPROCESSABLE_ENTITY, "The issuer certificate does not hold"),
        Code.ISSUER_UNKNOWN: (HTTPStatus.UNPROCESSABLE_ENTITY, "No known authority signed the issuer certificate"),
        Code.RECORD_SIGNATURE: (HTTPStatus.UNPROCESSABLE_ENTITY, "The issuer did not sign the record"),
        Code.CARD_SIGNATURE: (HTTPStatus.UNPROCESSABLE_ENTITY, "The card's key did not sign this visit"),
        Code.BIRTH_DATE_MISMATCH: (HTTPStatus.UNPROCESSABLE_ENTITY, "The record is of another birth date"),
        Code.CARD_KEY_CHANGED: (HTTPStatus.UNPROCESSABLE_ENTITY, "Certificate and card key are not a pair"),
        Code.RATE_LIMITED: (HTTPStatus.TOO_MANY_REQUESTS, "Too many tries"),
        Code.BIRTH_DATE_KEYS_LIMITED: (HTTPStatus.TOO_MANY_REQUESTS, "Too many birth-date keys without a proof"),
        Code.INTERNAL: (HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of the server"),
        Code.STORE_UNAVAILABLE: (HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot be reached"),
        Code.MAINTENANCE: (HTTPStatus.SERVICE_UNAVAILABLE, "Maintenance is under way"),
    }
)


class Refusal(Exception):  # noqa: N818 - an answer, not an error
    """An answer other than the asked one. Its text is the code alone; members hold no data of a visitor."""

    def __init__(self, code: Code, **members: Member) -> None:
        super().__init__(code.value)
        self.code = code
        self.members = members
