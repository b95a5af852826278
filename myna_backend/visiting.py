"""What both halves of a visit do at their ends: one audit row, and the answer when the card is confirmed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from myna_app.formats.eligibility import Eligibility, Notice
from myna_app.formats.facility import FacilityKind
from myna_backend.backend import Backend
from myna_backend.callers import Caller
from myna_backend.eligibility import eligibility_of
from myna_backend.evidence.certificate import CertificateId
from myna_backend.problems import Code, Refusal
from myna_backend.store.engine import put
from myna_backend.store.tables import Audit, KeyForm, LastRead, Person

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_ALARMS = {
    Code.ISSUER_UNKNOWN: "a card's issuer certificate names an unknown authority",
    Code.BIRTH_DATE_KEYS_LIMITED: "birth-date keys are limited",
}
"""Refusals an operator should look into."""


@dataclass(frozen=True, slots=True)
class Visiting:
    """One visit of one terminal."""

    backend: Backend
    caller: Caller
    visit_id: UUID

    def judged(self, session: Session, judge: Callable[[], Answer]) -> Answer | Refusal:
        """What `judge` answers. Where it refuses, what it wrote is undone and the refusal is noted instead.

        The refusal is returned, to be raised once the note, and what stood before, is committed.
        """
        try:
            with session.begin_nested():
                return judge()
        except Refusal as refusal:
            if refusal.code in _ALARMS:
                log.warning("alarm: %s; terminal %s", _ALARMS[refusal.code], self.caller.terminal_id)
            self.audit(session, refusal.code)
            return refusal

    def audit(
        self,
        session: Session,
        outcome: str,
        certificate: CertificateId | None = None,
        key_form: KeyForm | None = None,
    ) -> None:
        """One row a visit: a later outcome replaces an earlier one, what is known of card and key stays."""
        seen: dict[str, object] = {"terminal_id": self.caller.terminal_id, "at": self.backend.clock()}
        if certificate is not None:
            seen["certificate"] = self.backend.server_key.digest("audit", certificate.issuer_key_id, certificate.serial)
        if key_form is not None:
            seen["key_form"] = key_form
        put(session, Audit, {"visit_id": self.visit_id}, outcome=str(outcome), **seen)

    def confirm(
        self, session: Session, certificate: CertificateId, person: Person | None, notices: tuple[Notice, ...]
    ) -> Eligibility:
        """The card is proved. A care office's web page may show this person for ten minutes."""
        self.audit(session, "confirmed", certificate)
        if self.caller.kind is FacilityKind.CARE:
            self._remember_read(session, person)
        return eligibility_of(person, self.caller.kind, notices, self.backend.clock())

    def _remember_read(self, session: Session, person: Person | None) -> None:
        mine = self.caller.terminal_id
        if person is None:
            session.execute(delete(LastRead).where(LastRead.terminal_id == mine))
        else:
            read = {"person_id": person.person_id, "read_at": self.backend.clock()}
            put(session, LastRead, {"terminal_id": mine}, **read)
