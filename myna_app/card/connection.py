"""One card on one reader: connected shared, talked to only inside transactions, left powered down."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event

from myna_app.apdu.channel import Channel
from myna_app.card.capability import Capability, CapabilityMemory, Source, declared
from myna_app.card.patience import Deputy
from myna_app.card.pcsc import Connected, ContextHandle, Disposition, PcscApi, ReaderFlag, ReaderStatus, ShareMode
from myna_app.card.pcsc_errors import ScardCode, pcsc_error
from myna_app.card.spec import AllowList
from myna_app.errors import AppError, CardError, CardRemovedError, CardResetError, Problem, ReaderError

_OTHERS_MAY_TAKE_SECONDS = 10.0
"""How long another program's transaction is waited for; pcscd makes even a shared connect wait for it."""
_ASK_AGAIN_SECONDS = 1.0
"""Between two tries to have a card that another program keeps exclusively."""
_STATUS_WORD = 2
"""Bytes that every answer has at least."""
_NOTICE_SECONDS = 1.0
"""How long after a failed exchange PC/SC may take to notice that the card is gone; pcscd looks every 0.4 s."""


class CardConnection:
    """The unbroken session with one card, across several transactions. Made by `connected`."""

    def __init__(self, api: PcscApi, context: ContextHandle, reader: str, memory: CapabilityMemory) -> None:
        self._api = api
        self._context = context
        self._memory = memory
        self._allow_list = AllowList()
        self._deputy = Deputy()
        self._handle: Connected | None = None
        self._begun = False
        self._given_up = False
        self.reader = reader
        self.apdus = 0
        """APDUs sent in the transactions that have ended."""

    @property
    def verify_sent(self) -> bool:
        """Whether a birth-date key was presented; it cannot be presented again in this session."""
        return self._allow_list.verify_sent

    def connect(self) -> None:
        """Connect and begin the first transaction, in one wait for other programs."""
        self._unless_others_keep_it(self._connect_and_begin)
        if self._memory.of(self.reader).source is Source.NONE:
            self._memory.remember(self.reader, declared(self._api, self._connection.card))

    @contextmanager
    def transaction(self) -> Iterator[Channel]:
        """Exclusive use of the card; the channel is dead afterwards. Never held across a wait for the network.

        Windows resets a card whose transaction idles five seconds. The card is left as it is, so that a later
        transaction finds the same session; power goes with the connection. Select an application first: others may
        have used the card in between. `CardResetError` when someone reset it, `ReaderError` when others do not let go.
        """
        if not self._begun:
            self._unless_others_keep_it(self._begin)
        self._allow_list.forget_selection()
        transport = _CheckedTransport(self._api, self._connection, self._allow_list)
        known = self._memory.of(self.reader).extended
        channel = Channel(transport, known)
        try:
            yield channel
        except CardError as failure:
            if transport.broken:
                raise self._what_happened(failure) from failure
            raise
        finally:
            transport.close()
            self.apdus += channel.sent
            if channel.extended is not known:
                self._memory.remember(self.reader, Capability(channel.extended, Source.READ))
            with suppress(AppError):  # the card may be gone; nothing depends on the end of the transaction
                self._api.end_transaction(self._connection.card, Disposition.LEAVE)
            self._begun = False

    def close(self) -> None:
        """Disconnect and take the power: a disconnect alone leaves verified what was verified (measured, myna-card)."""
        if not self._given_up:
            self._release(Disposition.UNPOWER)
        self._deputy.dismiss()

    @property
    def _connection(self) -> Connected:
        if self._handle is None:
            raise RuntimeError("not connected")
        return self._handle

    def _connect_and_begin(self) -> None:
        self._handle = self._api.connect(self._context, self.reader, ShareMode.SHARED)
        self._begin()

    def _begin(self) -> None:
        self._api.begin_transaction(self._connection.card)
        self._begun = True

    def _unless_others_keep_it(self, call: Callable[[], None]) -> None:
        try:
            # Who comes too late leaves the card as it is: others are at work with it.
            self._deputy.within(_OTHERS_MAY_TAKE_SECONDS, call, lambda: self._release(Disposition.LEAVE))
        except TimeoutError:
            self._given_up = True
            raise pcsc_error(ScardCode.E_SHARING_VIOLATION) from None

    def _release(self, disposition: Disposition) -> None:
        """Ends a transaction too."""
        if self._handle is not None:
            with suppress(AppError):  # the card may be gone, and its state with it
                self._api.disconnect(self._handle.card, disposition)
        self._api.release_context(self._context)

    def _what_happened(self, failure: CardError) -> AppError:
        """A card that is lifted makes the exchange fail first and is missed a moment later; so is a reader."""
        status = ReaderStatus(self.reader)
        end = time.monotonic() + _NOTICE_SECONDS
        while (left := end - time.monotonic()) > 0:
            changed = self._api.get_status_change(self._context, [status], int(left * 1000))
            if not changed:
                break
            status = changed[0].seen()
            if status.has(ReaderFlag.EMPTY):
                return pcsc_error(ScardCode.W_REMOVED_CARD)
        if self.reader not in self._api.list_readers(self._context):
            return pcsc_error(ScardCode.E_READER_UNAVAILABLE)
        return failure


@contextmanager
def connected(api: PcscApi, reader: str, memory: CapabilityMemory) -> Iterator[CardConnection]:
    """Connect to the card on `reader` in a context of its own, and leave the card without power at the end.

    The first transaction begins with the connection: call `CardConnection.transaction` at once.
    `CardRemovedError` without a card, `ReaderError` when the reader is gone or other programs do not let go of it.
    """
    connection = CardConnection(api, api.establish_context(), reader, memory)
    try:
        connection.connect()
        yield connection
    finally:
        connection.close()


def others_let_go(api: PcscApi, reader: str, cancelled: Event) -> bool:
    """Wait until no other program keeps the card on `reader` to itself, however long; False once `cancelled` is set.

    PC/SC tells nobody when an exclusive connection or a transaction ends: one tries to have the card. Any other refusal
    counts as an end too, for the next visit can tell it better.
    """
    while not cancelled.is_set():
        try:
            _take_and_leave(api, reader)
        except ReaderError as failure:
            if failure.problem is Problem.READER_IN_USE:
                cancelled.wait(_ASK_AGAIN_SECONDS)
                continue
        except AppError:
            pass
        return True
    return False


def _take_and_leave(api: PcscApi, reader: str) -> None:
    """Blocks as long as another program's transaction lasts."""
    context = api.establish_context()
    try:
        card = api.connect(context, reader, ShareMode.SHARED).card
        try:
            api.begin_transaction(card)
        finally:
            api.disconnect(card, Disposition.LEAVE)
    finally:
        api.release_context(context)


class _CheckedTransport:
    """Every command passes the allow-list first; nothing passes after the transaction."""

    def __init__(self, api: PcscApi, connection: Connected, allow_list: AllowList) -> None:
        self._api = api
        self._connection = connection
        self._allow_list = allow_list
        self._open = True
        self.broken = False
        """Whether the last exchange failed for a reason PC/SC could not name, or brought no whole answer."""

    def transmit(self, command: bytes) -> bytes:
        if not self._open:
            raise RuntimeError("transmit outside its transaction")
        self._allow_list.check(command)
        self.broken = False
        try:
            answer = self._api.transmit(self._connection.card, self._connection.protocol, command)
        except (CardRemovedError, CardResetError):
            raise
        except CardError:
            self.broken = True
            raise
        self.broken = len(answer) < _STATUS_WORD  # what pcscd hands on of a card that left during the exchange
        self._allow_list.answered(int.from_bytes(answer[-2:], "big"))
        return answer

    def close(self) -> None:
        self._open = False
