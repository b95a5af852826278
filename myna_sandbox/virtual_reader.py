"""Card readers inside the process, at the seam where the application otherwise meets PC/SC.

::

    pcsc = VirtualPcsc()                # in place of the operating system's; a `myna_app.card.pcsc.PcscApi`
    reader = pcsc.add_reader("Virtual Reader 00 00")
    reader.insert(card)
    reader.remove()

Answers with pcsc-lite's codes. Everything may be called from any thread.
"""

import itertools
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

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
from myna_sandbox.virtual_card.card import Card, CardGoneError

_MAX_APDU_PROPERTY = 0x0A
"""PC/SC part 10, 2.6.14: dwMaxAPDUDataSize, four bytes, little endian."""
_COUNT_SHIFT = 16


@dataclass(slots=True, eq=False)
class _Slot:
    """One reader. `owner` is the connection that has the transaction; `kept`: some other program has the card."""

    name: str
    max_apdu_data: int | None
    card: Card | None = None
    powered: bool = False
    events: int = 0
    owner: CardHandle | None = None
    kept: bool = False


@dataclass(slots=True, eq=False)
class _Connection:
    """`events` is the slot's count when it was made: another one means that its card has left."""

    slot: _Slot
    share: ShareMode
    events: int
    context: ContextHandle
    was_reset: bool = False


@dataclass(slots=True, eq=False)
class _Context:
    """`listed` is the generation of the reader list this context has seen."""

    listed: int = 0
    cancelled: bool = False
    waiting: bool = False


@dataclass(slots=True, eq=False)
class _Service:
    """What ends when the service stops."""

    contexts: dict[ContextHandle, _Context] = field(default_factory=dict)
    connections: dict[CardHandle, _Connection] = field(default_factory=dict)


class VirtualReader:
    """A reader on which cards are put and from which they are taken."""

    def __init__(self, pcsc: "VirtualPcsc", slot: _Slot) -> None:
        self._pcsc = pcsc
        self._slot = slot

    @property
    def name(self) -> str:
        return self._slot.name

    @property
    def occupied(self) -> bool:
        return self._slot.card is not None

    def insert(self, card: Card) -> None:
        """Put a card on; one that lies there already is taken off first."""
        self._pcsc.place(self._slot, card)

    def remove(self) -> None:
        """Take the card off; without one, nothing happens."""
        self._pcsc.place(self._slot, None)

    def keep(self) -> None:
        """Let the card be another program's own until it is taken off; who is connected already stays so."""
        self._pcsc.keep(self._slot)

    def unplug(self) -> None:
        """Take the reader itself away, with its card."""
        self._pcsc.unplug(self._slot)


class VirtualPcsc:
    """The smart-card service. `change` guards everything and wakes whoever waits."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._slots: list[_Slot] = []
        self._generation = 0
        self._handles = itertools.count(1)
        self._service: _Service | None = _Service()

    # What a tester does.

    def add_reader(self, name: str = "Virtual Reader 00 00", *, max_apdu_data: int | None = None) -> VirtualReader:
        """Plug a reader in. `max_apdu_data` is what it declares to pass; None declares nothing."""
        slot = _Slot(name, max_apdu_data)
        with self._changed():
            self._slots.append(slot)
            self._generation += 1
        return VirtualReader(self, slot)

    def unplug(self, slot: _Slot) -> None:
        self.place(slot, None)
        with self._changed():
            self._slots.remove(slot)
            self._generation += 1

    def place(self, slot: _Slot, card: Card | None) -> None:
        """Make `card` the one that lies there; insertion and removal count as one event each."""
        with self._changed():
            if slot.card is not None:
                slot.card.power_off()
                slot.card, slot.powered, slot.owner, slot.kept = None, False, None, False
                slot.events += 1
            if card is not None:
                slot.card = card
                slot.events += 1

    def keep(self, slot: _Slot) -> None:
        with self._changed():
            slot.kept = slot.card is not None

    def stop_service(self) -> None:
        """End the service, as if it was killed: waits and handles end with it."""
        with self._changed():
            self._service = None
            for slot in self._slots:
                slot.owner = None

    def start_service(self) -> None:
        with self._changed():
            self._service = _Service()

    # What the application asks for.

    def establish_context(self) -> ContextHandle:
        with self._change:
            if self._service is None:
                raise pcsc_error(ScardCode.P_SHUTDOWN)
            handle = ContextHandle(next(self._handles))
            self._service.contexts[handle] = _Context()
            return handle

    def release_context(self, context: ContextHandle) -> None:
        with self._changed():
            if self._service is None or self._service.contexts.pop(context, None) is None:
                return
            for handle, one in list(self._service.connections.items()):
                if one.context == context:
                    self._drop(handle)

    def list_readers(self, context: ContextHandle) -> tuple[str, ...]:
        with self._change:
            self._context(context).listed = self._generation
            return tuple(slot.name for slot in self._slots)

    def get_status_change(
        self, context: ContextHandle, known: Sequence[ReaderStatus], timeout_ms: int
    ) -> tuple[ReaderStatus, ...]:
        end = time.monotonic() + timeout_ms / 1000
        with self._change:
            own = self._context(context)
            own.cancelled, own.waiting = False, True
            try:
                while not own.cancelled:
                    if self._service is None or context not in self._service.contexts:
                        raise pcsc_error(ScardCode.F_COMM_ERROR)
                    if not all(self._known(one.name) for one in known):
                        return ()
                    now = tuple(self._status(one, own) for one in known)
                    if any(one.has(ReaderFlag.CHANGED) for one in now):
                        return now
                    if not self._change.wait(end - time.monotonic()):
                        return ()
                return ()
            finally:
                own.waiting = False

    def cancel(self, context: ContextHandle) -> None:
        with self._changed():
            if self._service and (own := self._service.contexts.get(context)) and own.waiting:
                own.cancelled = True

    def connect(self, context: ContextHandle, reader: str, share: ShareMode) -> Connected:
        with self._changed():
            self._context(context)
            slot = next((one for one in self._slots if one.name == reader), None)
            if slot is None:
                raise pcsc_error(ScardCode.E_UNKNOWN_READER)
            if share is ShareMode.SHARED:
                if slot.card is None:
                    raise pcsc_error(ScardCode.E_NO_SMARTCARD)
                if slot.kept:
                    raise pcsc_error(ScardCode.E_SHARING_VIOLATION)
                self._power(slot)
            assert self._service
            handle = CardHandle(next(self._handles))
            self._service.connections[handle] = _Connection(slot, share, slot.events, context)
            return Connected(handle, CardProtocol.T1 if share is ShareMode.SHARED else CardProtocol.NONE)

    def disconnect(self, card: CardHandle, disposition: Disposition) -> None:
        with self._changed():
            slot = self._connection(card).slot
            if slot.owner in (None, card):
                self._dispose(slot, card, disposition)
            self._drop(card)

    def begin_transaction(self, card: CardHandle) -> None:
        with self._change:
            while (slot := self._usable(card).slot).owner not in (None, card):
                self._change.wait()
            slot.owner = card

    def end_transaction(self, card: CardHandle, disposition: Disposition) -> None:
        with self._changed():
            slot = self._usable(card).slot
            if slot.owner != card:
                raise pcsc_error(ScardCode.E_NOT_TRANSACTED)
            self._dispose(slot, card, disposition)
            self._power(slot)
            slot.owner = None

    def transmit(self, card: CardHandle, protocol: CardProtocol, command: bytes) -> bytes:
        with self._change:
            slot = self._usable(card).slot
            self._demand_no_other_owner(slot, card)
            if protocol is not CardProtocol.T1:
                raise pcsc_error(ScardCode.E_PROTO_MISMATCH)
            lying = slot.card
            assert lying is not None
        try:
            answer = lying.transmit(
                command
            )  # outside the lock: a slow card must not keep others from noticing it leave
        except CardGoneError:
            self.place(slot, None)
            answer = b""
        with self._change:
            self._usable(card)
            if not answer:
                raise pcsc_error(ScardCode.E_NOT_TRANSACTED)
            return answer

    def tlv_properties(self, card: CardHandle) -> bytes:
        with self._change:
            declared = self._connection(card).slot.max_apdu_data
        return b"" if declared is None else struct.pack("<BBI", _MAX_APDU_PROPERTY, 4, declared)

    # Shared by the above; the lock is held.

    @contextmanager
    def _changed(self) -> Iterator[None]:
        with self._change:
            yield
            self._change.notify_all()

    def _context(self, context: ContextHandle) -> _Context:
        if self._service is None or context not in self._service.contexts:
            raise pcsc_error(ScardCode.E_INVALID_HANDLE)
        return self._service.contexts[context]

    def _connection(self, card: CardHandle) -> _Connection:
        if self._service is None or card not in self._service.connections:
            raise pcsc_error(ScardCode.E_INVALID_HANDLE)
        return self._service.connections[card]

    def _usable(self, card: CardHandle) -> _Connection:
        """A connection to a card that still lies there and was not reset by anybody else."""
        own = self._connection(card)
        if own.slot not in self._slots:
            raise pcsc_error(ScardCode.E_READER_UNAVAILABLE)
        if own.slot.card is None or own.events != own.slot.events:
            raise pcsc_error(ScardCode.W_REMOVED_CARD)
        if own.was_reset:
            raise pcsc_error(ScardCode.W_RESET_CARD)
        return own

    def _demand_no_other_owner(self, slot: _Slot, card: CardHandle) -> None:
        if slot.owner not in (None, card):
            raise pcsc_error(ScardCode.E_SHARING_VIOLATION)

    def _power(self, slot: _Slot) -> None:
        if slot.card is not None and not slot.powered:
            slot.card.power_on()
            slot.powered = True

    def _dispose(self, slot: _Slot, card: CardHandle, disposition: Disposition) -> None:
        """What happens to the card when `card` lets go of it; every other connection finds it reset."""
        assert self._service
        if slot.card is None or disposition is Disposition.LEAVE:
            return
        if disposition is Disposition.RESET:
            slot.card.reset()
        else:
            slot.card.power_off()
            slot.powered = False
        for handle, other in self._service.connections.items():
            if other.slot is slot and handle != card:
                other.was_reset = True

    def _drop(self, card: CardHandle) -> None:
        assert self._service
        slot = self._service.connections.pop(card).slot
        if slot.owner == card:
            slot.owner = None

    def _known(self, reader: str) -> bool:
        return reader == PNP_READER or any(slot.name == reader for slot in self._slots)

    def _status(self, known: ReaderStatus, own: _Context) -> ReaderStatus:
        if known.name == PNP_READER:
            changed = ReaderFlag.CHANGED if own.listed != self._generation else 0
            return ReaderStatus(PNP_READER, len(self._slots) << _COUNT_SHIFT | changed)
        slot = next(one for one in self._slots if one.name == known.name)
        assert self._service
        flags = ReaderFlag.EMPTY if slot.card is None else ReaderFlag.PRESENT
        if any(one.slot is slot and one.share is ShareMode.SHARED for one in self._service.connections.values()):
            flags |= ReaderFlag.IN_USE
        state = (slot.events & 0xFFFF) << _COUNT_SHIFT | flags
        return ReaderStatus(slot.name, state if state == known.state else state | ReaderFlag.CHANGED)
