"""Who a certificate belongs to, and what an office is told about them."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from myna_app.formats.eligibility import Eligibility, MedicalAnswer, Notice, Verdict
from myna_app.formats.facility import FacilityKind
from myna_backend.encodings import whole_seconds
from myna_backend.evidence.certificate import CertificateId
from myna_backend.store.tables import Certificate, Person

MEDICAL_ANSWER = TypeAdapter(MedicalAnswer)
_NOBODY = MedicalAnswer(verdict=Verdict.NOT_FOUND)


class PersonError(ValueError):
    """The register has no such person."""


def require_person(session: Session, person_id: str) -> None:
    """Raises `PersonError`."""
    if session.get(Person, person_id) is None:
        raise PersonError(f"there is no person {person_id}")


def person_of(session: Session, certificate: CertificateId) -> Person | None:
    return session.scalar(
        select(Person)
        .join(Certificate, Certificate.person_id == Person.person_id)
        .where(Certificate.issuer_key_id == certificate.issuer_key_id, Certificate.serial == certificate.serial)
    )


def eligibility_of(
    person: Person | None, kind: FacilityKind, notices: tuple[Notice, ...], now: datetime
) -> Eligibility:
    """The answer of a visit in which the card was proved. Care offices confirm identity alone."""
    if kind is FacilityKind.CARE:
        return Eligibility(None, True, True, whole_seconds(now), (), notices)
    held = None if person is None else person.medical
    medical = _NOBODY if held is None else MEDICAL_ANSWER.validate_json(held)
    return Eligibility(
        verdict=medical.verdict,
        identity_confirmed=True,
        card_proven=True,
        confirmed_at=whole_seconds(now),
        results=medical.results,
        notices=notices,
        superseded=medical.superseded,
        processing_result_code=medical.processing_result_code,
        processing_result_message=medical.processing_result_message,
    )
