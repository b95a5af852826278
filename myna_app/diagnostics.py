"""診断: is everything there that a visit needs, and if not, what is the fix. Reads only; each check ends by itself."""

from collections.abc import Callable, Iterator
from functools import partial

from myna_app.apdu.channel import ExtendedLength
from myna_app.api.client import BackendClient
from myna_app.card.capability import CapabilityMemory, Source, ask_reader
from myna_app.card.connection import connected
from myna_app.card.jpki import JpkiSession
from myna_app.card.pcsc import PcscApi, ReaderFlag, ReaderStatus
from myna_app.card.readers import is_windows_hello
from myna_app.errors import AppError, Problem
from myna_app.flow.beside import Check, Outcome
from myna_app.settings.store import SettingsStore
from myna_app.terminal import Device

__all__ = ["Check", "Doctor", "Outcome"]


class Doctor:
    """Examines this PC in the order in which a visit uses its parts."""

    def __init__(
        self,
        pcsc: PcscApi,
        settings: SettingsStore,
        device: Device,
        client: Callable[[], BackendClient],
    ) -> None:
        self._pcsc = pcsc
        self._settings = settings
        self._device = device
        self._client = client

    def examine(self) -> Iterator[Check]:
        """One `Check` after the other, as they are found."""
        yield from self._readers()
        yield from _one("key_store", self._key_store)
        yield from self._managed_settings()
        yield from _one("backend", self._backend)
        yield from _one("terminal", self._terminal)

    def _readers(self) -> Iterator[Check]:
        try:
            context = self._pcsc.establish_context()
        except AppError as error:
            yield Check("service", Outcome.BAD, error.detail, error.problem)
            return
        try:
            names = [name for name in self._pcsc.list_readers(context) if not is_windows_hello(name)]
            states = self._pcsc.get_status_change(context, [ReaderStatus(name) for name in names], 0) if names else ()
        except AppError as error:
            yield Check("service", Outcome.BAD, error.detail, error.problem)
            return
        finally:
            self._pcsc.release_context(context)
        yield Check("service", Outcome.GOOD, "running")
        if not names:
            yield Check("reader", Outcome.BAD, "none", Problem.READER_MISSING)
        for state in states:
            present = state.has(ReaderFlag.PRESENT)
            yield Check("reader", Outcome.GOOD, f"{state.name}: {'card' if present else 'no card'}")
            yield from _one("extended_apdu", partial(self._extended, state.name, present))

    def _extended(self, reader: str, card_present: bool) -> Check:
        """By reading a certificate where a card lies there, else by what the driver declares."""
        memory = CapabilityMemory()
        if card_present:
            with connected(self._pcsc, reader, memory) as card, card.transaction() as channel:
                JpkiSession(channel).read_authentication_certificate()
        capability = memory.of(reader) if card_present else ask_reader(self._pcsc, memory, reader)
        known = capability.source is not Source.NONE and capability.extended is not ExtendedLength.UNKNOWN
        how = f"{reader}: {capability.extended.value} ({capability.source.value})"
        return Check("extended_apdu", Outcome.GOOD if known else Outcome.UNKNOWN, how)

    def _key_store(self) -> Check:
        registered = self._device.terminal_id is not None
        return Check("key_store", Outcome.GOOD, "registered" if registered else "not registered")

    def _managed_settings(self) -> Iterator[Check]:
        for finding in self._settings.findings:
            yield Check("settings", Outcome.BAD, str(finding), Problem.POLICY_UNSAFE)
        if not self._settings.findings:
            yield Check("settings", Outcome.GOOD, str(self._settings.folders.policy_file))

    def _backend(self) -> Check:
        address = self._settings.route().base_url
        health = self._client().health()
        return Check("backend", Outcome.GOOD, f"{address} version {health.version}")

    def _terminal(self) -> Check:
        if self._device.terminal_id is None:
            return Check("terminal", Outcome.UNKNOWN, "not registered")
        return Check("terminal", Outcome.GOOD, self._client().me().status.value)


def _one(name: str, check: Callable[[], Check]) -> Iterator[Check]:
    try:
        yield check()
    except AppError as error:
        yield Check(name, Outcome.BAD, error.detail, error.problem)
