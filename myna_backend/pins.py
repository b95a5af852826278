"""Certificate ↔ card key: one key for a certificate, one person for a key.

Decided by primary keys, so that it holds for visits in parallel.
"""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from myna_backend.evidence.certificate import CertificateId
from myna_backend.problems import Code, Refusal
from myna_backend.store.engine import put_once
from myna_backend.store.tables import CardKey, Certificate, Person, Pin

_AT_ONCE = 1_000
"""Keys in one statement; databases bound how many values one may have."""


def pinned_modulus(session: Session, certificate: CertificateId) -> bytes | None:
    """Modulus of the card key the certificate is pinned to."""
    return session.scalar(
        select(CardKey.modulus)
        .join(Pin, Pin.fingerprint == CardKey.fingerprint)
        .where(Pin.issuer_key_id == certificate.issuer_key_id, Pin.serial == certificate.serial)
    )


def pin(
    session: Session, certificate: CertificateId, person: Person | None, modulus: bytes, kept_until: datetime
) -> None:
    """Makes the pair. Raises `card_key_changed` where either half is bound to another; nothing is committed then."""
    fingerprint = hashlib.sha256(modulus).hexdigest()
    nobody = f"certificate:{certificate.issuer_key_id}:{certificate.serial}"
    owner = nobody if person is None else f"person:{person.person_id}"
    new_key = put_once(session, CardKey, fingerprint=fingerprint, modulus=modulus, owner=owner)
    # A key pinned before its person was known stays with its certificate.
    if not new_key and session.get_one(CardKey, fingerprint).owner not in {owner, nobody}:
        raise Refusal(Code.CARD_KEY_CHANGED)
    pair = {"issuer_key_id": certificate.issuer_key_id, "serial": certificate.serial}
    new_pair = put_once(session, Pin, **pair, fingerprint=fingerprint, kept_until=kept_until)
    if not new_pair and session.get_one(Pin, tuple(pair.values())).fingerprint != fingerprint:
        raise Refusal(Code.CARD_KEY_CHANGED)


def unpin(session: Session, person_id: str) -> None:
    """Administration has seen the person's new card: the next visit proves and pins it."""
    for certificate in session.scalars(select(Certificate).where(Certificate.person_id == person_id)):
        forget_pins(session, Pin.issuer_key_id == certificate.issuer_key_id, Pin.serial == certificate.serial)


def forget_pins(session: Session, *which: ColumnElement[bool]) -> None:
    """Removes pins, and those of their keys that no other pin has. No look at all the keys: there is one for a card."""
    keys = session.scalars(delete(Pin).where(*which).returning(Pin.fingerprint)).all()
    pinned = select(Pin.fingerprint).where(Pin.fingerprint == CardKey.fingerprint)
    for start in range(0, len(keys), _AT_ONCE):
        mine = CardKey.fingerprint.in_(keys[start : start + _AT_ONCE])
        session.execute(delete(CardKey).where(mine, ~pinned.exists()))
