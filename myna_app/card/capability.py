"""Whether a reader passes extended APDUs: what it declares, what reading found out, and the memory of both."""

from dataclasses import dataclass
from enum import Enum, unique
from threading import Lock

from myna_app.apdu.channel import ExtendedLength
from myna_app.card.pcsc import CardHandle, Disposition, PcscApi, ShareMode
from myna_app.errors import AppError
from myna_app.formats.tlv import MalformedError, parse_objects

_MAX_APDU_DATA_SIZE = 0x0A
"""PC/SC part 10, property ``dwMaxAPDUDataSize``, four bytes little endian; 0 where only short APDUs pass."""
_SHORT_DATA = 256


@unique
class Source(Enum):
    """How a capability was found."""

    NONE = "none"
    DECLARED = "declared"
    READ = "read"
    """By reading a card: the only proof."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What is known of one reader."""

    extended: ExtendedLength = ExtendedLength.UNKNOWN
    source: Source = Source.NONE


class CapabilityMemory:
    """Capabilities by reader name, for as long as the program runs. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, Capability] = {}

    def of(self, reader: str) -> Capability:
        with self._lock:
            return self._known.get(reader, Capability())

    def remember(self, reader: str, capability: Capability) -> None:
        with self._lock:
            self._known[reader] = capability


def declared(api: PcscApi, card: CardHandle) -> Capability:
    """What the driver says about itself; unknown where it says nothing that makes sense."""
    try:
        properties = {one.tag: one.value for one in parse_objects(api.tlv_properties(card))}
    except (AppError, MalformedError):
        return Capability()
    size = properties.get(_MAX_APDU_DATA_SIZE)
    if size is None:
        return Capability()
    passes = int.from_bytes(size, "little") > _SHORT_DATA
    return Capability(ExtendedLength.PASSES if passes else ExtendedLength.SHORT_ONLY, Source.DECLARED)


def ask_reader(api: PcscApi, memory: CapabilityMemory, reader: str) -> Capability:
    """What is known or declared of a reader, with or without a card on it; unknown while others keep it busy."""
    known = memory.of(reader)
    if known.source is not Source.NONE:
        return known
    try:
        found = _ask_directly(api, reader)
    except AppError:
        return Capability()
    memory.remember(reader, found)
    return found


def _ask_directly(api: PcscApi, reader: str) -> Capability:
    context = api.establish_context()
    try:
        card = api.connect(context, reader, ShareMode.DIRECT).card
        try:
            return declared(api, card)
        finally:
            api.disconnect(card, Disposition.LEAVE)
    finally:
        api.release_context(context)
