"""The readers of this PC, live: a thread that waits for PC/SC and tells a listener what changed."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from threading import Event, Lock, Thread

from myna_app.card.pcsc import PNP_READER, ContextHandle, PcscApi, ReaderFlag, ReaderStatus
from myna_app.errors import AppError, Problem

_WAIT_MS = 60_000
"""Every wait has an end; the readers are then listed again. A reader that came between list and wait shows up then."""
_RETRY_SECONDS = 2.0
"""Without a context there is nothing to wait on: Windows stops the service with the last reader."""
_CANCEL_AGAIN_SECONDS = 0.05
_NUMBERING = re.compile(r" [0-9A-F]{2} (?P<slot>[0-9A-F]{2})$| \d{1,2}$")
"""pcsc-lite appends reader index and slot (`` 00 01``), Windows an index (`` 0``). The slot means another device."""
_WINDOWS_HELLO = ("Windows Hello for Business", "Microsoft Virtual Smart Card")
"""Readers that Windows pretends to have; no card can be put on them."""


@dataclass(frozen=True, slots=True)
class ReaderState:
    """One reader. `placement` numbers the time its card was put on, None without a card.

    Numbers rise and never repeat, over all readers; a card lifted and put back between two looks has a new one.
    """

    name: str
    placement: int | None = None
    card_mute: bool = False
    """Something lies there that does not answer."""

    @property
    def card_present(self) -> bool:
        return self.placement is not None


@dataclass(frozen=True, slots=True)
class Readers:
    """All readers at one moment. `problem` says why the smart-card service cannot be asked; None while it runs."""

    readers: tuple[ReaderState, ...] = ()
    problem: Problem | None = None

    @property
    def service_running(self) -> bool:
        return self.problem is None

    def find(self, remembered: str) -> ReaderState | None:
        """The reader of that name, or the first of the same name and slot but for PC/SC's numbering."""
        exact = (one for one in self.readers if one.name == remembered)
        alike = (one for one in self.readers if _device(one.name) == _device(remembered))
        return next(exact, None) or next(alike, None)


def is_windows_hello(name: str) -> bool:
    return name.startswith(_WINDOWS_HELLO)


class ReaderMonitor:
    """Watches all readers from a thread and a context of its own, until `stop`.

    The listener is called on that thread, with a snapshot that differs from the one before; the first comes at once.
    Survives a service that is stopped, killed or restarted, and readers that go and come back.
    """

    def __init__(
        self, api: PcscApi, listener: Callable[[Readers], None], *, retry_seconds: float = _RETRY_SECONDS
    ) -> None:
        self._api = api
        self._listener = listener
        self._retry_seconds = retry_seconds
        self._thread = Thread(target=self._run, name="reader-monitor", daemon=True)
        self._stopping = Event()
        self._lock = Lock()
        self._context: ContextHandle | None = None
        self._published: Readers | None = None
        self._placements = count(1)
        self._last: dict[str, tuple[ReaderStatus, ReaderState]] = {}

    def start(self) -> None:
        self._thread.start()

    def look_again(self) -> None:
        """List the readers now, and tell the listener even where nothing has changed."""
        self._published = None
        with self._lock:
            if self._context is not None:
                self._api.cancel(self._context)

    def stop(self) -> None:
        """End the thread. Cancels again and again, for a wait may begin just after it was cancelled."""
        self._stopping.set()
        while self._thread.is_alive():
            with self._lock:
                if self._context is not None:
                    self._api.cancel(self._context)
            self._thread.join(_CANCEL_AGAIN_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            waited = False
            try:
                with self._own_context() as context:
                    for _ in self._waits(context):
                        waited = True
            except AppError as error:
                if waited:
                    # The service went away, perhaps only to come back: a new context tells. The readers are told even
                    # where nothing changed, for a visit may have ended in this and its problem waits for them.
                    self._published = None
                    continue
                self._publish(Readers(problem=error.problem))
                self._stopping.wait(self._retry_seconds)

    @contextmanager
    def _own_context(self) -> Iterator[ContextHandle]:
        context = self._api.establish_context()
        with self._lock:
            self._context = context
        try:
            yield context
        finally:
            with self._lock:
                self._context = None
            self._api.release_context(context)

    def _waits(self, context: ContextHandle) -> Iterator[None]:
        """One step a wait. A reader not seen before is "unaware", so the wait that meets it first answers at once."""
        known: dict[str, ReaderStatus] = {}
        while not self._stopping.is_set():
            names = self._api.list_readers(context)
            if all(name in known for name in names):
                self._publish(self._snapshot(known[name] for name in names))
            waiting = [known.get(name, ReaderStatus(name)) for name in (*names, PNP_READER)]
            now = self._api.get_status_change(context, waiting, _WAIT_MS)
            if now:
                known = {one.name: one.seen() for one in now}
            yield

    def _publish(self, readers: Readers) -> None:
        if readers.problem is not None:
            self._last = {}
        if readers != self._published:
            self._published = readers
            self._listener(readers)

    def _snapshot(self, statuses: Iterable[ReaderStatus]) -> Readers:
        answering = [one for one in statuses if not one.has(ReaderFlag.UNKNOWN | ReaderFlag.UNAVAILABLE)]
        self._last = {one.name: (one, self._reader_state(one)) for one in answering}
        return Readers(tuple(state for _, state in self._last.values()))

    def _reader_state(self, status: ReaderStatus) -> ReaderState:
        if not status.has(ReaderFlag.PRESENT):
            return ReaderState(status.name)
        before, state = self._last.get(status.name, (status, ReaderState(status.name)))
        same_card = state.card_present and before.event_count == status.event_count
        placement = state.placement if same_card else next(self._placements)
        return ReaderState(status.name, placement, status.has(ReaderFlag.MUTE))


def _device(name: str) -> str:
    """The name without its index; the slot stays."""
    return _NUMBERING.sub(lambda found: f" {found['slot'] or ''}", name)
