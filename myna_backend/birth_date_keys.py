"""Birth-date keys: which one a card may be tried with, and how sparingly they leave the server.

A key opens a card's birth-date record and every refusal costs the visitor one of few tries. So a key that a
certificate's card has refused is never released for it again; the other form of the date (era or Gregorian, for holders
whose card shows the latter) gets its turn at a later visit; after that staff are asked.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from myna_app.formats.era import birth_date_key, gregorian_birth_date_key
from myna_backend.backend import ServerKey
from myna_backend.evidence.certificate import CertificateId
from myna_backend.problems import Code
from myna_backend.store import limits
from myna_backend.store.engine import put_once
from myna_backend.store.tables import KeyForm, Person, RefusedKey


def keys_of(person: Person | None) -> Mapping[KeyForm, str]:
    """The keys a person's card may take, the likelier first. Empty: staff must type the printed date."""
    if person is None or person.birth_date_key is None:
        return {}
    keys = {person.birth_date_form: person.birth_date_key}
    if "00" not in (person.birth_date[4:6], person.birth_date[6:]):
        day = date(int(person.birth_date[:4]), int(person.birth_date[4:6]), int(person.birth_date[6:]))
        keys.setdefault(KeyForm.ERA, birth_date_key(day))
        keys.setdefault(KeyForm.GREGORIAN, gregorian_birth_date_key(day))
    return keys


def usable_form(
    session: Session, server_key: ServerKey, certificate: CertificateId, keys: Mapping[KeyForm, str]
) -> KeyForm | None:
    """The form whose key may be released: the first that no card of this certificate has refused."""
    for form, key in keys.items():
        if session.get(RefusedKey, _digest(server_key, certificate, key)) is None:
            return form
    return None


def count_release(
    session: Session, server_key: ServerKey, terminal_id: str, certificate: CertificateId, now: datetime
) -> None:
    """Raises `birth_date_keys_limited` where too many keys left the server without a completed proof."""
    for limit, subject in _counts(server_key, terminal_id, certificate):
        limits.require(session, limit, subject, now, Code.BIRTH_DATE_KEYS_LIMITED)


def forgive_release(
    session: Session, server_key: ServerKey, terminal_id: str, certificate: CertificateId, released_at: datetime
) -> None:
    """The proof was completed: the release does not count."""
    for limit, subject in _counts(server_key, terminal_id, certificate):
        limits.give_back(session, limit, subject, released_at)


def remember_refusal(
    session: Session, server_key: ServerKey, certificate: CertificateId, key: str, kept_until: datetime
) -> None:
    """The card refused this key. The row is an HMAC: new data of the person give another key and another digest."""
    put_once(session, RefusedKey, digest=_digest(server_key, certificate, key), kept_until=kept_until)


def _digest(server_key: ServerKey, certificate: CertificateId, key: str) -> str:
    return server_key.digest("refused-key", certificate.issuer_key_id, certificate.serial, key)


def _counts(
    server_key: ServerKey, terminal_id: str, certificate: CertificateId
) -> tuple[tuple[limits.Limit, str], ...]:
    return (
        (limits.KEYS_OF_TERMINAL_IN_HOUR, terminal_id),
        (limits.KEYS_OF_TERMINAL_IN_DAY, terminal_id),
        (limits.KEYS_OF_CERTIFICATE, server_key.digest("releases", certificate.issuer_key_id, certificate.serial)),
    )
