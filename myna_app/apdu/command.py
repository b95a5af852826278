"""Command APDUs as immutable values (ISO/IEC 7816-4:2020 5.2), with the few commands a My Number card is sent."""

from dataclasses import dataclass, field, replace
from enum import IntEnum, unique
from typing import Self

_SHORT_DATA = 255
_SHORT_LENGTH = 256
_EXTENDED_DATA = 65535
MAX_LENGTH = 65536
"""As an expected length it means "as much as there is"."""

_BY_SHORT_EF_ID = 0x80
_MAX_OFFSET = 0x7FFF
_MAX_SHORT_EF_OFFSET = 0xFF


@unique
class Ins(IntEnum):
    """Instructions in use. `COMPUTE_SIGNATURE` goes with CLA `80`, the others with `00`."""

    VERIFY = 0x20
    COMPUTE_SIGNATURE = 0x2A
    SELECT = 0xA4
    READ_BINARY = 0xB0
    READ_RECORD = 0xB2
    GET_RESPONSE = 0xC0


@dataclass(frozen=True, slots=True, repr=False)
class CommandApdu:
    """One command. `expected_length` (Ne) is None where no answer data is wanted, else 1..65536.

    Short or extended form is one decision over data and expected length together: there is no APDU with a one-byte Lc
    and a two-byte Le. Raises `ValueError` for what no APDU can say. The repr shows header and lengths, never data.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    expected_length: int | None = None
    encoded: bytes = field(init=False)
    """As it stands on the wire."""

    def __post_init__(self) -> None:
        if len(self.data) > _EXTENDED_DATA:
            raise ValueError("data is at most 65535 bytes")
        if self.expected_length is not None and not 1 <= self.expected_length <= MAX_LENGTH:
            raise ValueError("expected length is 1..65536")
        object.__setattr__(self, "encoded", self._encode())

    @property
    def extended(self) -> bool:
        return len(self.data) > _SHORT_DATA or (self.expected_length or 0) > _SHORT_LENGTH

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice is harmless: true for SELECT and READ, never for VERIFY and signing."""
        return self.ins in (Ins.SELECT, Ins.READ_BINARY, Ins.READ_RECORD)

    def expecting(self, length: int) -> Self:
        return replace(self, expected_length=length)

    def _encode(self) -> bytes:
        """The four cases of 5.2. In the extended form Le has three bytes where no Lc stands before it."""
        command, size = bytes((self.cla, self.ins, self.p1, self.p2)), 1  # `bytes` takes 0..255 only
        if self.extended:
            command, size = command + b"\0", 2
        if self.data:
            command += len(self.data).to_bytes(size, "big") + self.data
        if self.expected_length is not None:
            command += (self.expected_length % (1 << 8 * size)).to_bytes(size, "big")
        return command

    def __repr__(self) -> str:
        header = self.encoded[:4].hex(" ").upper()
        return f"CommandApdu({header}, {len(self.data)} bytes, Ne {self.expected_length})"

    @classmethod
    def select_application(cls, aid: bytes) -> Self:
        """SELECT by DF name, no answer data (11.2.2; P1 `04`, P2 `0C`). A prefix would select too: give all of it."""
        return cls(0x00, Ins.SELECT, 0x04, 0x0C, aid)

    @classmethod
    def select_file(cls, file_id: int) -> Self:
        """SELECT of an EF under the current DF, no answer data (11.2.2; P1 `02`, P2 `0C`)."""
        return cls(0x00, Ins.SELECT, 0x02, 0x0C, file_id.to_bytes(2, "big"))

    @classmethod
    def read_binary(cls, length: int, *, offset: int = 0, short_ef_id: int | None = None) -> Self:
        """READ BINARY (11.3.3) of the current EF, or of the one named by its short id, which becomes current."""
        if not 0 <= offset <= (_MAX_OFFSET if short_ef_id is None else _MAX_SHORT_EF_OFFSET):
            raise ValueError("offset is out of reach of READ BINARY")
        p1 = offset >> 8 if short_ef_id is None else _BY_SHORT_EF_ID | _short_ef_id(short_ef_id)
        return cls(0x00, Ins.READ_BINARY, p1, offset & 0xFF, expected_length=length)

    @classmethod
    def read_record(cls, number: int, short_ef_id: int, length: int = _SHORT_LENGTH) -> Self:
        """READ RECORD by number (11.4.3; P2 bits 3..1 = `100`)."""
        return cls(0x00, Ins.READ_RECORD, number, _short_ef_id(short_ef_id) << 3 | 0x04, expected_length=length)

    @classmethod
    def verify(cls, reference: int, secret: bytes) -> Self:
        """VERIFY (11.5.6) as plain ASCII without padding (JICSAP 1.1 6.4.9). A wrong secret costs a try."""
        return cls(0x00, Ins.VERIFY, 0x00, reference, secret)

    @classmethod
    def verify_status(cls, reference: int) -> Self:
        """The empty VERIFY: asks for the tries left and costs none. It must be case 1, four bytes and no more."""
        return cls(0x00, Ins.VERIFY, 0x00, reference)

    @classmethod
    def compute_signature(cls, digest_info: bytes) -> Self:
        """COMPUTE DIGITAL SIGNATURE (JICSAP 1.1) with the application's default key.

        P1 `00`: the card pads what it gets by PKCS#1 v1.5, so it is given a DigestInfo (measured, myna-card).
        """
        return cls(0x80, Ins.COMPUTE_SIGNATURE, 0x00, 0x00, digest_info, _SHORT_LENGTH)

    @classmethod
    def get_response(cls, length: int) -> Self:
        """GET RESPONSE (11.7.1), after `61xx`."""
        return cls(0x00, Ins.GET_RESPONSE, 0x00, 0x00, expected_length=length)


def _short_ef_id(number: int) -> int:
    if not 1 <= number <= 0x1E:  # noqa: PLR2004 - 00 is "current EF", 1F no short id
        raise ValueError("a short EF id is 01..1E")
    return number
