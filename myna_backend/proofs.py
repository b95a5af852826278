"""The second half of a first visit: the card is proved and pinned to its certificate, or refused the birth-date key.

The visit's one proof is taken for a body by a conditional update; the same body again is answered again. After the
answer, the photograph of the card may be proved as well.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from myna_app.formats.card_face import FaceProof
from myna_app.formats.eligibility import Eligibility
from myna_backend import contract
from myna_backend.backend import Backend
from myna_backend.birth_date_keys import forgive_release, keys_of, remember_refusal
from myna_backend.callers import Caller
from myna_backend.eligibility import person_of
from myna_backend.evidence.card import ProvedCard, check_card, check_face, fits_birth_date
from myna_backend.evidence.certificate import CertificateId
from myna_backend.evidence.grace import end_of_grace, judge_end
from myna_backend.pins import pin
from myna_backend.problems import Code, Refusal
from myna_backend.store.engine import update_one
from myna_backend.store.tables import OpenVisit, Person
from myna_backend.visiting import Visiting
from myna_backend.visits import released_key, require_fresh

_NOT_ANSWERED = "6F00"


def prove(
    backend: Backend, caller: Caller, visit_id: UUID, request: contract.CardProof, digest: bytes
) -> contract.Proved:
    """Completes a visit: the card is genuine, is this person's, and is pinned to the certificate."""
    with backend.store.writing() as session:
        awaited = _take_proof(backend, session, caller, visit_id, digest)
        visiting = Visiting(backend, caller, visit_id)
        outcome = visiting.judged(session, lambda: _complete(visiting, session, awaited, request))
    if isinstance(outcome, Refusal):
        raise outcome
    return contract.Proved(outcome)


def _complete(visiting: Visiting, session: Session, awaited: OpenVisit, request: contract.CardProof) -> Eligibility:
    backend, certificate = visiting.backend, _certificate(awaited)
    anchors = backend.anchors.get(session)
    card = check_card(
        request.birth_date_record, request.issuer_certificate, awaited.message, awaited.signature, anchors
    )
    person = person_of(session, certificate)
    _require_birth_date(card, person)
    pin(session, certificate, person, card.modulus, end_of_grace(awaited.certificate_ends_at))
    _settle_release(backend, session, awaited)
    notices = judge_end(awaited.certificate_ends_at, backend.clock())
    return visiting.confirm(session, certificate, person, notices)


def note_refused_key(
    backend: Backend, caller: Caller, visit_id: UUID, refusal: contract.KeyRefusal, digest: bytes
) -> None:
    """The card refused the birth-date key: it is never released for this certificate again while the data stay.

    Where the card left before it answered, the key may well have been right: the other form would then cost a try for
    nothing, so that neither is released and staff are asked.
    """
    with backend.store.writing() as session:
        awaited = _take_proof(backend, session, caller, visit_id, digest)
        certificate = _certificate(awaited)
        keys = keys_of(person_of(session, certificate))
        key = released_key(awaited, keys)
        refused = () if key is None else (key,) if refusal.sw != _NOT_ANSWERED else tuple(keys.values())
        for one in refused:
            remember_refusal(session, backend.server_key, certificate, one, end_of_grace(awaited.certificate_ends_at))
        Visiting(backend, caller, visit_id).audit(session, "refused_by_card", certificate)


def confirm_photograph(
    backend: Backend, caller: Caller, visit_id: UUID, request: contract.PhotographProof
) -> contract.PhotographConfirmed:
    """The photograph belongs to the card of this visit, which was answered a moment ago. Changes nothing but the audit:
    a forged one, or one of another person, is what the visit is remembered for."""
    with backend.store.writing() as session:
        visit = session.scalar(select(OpenVisit).where(*_of_caller(backend, caller, visit_id), OpenVisit.proved))
        if visit is None:
            raise Refusal(Code.VISIT_CLOSED)
        visiting = Visiting(backend, caller, visit_id)
        outcome = visiting.judged(session, lambda: _confirm_face(visiting, session, visit, request))
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _confirm_face(
    visiting: Visiting, session: Session, visit: OpenVisit, request: contract.PhotographProof
) -> contract.PhotographConfirmed:
    proof = FaceProof(request.df22, request.df23, request.df24, request.h2, request.h3, request.df28)
    anchors = visiting.backend.anchors.get(session)
    check_face(proof, request.issuer_certificate, visit.message, visit.signature, anchors)
    if request.face_check is not None:
        require_fresh(request.face_check.seconds_ago)
    visiting.audit(session, _outcome(request.face_check))
    return contract.PhotographConfirmed(confirmed=True)


def _outcome(face_check: contract.SecondFaceCheck | None) -> str:
    if face_check is None:
        return "photograph_confirmed"
    return "same_person" if face_check.same_person else "other_person"


def _of_caller(backend: Backend, caller: Caller, visit_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """The visit is this terminal's, and its time has not run out."""
    return (
        OpenVisit.visit_id == visit_id,
        OpenVisit.terminal_id == caller.terminal_id,
        OpenVisit.until > backend.clock(),
    )


def _take_proof(backend: Backend, session: Session, caller: Caller, visit_id: UUID, digest: bytes) -> OpenVisit:
    """Takes the visit's one proof for this body, or finds it taken for it. Raises `visit_closed`."""
    mine = _of_caller(backend, caller, visit_id)
    update_one(session, update(OpenVisit).where(*mine, OpenVisit.proof_digest.is_(None)).values(proof_digest=digest))
    row = session.scalar(select(OpenVisit).where(*mine, OpenVisit.proof_digest == digest))
    if row is None:
        raise Refusal(Code.VISIT_CLOSED)
    return row


def _certificate(awaited: OpenVisit) -> CertificateId:
    return CertificateId(awaited.issuer_key_id, awaited.serial)


def _require_birth_date(card: ProvedCard, person: Person | None) -> None:
    if person is not None and not fits_birth_date(card.birth_date, person.birth_date):
        raise Refusal(Code.BIRTH_DATE_MISMATCH)


def _settle_release(backend: Backend, session: Session, awaited: OpenVisit) -> None:
    """The key of this visit led to a proof: its release no longer counts. Once, whoever asks again."""
    first = update_one(
        session,
        update(OpenVisit)
        .where(OpenVisit.visit_id == awaited.visit_id, OpenVisit.proved.is_(False))
        .values(proved=True),
    )
    if first and awaited.key_form is not None:
        forgive_release(session, backend.server_key, awaited.terminal_id, _certificate(awaited), awaited.opened_at)
