"""The talk with one card: bytes below, `CommandApdu` and `ResponseApdu` above."""

from enum import Enum, unique
from functools import cache
from typing import Protocol

from myna_app.apdu.command import MAX_LENGTH, CommandApdu
from myna_app.apdu.response import ResponseApdu, malformed
from myna_app.apdu.status import SW, bytes_waiting, exact_length
from myna_app.errors import CardError, CardRemovedError, CardResetError
from myna_app.formats.tlv import MalformedError, outer_length

_SHORT_LENGTH = 256
_LARGEST_FILE = 0x8000
"""READ BINARY reaches no further by offset; the files of these cards are a few KB."""
_LONGEST_HEADER = 8
"""Bytes within which every tag and length end."""

_REFUSALS_OF_THE_FORM = frozenset({SW.WRONG_LENGTH, SW.WRONG_OFFSET, SW.INS_UNKNOWN, SW.CLA_UNKNOWN, SW.INTERNAL})
"""How cards and readers that cannot take an extended APDU answer one; anything else is an answer about the file."""


class Transport(Protocol):
    """Carries one APDU to the card and its answer back, status word included."""

    def transmit(self, command: bytes) -> bytes:
        """Raises `ReaderError`, `CardRemovedError`, `CardResetError` or `CardError`."""
        ...


@unique
class ExtendedLength(Enum):
    """Whether extended APDUs pass from here to the card (E-R04, 「少し時間がかかります」)."""

    UNKNOWN = "unknown"
    PASSES = "passes"
    SHORT_ONLY = "short only"


class Channel:
    """Sends commands, repeats those that may be repeated, and reads whole objects out of files.

    `sent` counts the APDUs; `extended` is what is known about extended APDUs, and what the reads here find out.
    Nothing is ever logged, and no exception carries a body.
    """

    def __init__(self, transport: Transport, extended: ExtendedLength = ExtendedLength.UNKNOWN) -> None:
        self._transport = transport
        self.extended = extended
        self.sent = 0

    def send(self, command: CommandApdu) -> ResponseApdu:
        """The card's answer. VERIFY and signing are sent once, whatever comes back.

        SELECT and READ are repeated once after `6F00` (a card's first command after power-on may be answered so),
        once with the right length after `6Cxx`, and completed with GET RESPONSE after `61xx`.
        """
        response = self._once(command)
        if response.status_word == SW.OK or not command.repeatable:
            return response
        if response.status_word == SW.INTERNAL:
            response = self._once(command)
        if command.expected_length is not None and (length := exact_length(response.status_word)) is not None:
            response = self._once(command.expecting(length))
        return self._completed(response)

    def read_object(self, short_ef_id: int) -> bytes:
        """The TLV or DER object an EF begins with, cut to its outer length.

        One extended READ where that passes, else reads of 256 bytes; an answer that ends early is completed.
        `StatusWordError` when the card refuses, `CardDataError` when the object never becomes complete.
        """
        data = self._first_bytes(short_ef_id)
        while (missing := _missing(data)) > 0:
            more = self.send(CommandApdu.read_binary(min(missing, _SHORT_LENGTH), offset=len(data)))
            more_data = more.data_or_error("read on")
            if not more_data:
                raise malformed("file shorter than its object")
            data += more_data
        return data[: len(data) + missing]

    def _first_bytes(self, short_ef_id: int) -> bytes:
        if self.extended is ExtendedLength.SHORT_ONLY:
            return self.send(CommandApdu.read_binary(_SHORT_LENGTH, short_ef_id=short_ef_id)).data_or_error("read")
        extended = _whole_file(short_ef_id)
        response = self._try_extended(extended)
        if response is None:
            return self._read_in_short_form_instead(extended.expecting(_SHORT_LENGTH))
        data = response.data_or_error("read")
        passed = len(data) > _SHORT_LENGTH or _missing(data) <= 0
        self.extended = ExtendedLength.PASSES if passed else ExtendedLength.SHORT_ONLY
        return data

    def _try_extended(self, command: CommandApdu) -> ResponseApdu | None:
        """None when extended APDUs do not seem to pass."""
        try:
            response = self.send(command)
        except (CardRemovedError, CardResetError):
            raise
        except CardError:
            return None
        return None if response.status_word in _REFUSALS_OF_THE_FORM else response

    def _read_in_short_form_instead(self, command: CommandApdu) -> bytes:
        """Only what works in short form shows that the length was the reason."""
        try:
            data = self.send(command).data_or_error("read")
        except CardResetError:
            self.extended = ExtendedLength.SHORT_ONLY  # some readers lose the card over an extended APDU
            raise
        self.extended = ExtendedLength.SHORT_ONLY
        return data

    def _once(self, command: CommandApdu) -> ResponseApdu:
        self.sent += 1
        return ResponseApdu.parse(self._transport.transmit(command.encoded))

    def _completed(self, response: ResponseApdu) -> ResponseApdu:
        data = response.data
        while (length := bytes_waiting(response.status_word)) is not None:
            response = self._once(CommandApdu.get_response(length))
            data += response.data
            if not response.data or len(data) > MAX_LENGTH:
                raise malformed("answer in pieces")
        return ResponseApdu(data, response.status_word)


@cache
def _whole_file(short_ef_id: int) -> CommandApdu:
    return CommandApdu.read_binary(MAX_LENGTH, short_ef_id=short_ef_id)


def _missing(data: bytes) -> int:
    """Bytes missing of the object `data` begins with; negative for filler behind it."""
    try:
        length = outer_length(data)
    except MalformedError:
        raise malformed("object in a file") from None
    if length is None:
        return _LONGEST_HEADER - len(data)
    if length > _LARGEST_FILE:
        raise malformed("object in a file")
    return length - len(data)
