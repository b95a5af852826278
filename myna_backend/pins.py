"""Certificate ↔ card key: one key for a certificate, one person for a key.

Decided by primary keys, so that it holds for visits in parallel.
"""

import hashlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from myna_backend.evidence.certificate import CertificateId
from myna_backend.problems import Code, Refusal
from myna_backend.store.engine import add_once
from myna_backend.store.tables import CardKey, Certificate, Person, Pin


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
    add_once(session, CardKey(fingerprint=fingerprint, modulus=modulus, owner=owner))
    # A key pinned before its person was known stays with its certificate.
    if session.get_one(CardKey, fingerprint).owner not in {owner, nobody}:
        raise Refusal(Code.CARD_KEY_CHANGED)
    pinned = Pin(
        issuer_key_id=certificate.issuer_key_id,
        serial=certificate.serial,
        fingerprint=fingerprint,
        kept_until=kept_until,
    )
    add_once(session, pinned)
    if session.get_one(Pin, (certificate.issuer_key_id, certificate.serial)).fingerprint != fingerprint:
        raise Refusal(Code.CARD_KEY_CHANGED)


def unpin(session: Session, person_id: str) -> None:
    """Administration has seen the person's new card: the next visit proves and pins it."""
    for certificate in session.scalars(select(Certificate).where(Certificate.person_id == person_id)):
        session.execute(
            delete(Pin).where(Pin.issuer_key_id == certificate.issuer_key_id, Pin.serial == certificate.serial)
        )
    forget_unused_keys(session)


def forget_unused_keys(session: Session) -> None:
    session.execute(delete(CardKey).where(CardKey.fingerprint.not_in(select(Pin.fingerprint))))
