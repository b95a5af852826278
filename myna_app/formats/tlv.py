"""TLV as My Number cards write it: BER-TLV in transparent files, simple TLV in record files.

BER-TLV: ISO/IEC 7816-4:2020 6.3 (tags of up to three bytes, definite lengths of up to four further bytes). Lengths need
not be minimal: the cards write ``82 00 9F`` (measured, myna-card). Simple TLV: JICSAP 1.1 4.4.1.
Every function raises `MalformedError`, and nothing else, on any bytes whatever.
"""

from dataclasses import dataclass, field

_MORE_TAG_BYTES = 0x1F
_CONTINUES = 0x80
_MAX_TAG_BYTES = 3
_MAX_LENGTH_BYTES = 4
_FILLER = b"\xff"


class MalformedError(ValueError):
    """Bytes do not fit the layout they should have. The text names the layout, never the bytes."""


@dataclass(frozen=True, slots=True)
class Tlv:
    """One object. `tag` is its bytes read as a number (``0xFF10``); `raw` is header and value as they stood."""

    tag: int
    value: bytes = field(repr=False)
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Header:
    tag: int
    size: int
    """Bytes of tag and length."""
    length: int
    """Bytes of the value."""


def outer_length(head: bytes) -> int | None:
    """Bytes of the whole first object, header included; None while `head` is too short to tell.

    At most eight bytes are needed. It works for DER as well, which is a special case of BER.
    """
    header = _header(head)
    return None if header is None else header.size + header.length


def parse_objects(data: bytes) -> tuple[Tlv, ...]:
    """All objects of `data`, which must end exactly with the last one."""
    objects = []
    while data:
        first, data = _split(data)
        objects.append(first)
    return tuple(objects)


def parse_file(data: bytes) -> Tlv:
    """The one object of a file; only ``FF`` filler may follow it."""
    only, rest = _split(data)
    if rest.strip(_FILLER):
        raise MalformedError("something other than filler follows the object")
    return only


def parse_simple_record(data: bytes) -> Tlv:
    """One record of simple TLV: tag, length (one byte, or ``FF`` and two), value; nothing may follow it."""
    if len(data) < 2:  # noqa: PLR2004 - tag and length
        raise MalformedError("simple TLV ends in its header")
    long_form = data[1] == 0xFF  # noqa: PLR2004 - FF hh ll
    size = 4 if long_form else 2
    length = int.from_bytes(data[2:size], "big") if long_form else data[1]
    if len(data) != size + length:
        raise MalformedError("simple TLV does not end with its value")
    return Tlv(data[0], data[size:], data)


def _split(data: bytes) -> tuple[Tlv, bytes]:
    header = _header(data)
    if header is None or len(data) < header.size + header.length:
        raise MalformedError("TLV goes past the end")
    end = header.size + header.length
    return Tlv(header.tag, data[header.size : end], data[:end]), data[end:]


def _header(data: bytes) -> _Header | None:
    """Tag and length, or None where `data` ends inside them."""
    tag_size = 1
    if data and data[0] & _MORE_TAG_BYTES == _MORE_TAG_BYTES:
        tag_size = next((n + 1 for n in range(1, _MAX_TAG_BYTES) if not data[n : n + 1] >= b"\x80"), 0)
        if tag_size == 0:
            raise MalformedError("tag of more than three bytes")
    if len(data) <= tag_size:
        return None
    tag, first = int.from_bytes(data[:tag_size], "big"), data[tag_size]
    if first < _CONTINUES:
        return _Header(tag, tag_size + 1, first)
    count = first - _CONTINUES
    if not 1 <= count <= _MAX_LENGTH_BYTES:
        raise MalformedError("indefinite or oversized length")
    size = tag_size + 1 + count
    if len(data) < size:
        return None
    return _Header(tag, size, int.from_bytes(data[tag_size + 1 : size], "big"))
