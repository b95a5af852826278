"""What each `Work` of the journey does: one call on a worker thread, one event as its answer.

Everything slow or fallible stands here or below; the runner only starts and drops it. Services are made when first
needed, on a worker, so that the first window does not wait for them.
"""

import time
from contextlib import suppress
from itertools import chain, repeat
from pathlib import Path
from random import uniform
from threading import Event, Thread
from typing import assert_never

from myna_app import __version__, autostart, log
from myna_app.api.answers import TerminalStatus, TerminalStatusCode
from myna_app.card.surface import KeyOutcome
from myna_app.errands import Errands, Tell
from myna_app.errors import AppError, PasscodeError, Problem, RefusalError
from myna_app.export import oqs_xml
from myna_app.flow import events as ev
from myna_app.flow import photograph as ph
from myna_app.flow import work as wk
from myna_app.flow.beside import Announcement, HandOver
from myna_app.flow.problems import STANDINGS
from myna_app.flow.states import AccountForm, Standing
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.facility import FaceCheckWay, Facility
from myna_app.formats.terms import Terms
from myna_app.ledger import Verify, VisitRow
from myna_app.services import Parts, Services
from myna_app.terminal import Account, TerminalState
from myna_app.visit import BirthDateWanted, CodeNotTaken, Visit, VisitCancelledError, VisitParts, VisitReport

_VERIFY = {KeyOutcome.ACCEPTED: Verify.ACCEPTED, KeyOutcome.REFUSED: Verify.REFUSED}
_FORMS = wk.Register | wk.Reauthenticate
"""What has fields beside which a refusal can be told."""
_OBJECTIONS = {
    KeyOutcome.REFUSED: ph.Objection.REFUSED,
    KeyOutcome.SPARED: ph.Objection.SPARED,
    KeyOutcome.LOCKED: ph.Objection.LOCKED,
}
_PROBES = (2, 4, 8, 16, 32)
_PROBES_AT_LAST = 60
"""Seconds between two questions to a backend that does not answer."""
_NEWER_TERMS = frozenset({"terms_version", "terms_required"})


class Duties:
    """Does the work a state names. `do` may be called from several workers; visits follow one another."""

    def __init__(self, parts: Parts) -> None:
        self.services = Services(parts)
        self.errands = Errands(self.services)
        self._visit: Visit | None = None
        self._row: int | None = None
        """The ledger's row of the last visit."""
        self._closing: Thread | None = None
        self._reauthenticated = False

    def do(self, work: wk.Work, tell: Tell, cancelled: Event) -> ev.Event | None:
        """The answer to `work`; `tell` takes what comes before it, `cancelled` stops a visit. None: nothing to answer.

        Raises `AppError`.
        """
        if isinstance(work, wk.SideWork):
            return self.errands.do(work, tell, cancelled)
        match work:
            case wk.ReadStore():
                return self._read_store()
            case wk.FetchTerms():
                return ev.TermsFetched(self.services.client.terms())
            case wk.KeepConsent(terms):
                return self._keep_consent(terms)
            case wk.Register(form):
                return self._register(form)
            case wk.JudgePasscode(passcode):
                return ev.PasscodeJudged(passcode, self.services.passcode.weakness(passcode.value))
            case wk.KeepPasscode(passcode):
                return self._keep_passcode(passcode.value)
            case wk.CheckPasscode(passcode):
                return self._check_passcode(passcode.value)
            case wk.ReadLock():
                return self._lock(wrong=False)
            case wk.Reauthenticate(password):
                return self._reauthenticate(password.value)
            case wk.RefreshTerminal():
                self.errands.tidy()  # on the way home, with no visit under way and a network to be waited for anyway
                return self._refreshed(self.services.client.me())
            case wk.AwaitBackend():
                return self._await_backend(cancelled)
            case wk.ForgetTerminal():
                return self._forgotten(release=False)
            case wk.KeepReader(name):
                self.services.settings.set(reader=name)
                return ev.ReaderKept(name)
            case wk.RunVisit():
                return self._run_visit(work, tell, cancelled)
            case wk.FinishVisit(birth_date, gregorian):
                visit = self._visit
                return None if visit is None else self._ended(visit, visit.go_on(birth_date, gregorian=gregorian))
            case wk.HoldVisit() | wk.LookForReaders():  # of the second the monitor of the readers takes care
                return None
            case ph.ReadPhotograph(code):
                return self._read_photograph(code.value)
            case ph.ConfirmPerson(at, eligibility):
                return self._show(eligibility) if self._compared(at, same_person=True) else None
            case ph.RejectPerson(at):
                self._turn_down()
                self._compared(at, same_person=False)
                return None
            case ph.ShowAnswer(eligibility):
                return self._show(eligibility)
            case wk.ReleaseTerminal():
                return self._forgotten(release=True)
            case _:
                assert_never(work)

    def answer(self, work: wk.Work, tell: Tell, cancelled: Event) -> ev.Event | None:
        """`do`, with every refusal turned into the event that says it."""
        try:
            return self.do(work, tell, cancelled)
        except VisitCancelledError:
            return None
        except RefusalError as refusal:
            log.write(log.ProblemTold(refusal.problem, http_status=refusal.status))
            self._remember(refusal)
            if refusal.code in _NEWER_TERMS:
                return ev.TermsOutdated()
            if refusal.fields and isinstance(work, _FORMS):
                return ev.FieldsRefused(refusal.fields)
            if isinstance(work, wk.Reauthenticate) and refusal.code == "password":
                return ev.FieldsRefused({"password": "password"})
            return ev.Failed(refusal)
        except AppError as error:
            cause = None if error.__cause__ is None else log.name_of(type(error.__cause__))
            log.write(log.ProblemTold(error.problem, cause, getattr(error, "status_word", None)))
            return ev.Failed(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it ends in one problem and a program that goes on
            log.write(log.crash(error))
            return ev.Failed(AppError.unexpected(error))

    def drop(self) -> None:
        """Let go of the visit, whose `cancelled` is set. Returns at once; the next visit waits for its card."""
        self.services.cards.wake()
        visit, self._visit = self._visit, None
        if visit is not None:
            self._closing = Thread(target=visit.close, daemon=True)
            self._closing.start()

    def forget_terminal(self, *, release: bool) -> None:
        """End this PC's registration; `release` also frees the account at the backend. Raises `AppError`."""
        if release:
            self.services.registrar.release()
        else:
            self.services.registrar.forget()
        self.services.passcode.forget()
        self.services.settings.set(
            standing=None, facility_name=None, facility_kind=None, backend_contact=None, institution_code=None
        )

    def _forgotten(self, *, release: bool) -> ev.TerminalForgotten:
        self.forget_terminal(release=release)
        settings = self.services.settings.settings
        return ev.TerminalForgotten(settings.terms_version is not None, settings.contact)

    # --- set-up ------------------------------------------------------------------------------------------------------

    def _read_store(self) -> ev.StoreRead:
        self.services.settings.look_again()
        settings = self.services.settings.settings
        self.services.settings.route()
        autostart.apply(self.services.settings)
        terminal = self.services.registrar.state()
        facility = None
        if settings.facility_name is not None and settings.facility_kind is not None:
            facility = Facility(settings.facility_name, settings.facility_kind)
        return ev.StoreRead(
            terms_agreed=settings.terms_version is not None,
            terminal_id=terminal.terminal_id,
            passcode_set=terminal.terminal_id is not None and self.services.passcode.state().is_set,
            chosen_reader=settings.reader,
            facility=facility,
            contact=settings.backend_contact or settings.contact,
            standing=settings.standing,
            reader_pattern=settings.default_reader_pattern,
            notice=self.services.settings.damage,
            user_id=terminal.user_id,
            institution_code=settings.institution_code,
        )

    def _keep_consent(self, terms: Terms) -> ev.ConsentKept:
        if self._terminal().terminal_id is not None:
            self.services.client.agree_to_terms(terms.version)
        self.services.registrar.agree(terms, self.services.client.now())
        return ev.ConsentKept()

    def _register(self, form: AccountForm) -> ev.RegistrationDone:
        done = self.services.registrar.register(
            Account(form.institution_code, form.user_id, form.password.value, form.activation_code.value)
        )
        self.services.settings.set(
            institution_code=form.institution_code,
            facility_name=done.facility.name,
            facility_kind=done.facility.kind,
            backend_contact=done.contact,
            standing=None,
        )
        return ev.RegistrationDone(done.terminal_id, done.facility, done.contact)

    def _terminal(self) -> TerminalState:
        return self.services.registrar.state()

    # --- lock --------------------------------------------------------------------------------------------------------

    def _keep_passcode(self, code: str) -> ev.PasscodeStored:
        if self._reauthenticated:
            self.services.passcode.replace_after_reauthentication(code)
            self._reauthenticated = False
        else:
            self.services.passcode.set(code)
        return ev.PasscodeStored()

    def _check_passcode(self, code: str) -> ev.Event:
        try:
            self.services.passcode.check(code)
        except PasscodeError as refused:
            return self._lock(wrong=refused.problem is Problem.PASSCODE_WRONG, refused=refused)
        return ev.Unlocked()

    def _lock(self, *, wrong: bool, refused: PasscodeError | None = None) -> ev.PasscodeRefused:
        state = self.services.passcode.state()
        tries = refused.facts.get("tries_left") if refused is not None else None
        tries_left = tries if isinstance(tries, int) else None
        return ev.PasscodeRefused(wrong, tries_left, state.wait_seconds, state.password_needed)

    def _reauthenticate(self, password: str) -> ev.Reauthenticated:
        self.services.client.reauthenticate(password)
        self._reauthenticated = True
        return ev.Reauthenticated()

    # --- standing ----------------------------------------------------------------------------------------------------

    def _refreshed(self, status: TerminalStatus) -> ev.TerminalRefreshed:
        standing = Standing.NOT_STARTED if status.status is TerminalStatusCode.NOT_STARTED else None
        self.services.settings.set(
            facility_name=status.facility.name,
            facility_kind=status.facility.kind,
            backend_contact=status.contact,
            standing=standing,
        )
        today, least = self.services.client.now().astimezone().date(), status.minimum_app_version
        return ev.TerminalRefreshed(
            status.facility,
            status.contact,
            standing,
            web_service_url=status.web_service_url,
            terms_outdated=status.agreed_terms_version != status.required_terms_version,
            facts={"service_starts_on": status.service_starts_on.isoformat()},
            announcements=tuple(
                Announcement(one.title, one.text) for one in status.notices if one.until is None or one.until >= today
            ),
            update_by=least.from_day if least is not None and least.is_newer_than(__version__) else None,
        )

    def _await_backend(self, cancelled: Event) -> ev.Mended | None:
        """Each pause a little longer or shorter by chance: when a backend comes back, its desks do not come at once."""
        for seconds in chain(_PROBES, repeat(_PROBES_AT_LAST)):
            if cancelled.wait(seconds * uniform(0.75, 1.25)):  # noqa: S311 - spreads load, guards nothing
                break
            with suppress(AppError):
                self.services.client.health()
                return ev.Mended(time.monotonic())
        return None

    def _remember(self, refusal: RefusalError) -> None:
        """A refusal for the terminal as a whole is kept, so that a restart without network does not undo it."""
        standing = STANDINGS.get(refusal.problem)
        if standing is not None and self._terminal().terminal_id is not None:
            self.services.settings.set(standing=standing, backend_contact=refusal.contact or self._contact())

    def _contact(self) -> str | None:
        return self.services.settings.settings.backend_contact

    # --- visits ------------------------------------------------------------------------------------------------------

    def _run_visit(self, work: wk.RunVisit, tell: Tell, cancelled: Event) -> ev.Event | None:
        terminal_id = self._terminal().terminal_id
        if terminal_id is None:
            raise RuntimeError("a visit without a registered terminal")
        settings = self.services.settings.settings
        parts = VisitParts(
            self.services.pcsc,
            self.services.memory,
            self.services.cards,
            self.services.client,
            self.services.ledger.automatic_verify_allowed,
            self._keep_record,
            terminal_id,
            settings.card_wait_seconds,
            settings.allow_photograph and work.way is FaceCheckWay.PHOTOGRAPH,
        )
        if self._closing is not None:
            self._closing.join()
        visit = Visit(
            parts,
            work.reader,
            work.way,
            work.confirmed_at,
            progress=lambda step: tell(ev.VisitProgressed(step)),
            cancelled=cancelled,
        )
        self._visit = visit
        return self._ended(visit, visit.begin())

    def _ended(self, visit: Visit, answer: Eligibility | BirthDateWanted) -> ev.Event:
        if isinstance(answer, BirthDateWanted):
            return ev.BirthDateNeeded(answer.reason)
        if visit.may_show_photograph:
            return ph.PhotographOffered(answer)
        visit.close()
        return self._show(answer)

    def _read_photograph(self, code: str) -> ev.Event | None:
        visit = self._visit
        read = None if visit is None else visit.photograph(code)
        match read:
            case None:
                return None
            case CodeNotTaken(may_retype=True):
                return ph.CodeNotTaken(ph.Objection.MISTYPED)
            case CodeNotTaken(outcome):
                return ph.CodeNotTaken(_OBJECTIONS[outcome])
            case picture:
                return ph.PhotographRead(picture)

    def _compared(self, at: float, *, same_person: bool) -> bool:
        """Whether there still was a visit whose photograph staff compared."""
        visit = self._visit
        if visit is None:
            return False
        visit.compare(at, same_person=same_person)
        return True

    def _show(self, answer: Eligibility) -> ev.VisitDone:
        """Handed over only with what staff see: an answer that they turned down goes nowhere."""
        return ev.VisitDone(answer, self._hand_over(answer))

    def _hand_over(self, answer: Eligibility) -> HandOver | None:
        """The file for the receipt computer, where an administrator wants it. Without it the answer stands."""
        settings = self.services.settings.settings
        folder, code = settings.xml_drop_folder, settings.institution_code
        if not settings.allow_xml_drop or folder is None or code is None or not oqs_xml.has_file(answer):
            return None
        try:
            dropped = oqs_xml.drop(Path(folder), answer, code, settings.xml_drop_encoding)
        except OSError as error:
            log.write(log.crash(error))
            return HandOver.FAILED
        return HandOver.WRITTEN if dropped.complete else HandOver.MARKED

    def _keep_record(self, report: VisitReport) -> None:
        """A line in log and ledger. A ledger that cannot be written does not take the visitor's answer away."""
        log.write(log.VisitEnded(report.duration_ms, report.apdus))
        verify = Verify.NONE if report.key is None else _VERIFY[report.key]
        row = VisitRow(
            self.services.client.now(), report.outcome, report.duration_ms, report.reader, report.apdus, verify
        )
        self._row = None
        try:
            self._row = self.services.ledger.record(row)
        except AppError as error:
            log.write(log.ProblemTold(error.problem))

    def _turn_down(self) -> None:
        """Its row must not count as an answer: nobody was shown one."""
        try:
            if self._row is not None:
                self.services.ledger.turn_down(self._row)
        except AppError as error:
            log.write(log.ProblemTold(error.problem))
