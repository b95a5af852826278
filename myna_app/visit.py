"""One visit: a card proves to the backend that it is genuine and present, and the backend answers about its holder.

Reading order: `Visit.begin` (challenge, card, first request), `_prove` (only a card not seen before). The exchange and
its reasons stand in `docs/contract.md` §5; what a card is ever sent, in `card/spec`.
"""

import math
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from threading import Event, RLock
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from myna_app.apdu.response import malformed
from myna_app.apdu.status import SW
from myna_app.api.answers import AskBirthDate, Done, FaceCheck, Prove, Refused, SecondFaceCheck
from myna_app.card.capability import CapabilityMemory
from myna_app.card.connection import CardConnection, connected
from myna_app.card.face import read_face
from myna_app.card.jpki import JpkiSession
from myna_app.card.pcsc import PcscApi
from myna_app.card.spec import MOST_CAREFUL_TRIES, ROOMY_TRIES
from myna_app.card.surface import KeyAnswer, KeyOutcome, SurfaceSession, issuer_certificate_of_open_session
from myna_app.card.waiting import CardWait, WaitCancelledError
from myna_app.errors import AppError, CardError, CardResetError, Problem
from myna_app.flow.states import VisitStep
from myna_app.flow.work import BirthDateReason
from myna_app.formats.card_face import FaceProof
from myna_app.formats.card_number_b import is_security_code
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.era import birth_date_key, gregorian_birth_date_key
from myna_app.formats.facility import FaceCheckWay
from myna_app.formats.photograph import GreyPicture, decode_photograph
from myna_app.formats.tlv import MalformedError
from myna_app.formats.visit_message import visit_message

if TYPE_CHECKING:
    from myna_app.api.client import BackendClient

_NO_ANSWER = SW.INTERNAL
"""Reported of a key that was presented and never answered, for the try may have been spent (ISO/IEC 7816-4: "no precise
diagnosis")."""
_KEY_PROBLEMS = MappingProxyType(
    {
        KeyOutcome.REFUSED: Problem.BIRTH_DATE_REFUSED,
        KeyOutcome.SPARED: Problem.BIRTH_DATE_SPARED,
        KeyOutcome.LOCKED: Problem.BIRTH_DATE_LOCKED,
        KeyOutcome.STATE_LEFT: Problem.CARD_TALK_FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class BirthDateWanted:
    """The visit waits, its card session open, for `Visit.go_on`."""

    reason: BirthDateReason


@dataclass(frozen=True, slots=True)
class CodeNotTaken:
    """照合番号B did not open the card face; nothing is wrong with the visit. `may_retype`: one more try is allowed.

    `outcome`: refused, spared or locked.
    """

    outcome: KeyOutcome
    tries_left: int | None
    may_retype: bool


@dataclass(frozen=True, slots=True)
class VisitReport:
    """How a visit ended, without anything of the visitor. `outcome`: ``verdict 1`` …, ``care``, or a problem's code.

    `key` is None when no birth-date key was presented; `duration_ms` runs from card to answer.
    """

    outcome: str
    duration_ms: int
    reader: str
    apdus: int
    key: KeyOutcome | None


@dataclass(frozen=True, slots=True)
class VisitParts:
    """What every visit of a terminal uses. `automatic_verify_allowed`: not after two refusals in consecutive visits."""

    pcsc: PcscApi
    memory: CapabilityMemory
    cards: CardWait
    client: "BackendClient"
    automatic_verify_allowed: Callable[[], bool]
    report: Callable[[VisitReport], None]
    terminal_id: str
    card_wait_seconds: float
    allow_photograph: bool = False
    """Keep the card's session open after the answer, for `Visit.photograph`."""


class VisitCancelledError(Exception):
    """Staff stopped the visit; nothing is to be told."""


class Visit:
    """Used once. `begin`, perhaps `go_on`, perhaps `photograph` and `compare`, and in any case `close`. Setting
    `cancelled` stops it after the running command; `close` may then come from any thread.

    Two problems are put right silently, once: another program reset the card, or left its birth-date key verified.
    """

    def __init__(
        self,
        parts: VisitParts,
        reader: str,
        way: FaceCheckWay,
        confirmed_at: float,
        *,
        progress: Callable[[VisitStep], None],
        cancelled: Event,
    ) -> None:
        self._parts = parts
        self._reader = reader
        self._way = way
        self._confirmed_at = confirmed_at
        self._progress = progress
        self._cancelled = cancelled
        self._card_in_use = RLock()
        self._open = ExitStack()
        self._card: CardConnection | None = None
        self._signed = (b"", b"")  # message and signature of the first half
        self._waiting: Prove | AskBirthDate | None = None
        self._apdus_before = 0
        self._began = 0.0
        self._key: KeyOutcome | None = None
        self._visit_id: UUID | None = None
        self._birth_date_key: str | None = None
        self._refused_code = ""
        self._not_taken: CodeNotTaken | None = None
        self._shown: tuple[FaceProof, bytes] | None = None  # what proved the photograph that staff look at

    def begin(self) -> Eligibility | BirthDateWanted:
        """Raises `AppError` with the problem that ended the visit, `VisitCancelledError` once `cancelled` is set."""
        try:
            try:
                return self._finished(self._attempt())
            except CardResetError:
                if self._key is not None:
                    raise
                self._drop_card()
                return self._finished(self._attempt())
        except WaitCancelledError:
            raise VisitCancelledError from None
        except AppError as error:
            self._failed(error)
            raise

    def go_on(self, birth_date: date, *, gregorian: bool) -> Eligibility:
        """The rest of a visit that wanted the printed birth date; `gregorian`: printed with a western year."""
        key = gregorian_birth_date_key(birth_date) if gregorian else birth_date_key(birth_date)
        waiting = self._waiting
        if waiting is None:
            raise RuntimeError("this visit does not wait for a birth date")
        try:
            if isinstance(waiting, Prove) and waiting.birth_date_key != key:
                raise CardError(_KEY_PROBLEMS[KeyOutcome.SPARED], "typed date is not the registered one")
            answer = self._prove(waiting.visit_id, key, staff_typed_it=True)
            if isinstance(answer, BirthDateWanted):
                raise CardError(_KEY_PROBLEMS[KeyOutcome.SPARED], "fewer tries than typing allows")
            self._finished(answer)
        except AppError as error:
            self._failed(error)
            raise
        return answer

    @property
    def may_show_photograph(self) -> bool:
        """Whether `photograph` can follow this answered visit: it was wanted, and the birth date is known."""
        return self._parts.allow_photograph and self._visit_id is not None and self._birth_date_key is not None

    def photograph(self, security_code: str) -> GreyPicture | CodeNotTaken:
        """The photograph in the chip, once the backend has confirmed it: the card's issuer signed it for this card.

        After the answer, while the card still lies there, if `may_show_photograph`. `security_code`: the four digits
        printed under the photograph. Seven more APDUs, told one by one in `card.face`. A code that was refused is not
        presented again; another one may be, once, where five tries or more are left.

        Raises `ValueError` for what cannot be a code, `AppError` as a visit; the visit's answer stands either way.
        """
        key, visit_id = self._birth_date_key, self._visit_id
        if key is None or visit_id is None or not self._parts.allow_photograph:
            raise RuntimeError("no visit that a photograph can follow")
        if not is_security_code(security_code):
            raise ValueError("not a security code")
        before = self._not_taken
        if before is not None and (security_code == self._refused_code or not before.may_retype):
            return before
        try:
            with self._card_in_use, self._same_card().transaction() as channel:
                read = read_face(channel, *self._signed, key, security_code)
        except AppError:
            self._drop_card()  # VERIFY may have gone unanswered: no second one
            raise
        if isinstance(read, KeyAnswer):
            if read.outcome is KeyOutcome.STATE_LEFT:
                self._drop_card()  # the next visit finds the card as it should be
                raise CardResetError(_KEY_PROBLEMS[read.outcome], "number B left verified by another program")
            may_retype = before is None and read.outcome is KeyOutcome.REFUSED and (read.tries_left or 0) >= ROOMY_TRIES
            self._refused_code, self._not_taken = security_code, CodeNotTaken(read.outcome, read.tries_left, may_retype)
            return self._not_taken
        self._drop_card()
        self._parts.client.confirm_photograph(visit_id, read.face.proof, read.issuer_certificate)
        try:
            picture = decode_photograph(read.face.photograph)
        except MalformedError:
            raise malformed("photograph") from None
        self._shown = (read.face.proof, read.issuer_certificate)
        return picture

    def compare(self, compared_at: float, *, same_person: bool) -> None:
        """The second confirmation: whether staff saw the same person, at monotonic `compared_at`; then forget it.

        Only with a `photograph` that was shown. Raises `AppError` where the backend does not take it.
        """
        shown, self._shown = self._shown, None
        if shown is None or self._visit_id is None:
            raise VisitCancelledError if self._cancelled.is_set() else RuntimeError("no photograph was shown")
        seen = SecondFaceCheck(_seconds_since(compared_at), same_person)
        self._parts.client.confirm_photograph(self._visit_id, *shown, seen)

    def close(self) -> None:
        """Power the card down and let go of it, after a running exchange has ended. Harmless when done before."""
        self._shown = None
        self._drop_card()

    def _attempt(self) -> Eligibility | BirthDateWanted:
        parts = self._parts
        challenge = parts.client.challenge()
        self._say(VisitStep.PLACE)
        reader = parts.cards.wait(self._reader, parts.card_wait_seconds, self._cancelled)
        self._began = time.monotonic()
        with self._card_in_use, self._connect(reader).transaction() as channel:
            certificate = JpkiSession(channel).read_authentication_certificate()
            self._say(VisitStep.PROVE)
            message = visit_message(challenge.challenge_id, challenge.nonce, parts.terminal_id, certificate)
            signature = SurfaceSession(channel).sign_message(message)
            self._signed = (message, signature)
        self._say(VisitStep.ELIGIBILITY)
        face_check = FaceCheck(_seconds_since(self._confirmed_at), self._way, second=parts.allow_photograph)
        answer = parts.client.visit(challenge.challenge_id, certificate, signature, face_check)
        self._visit_id = answer.visit_id
        match answer:
            case Done(eligibility=eligibility, birth_date_key=key):
                self._birth_date_key = key
                return eligibility
            case Refused(code=code):
                raise CardError(Problem.CARD_KEY_CHANGED, code)
            case AskBirthDate() as question:
                return self._ask(question, BirthDateReason.NOT_KNOWN)
            case Prove() as question if not parts.automatic_verify_allowed():
                return self._ask(question, BirthDateReason.REFUSED_BEFORE)
            case Prove(visit_id=visit_id, birth_date_key=key) as question:
                self._waiting = question
                return self._prove(visit_id, key, staff_typed_it=False)

    def _prove(self, visit_id: UUID, key: str, *, staff_typed_it: bool) -> Eligibility | BirthDateWanted:
        """The second half: the key opens the record that vouches for the card's signature.

        The key is this person's: the card that signed must still lie there, and not one that was swapped for it.
        """
        card = self._same_card()
        try:
            with self._card_in_use, card.transaction() as channel:
                self._say(VisitStep.PROVE)
                found = issuer_certificate_of_open_session(channel)
                surface = SurfaceSession(channel)  # even so: another program may have selected its own application
                if found is None:
                    surface.require_signer(*self._signed)
                answer = surface.verify_birth_date(key, staff_typed_it=staff_typed_it)
                if answer.outcome is KeyOutcome.ACCEPTED:
                    self._key, self._birth_date_key = answer.outcome, key
                    record = surface.read_birth_date_record()
                    issuer_certificate = found or surface.read_issuer_certificate()
        except AppError:
            if card.verify_sent and self._key is None:
                self._refused(visit_id, _NO_ANSWER, None)
            raise
        if answer.outcome is not KeyOutcome.ACCEPTED:
            return self._not_proven(visit_id, answer, staff_typed_it=staff_typed_it)
        self._say(VisitStep.ELIGIBILITY)
        return self._parts.client.prove(visit_id, record, issuer_certificate)

    def _not_proven(self, visit_id: UUID, answer: KeyAnswer, *, staff_typed_it: bool) -> BirthDateWanted:
        match answer.outcome:
            case KeyOutcome.STATE_LEFT:
                raise CardResetError(_KEY_PROBLEMS[answer.outcome], "birth-date key left verified by another program")
            case KeyOutcome.SPARED if not staff_typed_it and (answer.tries_left or 0) >= MOST_CAREFUL_TRIES:
                return BirthDateWanted(BirthDateReason.FEW_TRIES)
            case KeyOutcome.REFUSED:
                self._refused(visit_id, answer.status_word, answer.tries_left)
        raise CardError(_KEY_PROBLEMS[answer.outcome], f"SW {answer.status_word:04X}")

    def _refused(self, visit_id: UUID, status_word: int, tries_left: int | None) -> None:
        """Remembered here and at the backend; what the card did is told to staff even when the backend cannot be."""
        self._key = KeyOutcome.REFUSED
        with suppress(AppError):
            self._parts.client.report_refusal(visit_id, status_word, tries_left)

    def _ask(self, question: Prove | AskBirthDate, reason: BirthDateReason) -> BirthDateWanted:
        self._waiting = question
        return BirthDateWanted(reason)

    def _finished(self, answer: Eligibility | BirthDateWanted) -> Eligibility | BirthDateWanted:
        if isinstance(answer, Eligibility):
            if not self._parts.allow_photograph:
                self._drop_card()
            self._report("care" if answer.verdict is None else f"verdict {answer.verdict}")
        return answer

    def _failed(self, error: AppError) -> None:
        self._drop_card()
        self._report(error.problem.value)

    def _connect(self, reader: str) -> CardConnection:
        self._say(VisitStep.READ)  # under the lock: a visit that was cancelled must not connect again
        self._card = self._open.enter_context(connected(self._parts.pcsc, reader, self._parts.memory))
        return self._card

    def _same_card(self) -> CardConnection:
        """The session that signed; a cancelled visit has none any more."""
        if self._card is None:
            raise VisitCancelledError
        return self._card

    def _say(self, step: VisitStep) -> None:
        if self._cancelled.is_set():
            raise VisitCancelledError
        self._progress(step)

    def _drop_card(self) -> None:
        with self._card_in_use:
            if self._card is not None:
                self._apdus_before += self._card.apdus
                self._card = None
            self._open.close()

    def _report(self, outcome: str) -> None:
        took = round((time.monotonic() - self._began) * 1000) if self._began else 0
        with self._card_in_use:
            apdus = self._apdus_before + (0 if self._card is None else self._card.apdus)
        self._parts.report(VisitReport(outcome, took, self._reader, apdus, self._key))


def _seconds_since(moment: float) -> int:
    """Of monotonic time, rounded up: a face check is never told to be fresher than it is."""
    return math.ceil(time.monotonic() - moment)
