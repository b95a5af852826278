"""What each `Work` of the journey does: one call on a worker thread, one event as its answer.

Everything slow or fallible stands here or below; the runner only starts and drops it. Services are made when first
needed, on a worker, so that the first window does not wait for them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, assert_never

from myna_app import log, office
from myna_app.api.answers import TerminalStatus, TerminalStatusCode
from myna_app.api.client import BackendClient
from myna_app.card.capability import CapabilityMemory
from myna_app.card.pcsc import PcscApi
from myna_app.card.surface import KeyOutcome
from myna_app.card.waiting import CardWait
from myna_app.errors import AppError, PasscodeError, Problem, RefusalError
from myna_app.export import oqs_xml
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import work as wk
from myna_app.flow.beside import Record
from myna_app.flow.problems import STANDINGS
from myna_app.flow.states import AccountForm, Standing
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.facility import Facility
from myna_app.ledger import Ledger, Verify, VisitRow
from myna_app.passcode import Passcode
from myna_app.settings.store import SettingsStore
from myna_app.terminal import Account, Device, Registrar, TerminalState
from myna_app.vault import Vault
from myna_app.visit import BirthDateWanted, Visit, VisitCancelledError, VisitParts, VisitReport

if TYPE_CHECKING:
    from myna_app.diagnostics import Doctor

_VERIFY = {KeyOutcome.ACCEPTED: Verify.ACCEPTED, KeyOutcome.REFUSED: Verify.REFUSED}
Tell = Callable[[ev.Event], None]
_NEWER_TERMS = frozenset({"terms_version", "terms_required"})


@dataclass(frozen=True, slots=True)
class Parts:
    """What the program is put together from; the composition root fills it. Each is called once, on a worker."""

    settings: Callable[[], SettingsStore]
    vault: Callable[[], Vault]
    pcsc: PcscApi
    client: Callable[[SettingsStore, Device], BackendClient]
    passcode: Callable[[Vault, SettingsStore], Passcode]
    ledger: Callable[[SettingsStore], Ledger]


class Duties:
    """Does the work a state names. `do` may be called from several workers; visits follow one another."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._making = RLock()
        self._visit: Visit | None = None
        self._closing: Thread | None = None
        self._reauthenticated = False
        self.memory = CapabilityMemory()
        self.cards = CardWait()

    def do(self, work: wk.Work, tell: Tell, cancelled: Event) -> ev.Event | None:
        """The answer to `work`; `tell` takes what comes before it, `cancelled` stops a visit. None: nothing to answer.

        Raises `AppError`.
        """
        match work:
            case wk.ReadStore():
                return self._read_store()
            case wk.FetchTerms():
                return ev.TermsFetched(self._client.terms())
            case wk.KeepConsent(version):
                return self._keep_consent(version)
            case wk.Register(form):
                return self._register(form)
            case wk.JudgePasscode(passcode):
                return ev.PasscodeJudged(passcode, self._passcode.weakness(passcode.value))
            case wk.KeepPasscode(passcode):
                return self._keep_passcode(passcode.value)
            case wk.CheckPasscode(passcode):
                return self._check_passcode(passcode.value)
            case wk.ReadLock():
                return self._lock(wrong=False)
            case wk.Reauthenticate(password):
                return self._reauthenticate(password.value)
            case wk.RefreshTerminal():
                return self._refreshed(self._client.me())
            case wk.ForgetTerminal():
                self.forget_terminal(release=False)
                return ev.TerminalForgotten()
            case wk.KeepReader(name):
                self._settings.set(reader=name)
                return ev.ReaderKept(name)
            case wk.RunVisit():
                return self._run_visit(work, tell, cancelled)
            case wk.FinishVisit(birth_date, gregorian):
                visit = self._visit
                return None if visit is None else self._ended(visit, visit.go_on(birth_date, gregorian=gregorian))
            case wk.HoldVisit():
                return None
            case wk.ReadPreferences() | wk.KeepPreference() | wk.ResetPreferences():
                return self._preferences(work)
            case wk.ReleaseTerminal():
                self.forget_terminal(release=True)
                return ev.TerminalForgotten()
            case wk.ReadRecord():
                return se.RecordRead(self._record())
            case wk.ReadManaged():
                return se.ManagedRead(office.managed_rows(self._settings))
            case wk.Examine():
                for check in self._doctor().examine():
                    tell(se.CheckMade(check))
                return se.ExaminationDone()
            case wk.MakeBundle():
                return se.BundleMade(self.support_bundle())
            case wk.SaveFile(file, text):
                return se.FileSaved(office.save(file, text))
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
            if refusal.fields:
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
        self.cards.wake()
        visit, self._visit = self._visit, None
        if visit is not None:
            self._closing = Thread(target=visit.close, daemon=True)
            self._closing.start()

    def support_bundle(self) -> str:
        """サポート用ファイル, with the doctor's findings of this moment."""
        checks = self._doctor().examine()
        return office.bundle(self._settings, checks, self._record(), self._device.terminal_id)

    def forget_terminal(self, *, release: bool) -> None:
        """End this PC's registration; `release` also frees the account at the backend. Raises `AppError`."""
        if release:
            self._registrar.release()
        else:
            self._registrar.forget()
        self._passcode.forget()
        self._settings.set(
            standing=None, facility_name=None, facility_kind=None, backend_contact=None, institution_code=None
        )

    # --- services, made on first use ---------------------------------------------------------------------------------

    @cached_property
    def _settings(self) -> SettingsStore:
        with self._making:
            return self._parts.settings()

    @cached_property
    def _vault(self) -> Vault:
        with self._making:
            return self._parts.vault()

    @cached_property
    def _device(self) -> Device:
        with self._making:
            return Device(self._vault)

    @cached_property
    def _client(self) -> BackendClient:
        with self._making:
            return self._parts.client(self._settings, self._device)

    @cached_property
    def _registrar(self) -> Registrar:
        with self._making:
            return Registrar(self._settings, self._device, self._client)

    @cached_property
    def _passcode(self) -> Passcode:
        with self._making:
            return self._parts.passcode(self._vault, self._settings)

    @cached_property
    def _ledger(self) -> Ledger:
        with self._making:
            return self._parts.ledger(self._settings)

    # --- set-up ------------------------------------------------------------------------------------------------------

    def _read_store(self) -> ev.StoreRead:
        settings = self._settings.settings
        self._settings.route()
        terminal = self._registrar.state()
        facility = None
        if settings.facility_name is not None and settings.facility_kind is not None:
            facility = Facility(settings.facility_name, settings.facility_kind)
        return ev.StoreRead(
            terms_agreed=settings.terms_version is not None,
            terminal_id=terminal.terminal_id,
            passcode_set=terminal.terminal_id is not None and self._passcode.state().is_set,
            chosen_reader=settings.reader,
            facility=facility,
            contact=settings.backend_contact or settings.contact,
            standing=settings.standing,
            notice=self._settings.damage,
        )

    def _keep_consent(self, version: str) -> ev.ConsentKept:
        if self._terminal().terminal_id is not None:
            self._client.agree_to_terms(version)
        self._registrar.agree(version, self._client.now())
        return ev.ConsentKept()

    def _register(self, form: AccountForm) -> ev.RegistrationDone:
        done = self._registrar.register(
            Account(form.institution_code, form.user_id, form.password.value, form.activation_code.value)
        )
        self._settings.set(
            institution_code=form.institution_code,
            facility_name=done.facility.name,
            facility_kind=done.facility.kind,
            backend_contact=done.contact,
            standing=None,
        )
        return ev.RegistrationDone(done.terminal_id, done.facility, done.contact)

    def _terminal(self) -> TerminalState:
        return self._registrar.state()

    # --- beside the reception ----------------------------------------------------------------------------------------

    def _preferences(self, work: wk.ReadPreferences | wk.KeepPreference | wk.ResetPreferences) -> se.PreferencesRead:
        match work:
            case wk.KeepPreference(name, value):
                office.keep_preference(self._settings, name, value)
            case wk.ResetPreferences():
                office.reset_preferences(self._settings)
        return se.PreferencesRead(office.preferences(self._settings))

    def _record(self) -> Record:
        now = datetime.now().astimezone()
        return office.record_of(self._ledger.rows(office.since(now)), now.date())

    def _doctor(self) -> "Doctor":
        from myna_app.diagnostics import Doctor  # noqa: PLC0415 - start-up does not pay for it

        return Doctor(self._parts.pcsc, self._settings, self._device, lambda: self._client)

    # --- lock --------------------------------------------------------------------------------------------------------

    def _keep_passcode(self, code: str) -> ev.PasscodeStored:
        if self._reauthenticated:
            self._passcode.replace_after_reauthentication(code)
            self._reauthenticated = False
        else:
            self._passcode.set(code)
        return ev.PasscodeStored()

    def _check_passcode(self, code: str) -> ev.Event:
        try:
            self._passcode.check(code)
        except PasscodeError as refused:
            return self._lock(wrong=refused.problem is Problem.PASSCODE_WRONG, refused=refused)
        return ev.Unlocked()

    def _lock(self, *, wrong: bool, refused: PasscodeError | None = None) -> ev.PasscodeRefused:
        state = self._passcode.state()
        tries = refused.facts.get("tries_left") if refused is not None else None
        tries_left = tries if isinstance(tries, int) else None
        return ev.PasscodeRefused(wrong, tries_left, state.wait_seconds, state.password_needed)

    def _reauthenticate(self, password: str) -> ev.Reauthenticated:
        self._client.reauthenticate(password)
        self._reauthenticated = True
        return ev.Reauthenticated()

    # --- standing ----------------------------------------------------------------------------------------------------

    def _refreshed(self, status: TerminalStatus) -> ev.TerminalRefreshed:
        standing = Standing.NOT_STARTED if status.status is TerminalStatusCode.NOT_STARTED else None
        self._settings.set(
            facility_name=status.facility.name,
            facility_kind=status.facility.kind,
            backend_contact=status.contact,
            standing=standing,
        )
        return ev.TerminalRefreshed(
            status.facility,
            status.contact,
            standing,
            web_service_url=status.web_service_url,
            terms_outdated=status.agreed_terms_version != status.required_terms_version,
            facts={"service_starts_on": status.service_starts_on.isoformat()},
        )

    def _remember(self, refusal: RefusalError) -> None:
        """A refusal for the terminal as a whole is kept, so that a restart without network does not undo it."""
        standing = STANDINGS.get(refusal.problem)
        if standing is not None and self._terminal().terminal_id is not None:
            self._settings.set(standing=standing, backend_contact=refusal.contact or self._contact())

    def _contact(self) -> str | None:
        return self._settings.settings.backend_contact

    # --- visits ------------------------------------------------------------------------------------------------------

    def _run_visit(self, work: wk.RunVisit, tell: Tell, cancelled: Event) -> ev.Event | None:
        terminal_id = self._terminal().terminal_id
        if terminal_id is None:
            raise RuntimeError("a visit without a registered terminal")
        parts = VisitParts(
            self._parts.pcsc,
            self.memory,
            self.cards,
            self._client,
            self._ledger.automatic_verify_allowed,
            self._keep_record,
            terminal_id,
            self._settings.settings.card_wait_seconds,
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
        visit.close()
        return ev.VisitDone(answer, self._hand_over(answer))

    def _hand_over(self, answer: Eligibility) -> bool | None:
        """The file for the receipt computer, where an administrator wants it. Without it the answer stands."""
        settings = self._settings.settings
        folder, code = settings.xml_drop_folder, settings.institution_code
        if not settings.allow_xml_drop or folder is None or code is None or not oqs_xml.has_file(answer):
            return None
        try:
            oqs_xml.drop(Path(folder), answer, code, settings.xml_drop_encoding)
        except OSError as error:
            log.write(log.crash(error))
            return False
        return True

    def _keep_record(self, report: VisitReport) -> None:
        """A line in log and ledger. A ledger that cannot be written does not take the visitor's answer away."""
        log.write(log.VisitEnded(report.duration_ms, report.apdus))
        verify = Verify.NONE if report.key is None else _VERIFY[report.key]
        row = VisitRow(self._client.now(), report.outcome, report.duration_ms, report.reader, report.apdus, verify)
        try:
            self._ledger.record(row)
        except AppError as error:
            log.write(log.ProblemTold(error.problem))
