"""One card on one reader: connected shared, talked to only inside transactions, left powered down."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from myna_app.apdu.channel import Channel
from myna_app.card.capability import Capability, CapabilityMemory, Source, declared
from myna_app.card.pcsc import CardHandle, CardProtocol, Connected, Disposition, PcscApi, ShareMode
from myna_app.card.spec import AllowList
from myna_app.errors import AppError


class CardConnection:
    """The unbroken session with one card, across several transactions. Made by `connected`."""

    def __init__(self, api: PcscApi, connection: Connected, reader: str, memory: CapabilityMemory) -> None:
        self._api = api
        self._card = connection.card
        self._protocol = connection.protocol
        self._memory = memory
        self._allow_list = AllowList()
        self.reader = reader
        self.apdus = 0
        """APDUs sent in the transactions that have ended."""

    @property
    def verify_sent(self) -> bool:
        """Whether a birth-date key was presented; it cannot be presented again here, not even after `restart`."""
        return self._allow_list.verify_sent

    @contextmanager
    def transaction(self) -> Iterator[Channel]:
        """Exclusive use of the card; the channel is dead afterwards. Never held across a wait for the network.

        Windows resets a card whose transaction idles five seconds. The card is left as it is, so that a later
        transaction finds the same session; power goes with the connection. Select an application first: others may
        have used the card in between. `CardResetError` when someone reset it.
        """
        self._api.begin_transaction(self._card)
        self._allow_list.forget_selection()
        transport = _CheckedTransport(self._api, self._card, self._protocol, self._allow_list)
        known = self._memory.of(self.reader).extended
        channel = Channel(transport, known)
        try:
            yield channel
        finally:
            transport.close()
            self.apdus += channel.sent
            if channel.extended is not known:
                self._memory.remember(self.reader, Capability(channel.extended, Source.READ))
            with suppress(AppError):  # the card may be gone; nothing depends on the end of the transaction
                self._api.end_transaction(self._card, Disposition.LEAVE)

    def restart(self) -> None:
        """Power the card down and up: ends a reset by another program, and the state one left behind."""
        self._protocol = self._api.reconnect(self._card, Disposition.UNPOWER)


@contextmanager
def connected(api: PcscApi, reader: str, memory: CapabilityMemory) -> Iterator[CardConnection]:
    """Connect to the card on `reader`, in a context of its own; leave it unpowered, so that nothing stays verified.

    PIN status survives a disconnect and a warm reset (measured, myna-card): only unpowering ends it.
    """
    context = api.establish_context()
    try:
        connection = api.connect(context, reader, ShareMode.SHARED)
        try:
            if memory.of(reader).source is Source.NONE:
                memory.remember(reader, declared(api, connection.card))
            yield CardConnection(api, connection, reader, memory)
        finally:
            with suppress(AppError):  # the card may be gone, and its state with it
                api.disconnect(connection.card, Disposition.UNPOWER)
    finally:
        api.release_context(context)


class _CheckedTransport:
    """Every command passes the allow-list first; nothing passes after the transaction."""

    def __init__(self, api: PcscApi, card: CardHandle, protocol: CardProtocol, allow_list: AllowList) -> None:
        self._api = api
        self._card = card
        self._protocol = protocol
        self._allow_list = allow_list
        self._open = True

    def transmit(self, command: bytes) -> bytes:
        if not self._open:
            raise RuntimeError("transmit outside its transaction")
        self._allow_list.check(command)
        answer = self._api.transmit(self._card, self._protocol, command)
        self._allow_list.answered(int.from_bytes(answer[-2:], "big"))
        return answer

    def close(self) -> None:
        self._open = False
