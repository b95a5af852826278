"""The seam below the reader layer: what this program needs of PC/SC, as a Protocol with typed values.

`myna_app.card.scard` implements it over pyscard, the sandbox with a reader of its own; neither knows the other.
Every method raises only what `myna_app.card.pcsc_errors.pcsc_error` makes of a result code: `ReaderError`,
`CardRemovedError`, `CardResetError` or `CardError`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag, unique
from typing import NewType, Protocol

ContextHandle = NewType("ContextHandle", int)
CardHandle = NewType("CardHandle", int)

PNP_READER = r"\\?PnP?\Notification"
"""The pseudo reader whose state changes when readers come and go."""


@unique
class ShareMode(IntEnum):
    """How a reader is connected. Exclusive is missing on purpose: some readers refuse it."""

    SHARED = 2
    DIRECT = 3
    """The reader alone, with or without a card; nothing can be transmitted."""


@unique
class CardProtocol(IntEnum):
    """The transmission protocol PC/SC settled on; contactless cards report T=1."""

    NONE = 0
    T0 = 1
    T1 = 2


@unique
class Disposition(IntEnum):
    """What happens to the card when a connection or transaction ends."""

    LEAVE = 0
    RESET = 1
    """Warm reset: the state of verified references is kept by the card (measured, myna-card)."""
    UNPOWER = 2


class ReaderFlag(IntFlag):
    """The low half of a reader's state word."""

    CHANGED = 0x0002
    UNKNOWN = 0x0004
    UNAVAILABLE = 0x0008
    EMPTY = 0x0010
    PRESENT = 0x0020
    EXCLUSIVE = 0x0080
    IN_USE = 0x0100
    MUTE = 0x0200


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """One reader in a status wait, both as it is known and as it became.

    `state` is the whole word of PC/SC: `ReaderFlag` in the low half; in the high half the count of insertions and
    removals (for `PNP_READER` the number of readers on Windows). State 0 means "unaware": the wait answers at once.
    """

    name: str
    state: int = 0

    def has(self, flag: ReaderFlag) -> bool:
        return bool(self.state & flag)

    @property
    def event_count(self) -> int:
        """Insertions and removals since the reader appeared; 16 bits, wraps."""
        return self.state >> 16 & 0xFFFF

    def seen(self) -> "ReaderStatus":
        """The same, as the known state for the next wait."""
        return ReaderStatus(self.name, self.state & ~int(ReaderFlag.CHANGED))  # a flag's own ~ would drop the count


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection and its protocol; `protocol` is `NONE` for `ShareMode.DIRECT`."""

    card: CardHandle
    protocol: CardProtocol


class PcscApi(Protocol):
    """PC/SC, narrowed to what is used. Handles are good on one thread at a time; `cancel` may come from any thread."""

    def establish_context(self) -> ContextHandle:
        """A context of our own.

        `ReaderError` when the service does not run: "no reader" where Windows stopped it with the last reader,
        "service stopped" where it is disabled, or on a system that never stops it by itself.
        """
        ...

    def release_context(self, context: ContextHandle) -> None:
        """Never raises: a context that died with its service counts as released."""
        ...

    def list_readers(self, context: ContextHandle) -> tuple[str, ...]:
        """Names in the service's order; empty when there is none."""
        ...

    def get_status_change(
        self, context: ContextHandle, known: Sequence[ReaderStatus], timeout_ms: int
    ) -> tuple[ReaderStatus, ...]:
        """Wait until a reader differs from its known state; all of them, in the same order, as they are now.

        Empty when nothing changed within the time, when `cancel` was called, or when a name in `known` (other than
        `PNP_READER`) is no reader any more: the caller lists the readers again.
        """
        ...

    def cancel(self, context: ContextHandle) -> None:
        """End a running `get_status_change` of this context. Never raises; without effect when none is running."""
        ...

    def connect(self, context: ContextHandle, reader: str, share: ShareMode) -> Connected:
        """Connect with any protocol (none for `DIRECT`)."""
        ...

    def disconnect(self, card: CardHandle, disposition: Disposition) -> None:
        """End the connection, and its transaction where one is running."""
        ...

    def begin_transaction(self, card: CardHandle) -> None:
        """Wait for exclusive use of the card. `CardResetError` when someone reset it since we last had it."""
        ...

    def end_transaction(self, card: CardHandle, disposition: Disposition) -> None: ...

    def transmit(self, card: CardHandle, protocol: CardProtocol, command: bytes) -> bytes:
        """One APDU and its answer, the two status bytes included."""
        ...

    def tlv_properties(self, card: CardHandle) -> bytes:
        """PC/SC part 10, ``FEATURE_GET_TLV_PROPERTIES`` (0x12): simple TLV, values little endian.

        Empty when the reader has no such feature.
        """
        ...
