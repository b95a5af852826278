"""診断: is everything there that a visit needs, and if not, what is the fix. Reads only; each check ends by itself."""

import socket
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from types import MappingProxyType
from urllib.parse import urlsplit

from myna_app import __version__
from myna_app.apdu.channel import ExtendedLength
from myna_app.api.answers import TerminalStatus, TerminalStatusCode
from myna_app.api.client import BackendClient
from myna_app.api.clock import CLOCK_TOLERANCE
from myna_app.card.capability import CapabilityMemory, Source, ask_reader
from myna_app.card.connection import connected
from myna_app.card.jpki import JpkiSession
from myna_app.card.pcsc import PcscApi, ReaderFlag, ReaderStatus
from myna_app.card.readers import is_windows_hello
from myna_app.errors import AppError, Problem
from myna_app.flow.beside import Check, Outcome
from myna_app.settings.files import SCARCE_MEGABYTES, free_megabytes
from myna_app.settings.store import SettingsStore
from myna_app.terminal import Device

__all__ = ["Check", "Doctor", "Outcome"]

_RESOLVING = 5.0
"""Seconds that names are waited for: the operating system's own patience is far longer."""
_FALLEN_AT = MappingProxyType(
    {Problem.PROXY_AUTHENTICATION: "proxy", Problem.TLS_REFUSED: "tls", Problem.CLOCK_OFF: "clock"}
)
"""Which step of the way a problem tells of; any other is the backend's."""
_BEHIND_THE_NAME = ("tls", "clock", "backend", "terminal")


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
        yield self._disk()
        yield from self._managed_settings()
        yield from self._way()

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
            yield Check("reader", Outcome.GOOD, "card" if present else "no card", about=state.name)
            yield from _one("extended_apdu", partial(self._extended, state.name, present))

    def _extended(self, reader: str, card_present: bool) -> Check:
        """By reading a certificate where a card lies there, else by what the driver declares."""
        memory = CapabilityMemory()
        if card_present:
            with connected(self._pcsc, reader, memory) as card, card.transaction() as channel:
                JpkiSession(channel).read_authentication_certificate()
        capability = memory.of(reader) if card_present else ask_reader(self._pcsc, memory, reader)
        known = capability.source is not Source.NONE and capability.extended is not ExtendedLength.UNKNOWN
        how = f"{capability.extended.value} ({capability.source.value})" if known else "unknown"
        return Check("extended_apdu", Outcome.GOOD if known else Outcome.UNKNOWN, how, about=reader)

    def _key_store(self) -> Check:
        registered = self._device.terminal_id is not None
        return Check("key_store", Outcome.GOOD, "registered" if registered else "not registered")

    def _disk(self) -> Check:
        free = free_megabytes(self._settings.folders.data)
        if free is None:
            return Check("disk", Outcome.UNKNOWN, "not asked")
        if free < SCARCE_MEGABYTES:
            return Check("disk", Outcome.BAD, f"{free} MB", Problem.DISK_FULL, f"{free} MB")
        return Check("disk", Outcome.GOOD, "enough", about=f"{free} MB")

    def _managed_settings(self) -> Iterator[Check]:
        for finding in self._settings.findings:
            yield Check("settings", Outcome.BAD, str(finding), Problem.POLICY_UNSAFE)
        if not self._settings.findings:
            yield Check("settings", Outcome.GOOD, "in order", about=str(self._settings.folders.policy_file))

    def _way(self) -> Iterator[Check]:
        """To the backend, step by step, and what it says of this terminal; behind a step that failed none is asked."""
        try:
            route = self._settings.route()
        except AppError as error:
            yield Check("backend", Outcome.BAD, error.detail, error.problem)
            return
        first = urlsplit(route.proxy or route.base_url)
        yield Check("proxy", Outcome.GOOD, "used" if route.proxy else "not used", about=route.proxy or "")
        if not _resolves(host := first.hostname or ""):
            yield Check("dns", Outcome.BAD, "not found", Problem.BACKEND_UNREACHABLE, host)
            yield from _not_asked(_BEHIND_THE_NAME)
            return
        yield Check("dns", Outcome.GOOD, "found", about=host)
        try:
            client = self._client()
            health = client.health()
        except AppError as error:
            step = _FALLEN_AT.get(error.problem, "backend")
            yield Check(step, Outcome.BAD, error.detail, error.problem, route.base_url)
            yield from _not_asked(name for name in _BEHIND_THE_NAME if name != step)
            return
        yield Check("tls", Outcome.GOOD, "verified")
        yield _clock(client.seconds_off())
        yield Check("backend", Outcome.GOOD, health.version, about=route.base_url)
        yield from self._terminal(client)

    def _terminal(self, client: BackendClient) -> Iterator[Check]:
        if self._device.terminal_id is None:
            yield Check("terminal", Outcome.UNKNOWN, "not registered")
            return
        try:
            told = client.me()
        except AppError as error:
            yield Check("terminal", Outcome.BAD, error.detail, error.problem)
            return
        yield from standing(told, client.now().astimezone().date())


def standing(told: TerminalStatus, today: date) -> Iterator[Check]:
    """How the backend says this terminal stands; terms and version are told where something is to be done."""
    if told.status is TerminalStatusCode.NOT_STARTED:
        yield Check("terminal", Outcome.BAD, told.status.value, Problem.NOT_STARTED, told.service_starts_on.isoformat())
    else:
        yield Check("terminal", Outcome.GOOD, told.status.value)
    if told.agreed_terms_version != told.required_terms_version:
        yield Check("terms", Outcome.BAD, "terms changed", about=told.required_terms_version)
    least = told.minimum_app_version
    if least is None or not least.is_newer_than(__version__):
        return
    if least.from_day <= today:
        yield Check("version", Outcome.BAD, f"{least.version} needed", Problem.UPDATE_REQUIRED, __version__)
    else:
        yield Check("version", Outcome.GOOD, "newer needed from", about=least.from_day.isoformat())


def _clock(seconds_off: float) -> Check:
    if abs(seconds_off) > CLOCK_TOLERANCE:
        return Check("clock", Outcome.BAD, f"{seconds_off:+.0f} s", Problem.CLOCK_OFF)
    return Check("clock", Outcome.GOOD, "right")


def _not_asked(names: Iterable[str]) -> Iterator[Check]:
    return (Check(name, Outcome.UNKNOWN, "not asked") for name in names)


def _resolves(host: str) -> bool:
    """Whether the operating system finds an address for `host`, within `_RESOLVING`."""
    answer: SimpleQueue[bool] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(bool(socket.getaddrinfo(host, None)))
        except (OSError, UnicodeError):  # UnicodeError: what cannot be a host's name
            answer.put(False)

    Thread(target=ask, name="resolve", daemon=True).start()
    try:
        return answer.get(timeout=_RESOLVING)
    except Empty:
        return False


def _one(name: str, check: Callable[[], Check]) -> Iterator[Check]:
    try:
        yield check()
    except AppError as error:
        yield Check(name, Outcome.BAD, error.detail, error.problem)
