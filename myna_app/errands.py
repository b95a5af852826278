"""What the pages beside the reception ask for (`SideWork`): choices, records, checks, updates. Nothing of a visitor."""

import time
from collections.abc import Callable
from datetime import datetime
from threading import Event, Lock
from typing import TYPE_CHECKING, assert_never

from myna_app import autostart, log, office
from myna_app.apdu.channel import ExtendedLength
from myna_app.card.connection import connected
from myna_app.card.jpki import JpkiSession
from myna_app.card.waiting import WaitCancelledError
from myna_app.errors import AppError, Problem
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import work as wk
from myna_app.flow.beside import Imprint, ReaderTest, Record, Update, UpdateStage
from myna_app.resources import built_on
from myna_app.services import Services

if TYPE_CHECKING:
    from myna_app.update.manifest import Manifest
    from myna_app.update.service import Updates

Tell = Callable[[ev.Event], None]

LOOK_AGAIN_SECONDS = 24 * 3600.0
"""How often it is looked for an update by itself, and how long one that was put off is not spoken of."""
_PROGRESS_STEPS = 50
"""A download is told in so many steps: each is a new state of the journey."""
_NOT_OUR_CARD = frozenset({Problem.CARD_OTHER, Problem.CARD_PHONE, Problem.CERTIFICATE_MISSING})


class Errands:
    """Called from several workers."""

    def __init__(self, services: Services, clock: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._clock = clock
        self._updating = Lock()
        self._look_again_at = clock()
        self._offered: Manifest | None = None

    def do(self, work: wk.SideWork, tell: Tell, cancelled: Event) -> ev.Event | None:
        """The answer to `work`; `tell` takes what comes before it. Raises `AppError`."""
        settings = self._services.settings
        match work:
            case wk.ReadPreferences() | wk.KeepPreference() | wk.ResetPreferences() | wk.KeepProxy():
                return self._preferences(work)
            case wk.ReadRecord():
                return se.RecordRead(self._record())
            case wk.ReadManaged():
                return se.ManagedRead(office.managed_rows(settings))
            case wk.Examine():
                for check in self._services.doctor().examine():
                    tell(se.CheckMade(check))
                return se.ExaminationDone()
            case wk.MakeBundle():
                return se.BundleMade(self.support_bundle())
            case wk.SaveFile(file, text):
                return se.FileSaved(office.save(file, text))
            case wk.TestReader(reader):
                return self._test(reader, tell, cancelled)
            case wk.ReadImprint():
                from myna_app.licences import components  # noqa: PLC0415 - start-up does not pay for it

                return se.ImprintRead(Imprint(built_on(), office.agreement(settings), components()))
            case wk.LookForUpdate() | wk.BringUpdate() | wk.StartUpdate():
                return self._update(work, tell, cancelled)
            case _:
                assert_never(work)

    def support_bundle(self) -> str:
        """サポート用ファイル, with the doctor's findings of this moment."""
        services = self._services
        checks = services.doctor().examine()
        return office.bundle(services.settings, checks, self._record(), services.device.terminal_id)

    # --- choices -----------------------------------------------------------------------------------------------------

    def _preferences(
        self, work: wk.ReadPreferences | wk.KeepPreference | wk.ResetPreferences | wk.KeepProxy
    ) -> ev.Event:
        store = self._services.settings
        way = (store.settings.proxy_mode, store.settings.proxy, store.settings.proxy_user)
        match work:
            case wk.KeepPreference(name, value):
                office.keep_preference(store, name, value)
            case wk.ResetPreferences():
                office.reset_preferences(store, self._services.vault)
            case wk.KeepProxy(form):
                if wrong := office.proxy_faults(form):
                    return ev.FieldsRefused(wrong)
                office.keep_proxy(store, self._services.vault, form)
        now = store.settings
        if isinstance(work, wk.KeepProxy) or way != (now.proxy_mode, now.proxy, now.proxy_user):
            self._services.change_way()
        if not isinstance(work, wk.ReadPreferences):
            autostart.apply(store)
        return se.PreferencesRead(office.preferences(store), office.proxy(store))

    def tidy(self) -> None:
        """The ledger keeps the days that M-26 shows, and no more."""
        self._services.ledger.forget_before(office.since(datetime.now().astimezone()))

    def _record(self) -> Record:
        now = datetime.now().astimezone()
        return office.record_of(self._services.ledger.rows(office.since(now)), now.date())

    # --- reader ------------------------------------------------------------------------------------------------------

    def _test(self, reader: str, tell: Tell, cancelled: Event) -> ev.Event | None:
        """Nothing is presented to the card; what is read is the certificate that every visit reads, and is dropped."""
        services = self._services
        try:
            present = services.cards.wait(reader, services.settings.settings.card_wait_seconds, cancelled)
            tell(se.ReaderTested(ReaderTest.READING))
            with connected(services.pcsc, present, services.memory) as card, card.transaction() as channel:
                JpkiSession(channel).read_authentication_certificate()
        except WaitCancelledError:
            return None
        except AppError as error:
            if error.problem in _NOT_OUR_CARD:
                return se.ReaderTested(ReaderTest.OTHER_CARD)
            raise
        in_one_piece = services.memory.of(present).extended is ExtendedLength.PASSES
        return se.ReaderTested(ReaderTest.EXTENDED if in_one_piece else ReaderTest.SHORT)

    # --- updates -----------------------------------------------------------------------------------------------------

    def _update(
        self, work: wk.LookForUpdate | wk.BringUpdate | wk.StartUpdate, tell: Tell, cancelled: Event
    ) -> ev.Event | None:
        """One at a time: a download that nobody waits for any more ends before the next look."""
        from myna_app.update.manifest import UpdateRefusedError  # noqa: PLC0415 - most desks never need it

        with self._updating:
            updates = self._services.updates
            try:
                match work:
                    case wk.LookForUpdate(asked):
                        return self._look(updates, asked=asked)
                    case _ if updates is None or self._offered is None:
                        return se.UpdateReached(UpdateStage.OFF)
                    case wk.BringUpdate():
                        self._bring(updates, self._offered, tell, cancelled)
                        return se.UpdateReached(UpdateStage.BROUGHT)
                    case wk.StartUpdate():
                        return self._start(updates, self._offered)
            except WaitCancelledError:
                return None
            except UpdateRefusedError as refused:
                log.write(log.UpdateRefused(refused.reason))
                return se.UpdateReached(UpdateStage.REFUSED)

    def _look(self, updates: "Updates | None", *, asked: bool) -> ev.Event | None:
        now = self._clock()
        if updates is None:
            return se.UpdateReached(UpdateStage.OFF) if asked else None
        if not asked and now < self._look_again_at:
            return None
        self._look_again_at = now + LOOK_AGAIN_SECONDS
        self._offered = updates.look()
        if self._offered is None:
            return se.UpdateReached(UpdateStage.NEWEST)
        found = Update(self._offered.version, self._offered.notes_ja, self._offered.notes_en)
        return se.UpdateReached(UpdateStage.OFFERED, found)

    def _bring(self, updates: "Updates", manifest: "Manifest", tell: Tell, cancelled: Event) -> None:
        told = 0

        def progress(part: float) -> None:
            nonlocal told
            if cancelled.is_set():
                raise WaitCancelledError
            if (step := int(part * _PROGRESS_STEPS)) > told:
                told = step
                tell(se.UpdateReached(UpdateStage.BRINGING, part=step / _PROGRESS_STEPS))

        updates.bring(manifest, progress)

    def _start(self, updates: "Updates", manifest: "Manifest") -> ev.Event:
        try:
            updates.install(manifest)
        except OSError as error:
            log.write(log.crash(error))
            return se.UpdateReached(UpdateStage.NOT_STARTED)
        return se.UpdateReached(UpdateStage.STARTED)
