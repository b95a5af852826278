"""A card was read: challenge, evidence, decision (`docs/contract.md` §5 and §6).

A call is one transaction: the challenge is spent for this body, the evidence is checked, the answer decided; a refusal
undoes the decision alone. The same body again finds the spending done and runs the later steps anew, which change
nothing the second time: an answer that was lost is computed again, and a visit never counts twice. The proof of a new
card follows in `proofs`.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from myna_app.formats.eligibility import Notice
from myna_app.formats.visit_message import NONCE_LENGTH, visit_message
from myna_backend import contract
from myna_backend.backend import Backend
from myna_backend.birth_date_keys import count_release, keys_of, usable_form
from myna_backend.callers import Caller
from myna_backend.deny_list import is_denied
from myna_backend.eligibility import person_of
from myna_backend.encodings import whole_seconds
from myna_backend.evidence.card import is_signed_by_card
from myna_backend.evidence.certificate import CheckedCertificate, check_certificate
from myna_backend.evidence.grace import judge_end
from myna_backend.pins import pinned_modulus
from myna_backend.problems import Code, Refusal
from myna_backend.store import limits
from myna_backend.store.engine import put_once
from myna_backend.store.tables import Challenge, KeyForm, OpenVisit, Person, Terminal
from myna_backend.visiting import Visiting

CHALLENGE_LIFETIME = timedelta(seconds=120)
PROOF_TIME = timedelta(seconds=300)
"""How long a visit waits for its proof; staff may have to type a date meanwhile."""
_NO_PROOF = b""
"""In the place of a proof's digest, which is 32 bytes: no body has this one."""
_LONGEST_FACE_CHECK = 300
"""Seconds since the face was compared."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a terminal claims about a card; its certificate is checked, its signature is not."""

    certificate: CheckedCertificate
    notices: tuple[Notice, ...]
    message: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    second_face_check: bool
    """The photograph in the chip is to be compared after the answer."""


def make_challenge(backend: Backend, caller: Caller) -> contract.Challenge:
    now = backend.clock()
    answer = contract.Challenge(uuid4(), secrets.token_bytes(NONCE_LENGTH), whole_seconds(now + CHALLENGE_LIFETIME))
    row = Challenge(
        challenge_id=answer.challenge_id,
        visit_id=uuid4(),
        terminal_id=caller.terminal_id,
        nonce=answer.nonce,
        expires_at=answer.expires_at,
    )
    with backend.store.writing() as session:
        limits.require(session, limits.CHALLENGES, caller.terminal_id, now)
        session.add(row)
    return answer


def visit(backend: Backend, caller: Caller, request: contract.VisitRequest, digest: bytes) -> contract.VisitAnswer:
    """Answers a card. `digest` is of the request's body."""
    with backend.store.writing() as session:
        visit_id, nonce = _spend(backend, session, caller, request.challenge_id, digest)
        visiting = Visiting(backend, caller, visit_id)
        outcome: contract.VisitAnswer | Refusal = visiting.judged(
            session, lambda: _judge(visiting, session, request, nonce)
        )
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _spend(backend: Backend, session: Session, caller: Caller, challenge_id: UUID, digest: bytes) -> tuple[UUID, bytes]:
    """Spends the challenge for this body, or finds it spent for it. Returns the visit's id and the nonce."""
    now = backend.clock()
    # Visits of one terminal pass one after the other, so that two of them cannot void each other.
    terminal = select(Terminal.terminal_id).where(Terminal.terminal_id == caller.terminal_id)
    session.execute(terminal.with_for_update(key_share=True))
    mine = (Challenge.challenge_id == challenge_id, Challenge.terminal_id == caller.terminal_id)
    fresh = (Challenge.body_digest.is_(None), Challenge.expires_at > now)
    spending = update(Challenge).where(*mine, *fresh).values(body_digest=digest)
    spent = session.execute(spending.returning(Challenge.visit_id, Challenge.nonce)).one_or_none()
    if spent is not None:
        others = (Challenge.terminal_id == caller.terminal_id, Challenge.challenge_id != challenge_id)
        session.execute(delete(Challenge).where(*others, Challenge.body_digest.is_not(None)))
        visit_id, nonce = spent
        return visit_id, nonce
    row = session.scalar(select(Challenge).where(*mine))
    if row is None:
        raise Refusal(Code.CHALLENGE_UNKNOWN)
    if row.body_digest is not None and row.body_digest != digest:
        raise Refusal(Code.CHALLENGE_SPENT)
    if row.expires_at <= now:
        raise Refusal(Code.CHALLENGE_EXPIRED)
    return row.visit_id, row.nonce


def _judge(visiting: Visiting, session: Session, request: contract.VisitRequest, nonce: bytes) -> contract.VisitAnswer:
    require_fresh(request.face_check.seconds_ago)
    certificate, notices = _check(visiting.backend, session, request.certificate)
    message = visit_message(request.challenge_id, nonce, visiting.caller.terminal_id, request.certificate)
    claim = _Claim(certificate, notices, message, request.signature, request.face_check.second)
    return _decide(visiting, session, claim)


def require_fresh(seconds_ago: int) -> None:
    """A face that was compared longer ago counts no more."""
    if seconds_ago > _LONGEST_FACE_CHECK:
        raise Refusal(Code.FACE_CHECK_STALE)


def _check(backend: Backend, session: Session, der: bytes) -> tuple[CheckedCertificate, tuple[Notice, ...]]:
    """The certificate holds for user authentication today, or within its grace."""
    now = backend.clock()
    certificate = check_certificate(der, backend.anchors.get(session), backend.policy_oid, now)
    if certificate.revoked or is_denied(session, certificate.id):
        raise Refusal(Code.CERTIFICATE_REVOKED)
    if now < certificate.not_before:
        raise Refusal(Code.CERTIFICATE_NOT_YET_VALID)
    return certificate, judge_end(certificate.ends_at, now)


def _decide(visiting: Visiting, session: Session, claim: _Claim) -> contract.VisitAnswer:
    visit_id, certificate = visiting.visit_id, claim.certificate.id
    person = person_of(session, certificate)
    modulus = pinned_modulus(session, certificate)
    if modulus is not None:
        if not is_signed_by_card(modulus, claim.signature, claim.message):
            visiting.audit(session, Code.CARD_KEY_CHANGED, certificate)
            return contract.Refused("refused", visit_id, "card_key_changed")
        _keep_answered(visiting, session, claim)
        answer = visiting.confirm(session, certificate, person, claim.notices)
        return contract.Done("done", visit_id, answer, _key_for_photograph(visiting, session, claim, person))
    keys = keys_of(person)
    row = session.get(OpenVisit, visit_id) or _open(visiting, session, claim, keys)
    key = released_key(row, keys)
    if key is None:
        return contract.AskBirthDate("ask_birth_date", visit_id)
    return contract.Prove("prove", visit_id, key)


def _key_for_photograph(visiting: Visiting, session: Session, claim: _Claim, person: Person | None) -> str | None:
    """Part of what opens the card face. It is not counted: the card of this person has just signed."""
    if not claim.second_face_check:
        return None
    keys = keys_of(person)
    form = usable_form(session, visiting.backend.server_key, claim.certificate.id, keys)
    return None if form is None else keys[form]


def _keep_answered(visiting: Visiting, session: Session, claim: _Claim) -> None:
    """A known card's visit takes no proof, but its photograph may follow."""
    put_once(session, OpenVisit, **_awaiting(visiting, claim), proof_digest=_NO_PROOF, proved=True)


def _open(visiting: Visiting, session: Session, claim: _Claim, keys: Mapping[KeyForm, str]) -> OpenVisit:
    """Opens the visit for its proof; a birth-date key that is released with it is counted and audited."""
    backend, terminal_id = visiting.backend, visiting.caller.terminal_id
    now, certificate = backend.clock(), claim.certificate.id
    form = usable_form(session, backend.server_key, certificate, keys)
    if form is not None:
        count_release(session, backend.server_key, terminal_id, certificate, now)
    row = OpenVisit(**_awaiting(visiting, claim), key_form=form)
    session.add(row)
    visiting.audit(session, "proof_awaited", certificate, form)
    return row


def _awaiting(visiting: Visiting, claim: _Claim) -> dict[str, object]:
    """What an open visit remembers of its card."""
    now, certificate = visiting.backend.clock(), claim.certificate.id
    return {
        "visit_id": visiting.visit_id,
        "terminal_id": visiting.caller.terminal_id,
        "until": now + PROOF_TIME,
        "issuer_key_id": certificate.issuer_key_id,
        "serial": certificate.serial,
        "certificate_ends_at": claim.certificate.ends_at,
        "message": claim.message,
        "signature": claim.signature,
        "opened_at": now,
    }


def released_key(row: OpenVisit, keys: Mapping[KeyForm, str]) -> str | None:
    """The key that left the server with this visit."""
    return None if row.key_form is None else keys.get(row.key_form)
