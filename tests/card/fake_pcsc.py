"""A PC/SC service without an operating system: readers come and go, the service dies and returns."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from threading import Condition, Event

from myna_app.apdu.channel import Transport
from myna_app.card.pcsc import (
    PNP_READER,
    CardHandle,
    CardProtocol,
    Connected,
    ContextHandle,
    Disposition,
    ReaderFlag,
    ReaderStatus,
    ShareMode,
)
from myna_app.card.pcsc_errors import ScardCode, pcsc_error

_CARD = CardHandle(7)


class FakePcsc:
    """A `PcscApi`. `calls` holds what was asked for, in order; the other attributes and methods play the outside.

    With `waits` off a status wait in which nothing changed times out at once.
    """

    def __init__(self, card: Transport | None = None) -> None:
        self.calls: list[str] = []
        self.card = card
        self.properties = b""
        self.connect_errors: list[int] = []
        self.begin_errors: list[int] = []
        self.others_let_go = Event()
        self.others_let_go.set()
        self.others_block_connect = False
        self.waits = True
        self.stopped_with: int | None = None
        self._readers: dict[str, ReaderStatus] = {}
        self._changed = Condition()
        self._contexts = count(1)
        self._open: set[ContextHandle] = set()
        self._cancelled: set[ContextHandle] = set()

    # The outside.

    def plug(self, name: str) -> None:
        with self._changed:
            self._readers[name] = ReaderStatus(name, ReaderFlag.EMPTY)
            self._changed.notify_all()

    def unplug(self, name: str) -> None:
        with self._changed:
            del self._readers[name]
            self._changed.notify_all()

    def put_card(self, name: str, *, mute: bool = False) -> None:
        self._event(name, ReaderFlag.PRESENT | (ReaderFlag.MUTE if mute else 0))

    def lift_card(self, name: str) -> None:
        self._event(name, ReaderFlag.EMPTY)

    def lift_and_put_card(self, name: str) -> None:
        """So fast that nobody sees the reader empty."""
        with self._changed:
            self._event(name, ReaderFlag.EMPTY)
            self._event(name, ReaderFlag.PRESENT)

    def stop_service(self, code: int) -> None:
        """Every call answers this code from now on, also the one that is waiting; contexts die."""
        with self._changed:
            self.stopped_with = code
            self._open.clear()
            self._changed.notify_all()

    def start_service(self) -> None:
        with self._changed:
            self.stopped_with = None

    def wait_until_released(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: not self._open, 20)

    @property
    def open_contexts(self) -> int:
        return len(self._open)

    def _event(self, name: str, flags: int) -> None:
        with self._changed:
            events = self._readers[name].event_count + 1
            self._readers[name] = ReaderStatus(name, events << 16 | flags)
            self._changed.notify_all()

    # What the program asks for.

    def establish_context(self) -> ContextHandle:
        with self._changed:
            if self.stopped_with is not None:
                raise pcsc_error(self.stopped_with)
            context = ContextHandle(next(self._contexts))
            self._open.add(context)
            return context

    def release_context(self, context: ContextHandle) -> None:
        with self._changed:
            self._open.discard(context)
            self._changed.notify_all()

    def list_readers(self, context: ContextHandle) -> tuple[str, ...]:
        with self._changed:
            self._check(context)
            return tuple(self._readers)

    def get_status_change(
        self, context: ContextHandle, known: Sequence[ReaderStatus], timeout_ms: int
    ) -> tuple[ReaderStatus, ...]:
        with self._changed:
            names = list(self._readers)
            while True:
                self._check(context)
                if context in self._cancelled:
                    self._cancelled.discard(context)
                    return ()
                now = tuple(self._now(one) for one in known)
                if any(one.has(ReaderFlag.CHANGED) for one in now):
                    return now
                if list(self._readers) != names:
                    return tuple(
                        replace(one, state=ReaderFlag.CHANGED) if one.name == PNP_READER else one for one in now
                    )
                if not self.waits or not self._changed.wait(timeout_ms / 1000):
                    return ()

    def _now(self, known: ReaderStatus) -> ReaderStatus:
        if known.name == PNP_READER:
            return known
        now = self._readers.get(known.name, ReaderStatus(known.name, ReaderFlag.UNKNOWN | ReaderFlag.UNAVAILABLE))
        return now if now == known else replace(now, state=now.state | ReaderFlag.CHANGED)

    def cancel(self, context: ContextHandle) -> None:
        with self._changed:
            self._cancelled.add(context)
            self._changed.notify_all()

    def _check(self, context: ContextHandle) -> None:
        if self.stopped_with is not None:
            raise pcsc_error(self.stopped_with)
        if context not in self._open:
            raise pcsc_error(ScardCode.E_INVALID_HANDLE)

    def connect(self, context: ContextHandle, reader: str, share: ShareMode) -> Connected:
        self._check(context)
        assert not self.others_block_connect or self.others_let_go.wait(20)
        self.calls.append(f"connect {reader} {share.name}")
        if self.connect_errors:
            raise pcsc_error(self.connect_errors.pop(0))
        if self.card is None and share is ShareMode.SHARED:
            raise pcsc_error(ScardCode.E_NO_SMARTCARD)
        return Connected(_CARD, CardProtocol.T1)

    def disconnect(self, card: CardHandle, disposition: Disposition) -> None:
        assert card == _CARD
        self.calls.append(f"disconnect {disposition.name}")

    def begin_transaction(self, card: CardHandle) -> None:
        assert card == _CARD
        assert self.others_let_go.wait(20)
        self.calls.append("begin")
        if self.begin_errors:
            raise pcsc_error(self.begin_errors.pop(0))

    def end_transaction(self, card: CardHandle, disposition: Disposition) -> None:
        assert card == _CARD
        self.calls.append(f"end {disposition.name}")

    def transmit(self, card: CardHandle, protocol: CardProtocol, command: bytes) -> bytes:
        assert (card, protocol) == (_CARD, CardProtocol.T1)
        assert self.card is not None
        return self.card.transmit(command)

    def tlv_properties(self, card: CardHandle) -> bytes:
        assert card == _CARD
        return self.properties
