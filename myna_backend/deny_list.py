"""The deny list: certificates that administration has blocked, besides those their authority has revoked."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from myna_backend.evidence.certificate import CertificateId
from myna_backend.store.tables import Certificate, DeniedCertificate


def is_denied(session: Session, certificate: CertificateId) -> bool:
    return session.get(DeniedCertificate, (certificate.issuer_key_id, certificate.serial)) is not None


def deny(session: Session, person_id: str) -> None:
    """Blocks every certificate the person has now."""
    for row in session.scalars(select(Certificate).where(Certificate.person_id == person_id)):
        session.merge(DeniedCertificate(issuer_key_id=row.issuer_key_id, serial=row.serial))


def allow(session: Session, person_id: str) -> None:
    for row in session.scalars(select(Certificate).where(Certificate.person_id == person_id)):
        session.execute(
            delete(DeniedCertificate).where(
                DeniedCertificate.issuer_key_id == row.issuer_key_id, DeniedCertificate.serial == row.serial
            )
        )
