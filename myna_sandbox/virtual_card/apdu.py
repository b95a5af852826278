"""The card's own strict reading of command APDUs: ISO/IEC 7816-3, 12.1, all cases, short and extended."""

from dataclasses import dataclass

from myna_sandbox.virtual_card.status import SW, RefusedError


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it stands on the wire.

    `expected` is Le as a number (1..65536), None when the command has no Le field. Data that is absent is empty: an
    Lc of zero cannot be written.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    expected: int | None = None
    extended: bool = False

    @property
    def p1p2(self) -> int:
        return self.p1 << 8 | self.p2


def parse(raw: bytes) -> Command:
    """Raises `RefusedError` 6700 for anything that is none of the seven forms."""
    if len(raw) < 4:
        raise RefusedError(SW.WRONG_LENGTH)
    cla, ins, p1, p2 = raw[:4]
    data, expected, extended = _body(raw[4:])
    return Command(cla, ins, p1, p2, data, expected, extended)


def _body(body: bytes) -> tuple[bytes, int | None, bool]:
    match list(body[:3]):
        case []:  # case 1
            return b"", None, False
        case [short_le] if len(body) == 1:  # case 2 short
            return b"", short_le or 256, False
        case [0, high, low] if len(body) == 3:  # case 2 extended
            return b"", (high << 8 | low) or 65536, True
        case [0, high, low] if (length := high << 8 | low) > 0:
            rest = body[3:]
            if len(rest) == length:  # case 3 extended
                return rest, None, True
            if len(rest) == length + 2:  # case 4 extended
                return rest[:length], int.from_bytes(rest[length:], "big") or 65536, True
        case [length, *_] if length > 0:
            rest = body[1:]
            if len(rest) == length:  # case 3 short
                return rest, None, False
            if len(rest) == length + 1:  # case 4 short
                return rest[:length], rest[length] or 256, False
    raise RefusedError(SW.WRONG_LENGTH)
