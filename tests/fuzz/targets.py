"""What hostile bytes are thrown at, a function a target: returning or a mapped error inside is right, all else a fault.

Nothing here may hang either: a card may be asked for so many answers and no more.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from myna_app.apdu.channel import Channel
from myna_app.apdu.response import ResponseApdu
from myna_app.card.common import CommonSession
from myna_app.card.face import read_face
from myna_app.card.jpki import JpkiSession
from myna_app.card.spec import AllowList
from myna_app.card.surface import KeyOutcome, SurfaceSession, issuer_certificate_of_open_session
from myna_app.errors import AppError
from myna_app.formats import card_face, photograph, records, tlv
from myna_backend.evidence.anchors import Anchors
from myna_backend.evidence.card import check_card
from myna_backend.evidence.certificate import check_certificate
from myna_backend.problems import Refusal

_MOST_COMMANDS = 2000
"""A file of 32 KB in pieces of one status word each would take fewer."""
_LONGEST_ANSWER = 2048
_NOW = datetime(2026, 11, 20, tzinfo=UTC)
_RECORD = 547
_NO_ANCHORS = Anchors((), {})


class TalksTooLongError(Exception):
    """A card keeps the program busy without end."""


class HostileCard:
    """A `Transport` that answers with pieces of the input (two bytes of length, so many bytes), then with nothing."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._allow_list = AllowList()
        self._commands = 0

    def transmit(self, command: bytes) -> bytes:
        self._allow_list.check(command)
        self._commands += 1
        if self._commands > _MOST_COMMANDS:
            raise TalksTooLongError
        length = int.from_bytes(self._data[:2], "big") % _LONGEST_ANSWER
        answer, self._data = self._data[2 : 2 + length], self._data[2 + length :]
        self._allow_list.answered(int.from_bytes(answer[-2:], "big"))
        return answer


def responses(data: bytes) -> None:
    """A whole visit, and the reads of trouble, with a card that answers anything."""
    channel = Channel(HostileCard(data))
    with suppress(AppError):
        JpkiSession(channel).read_authentication_certificate()
        SurfaceSession(channel).sign_message(b"message")
        issuer_certificate_of_open_session(channel)
        surface = SurfaceSession(channel)
        if surface.verify_birth_date("550217", staff_typed_it=bool(data[-1:])).outcome is KeyOutcome.ACCEPTED:
            surface.read_birth_date_record()
            surface.read_issuer_certificate()
    with suppress(AppError):
        CommonSession(channel).read_card_record()
    with suppress(AppError, ValueError):
        channel = Channel(HostileCard(data))
        SurfaceSession(channel)
        read_face(channel, b"message", data[:256], "550217", "2285")


def single_response(data: bytes) -> None:
    with suppress(AppError):
        ResponseApdu.parse(data).data_or_error("step")


def tlv_objects(data: bytes) -> None:
    for parse in (tlv.outer_length, tlv.parse_objects, tlv.parse_file, tlv.parse_simple_record):
        with suppress(tlv.MalformedError):
            parse(data)


def card_records(data: bytes) -> None:
    """The layouts, as the app and the backend read them."""
    for parse in (
        records.parse_birth_date_record,
        records.parse_cv_certificate,
        records.parse_card_record,
        card_face.parse_card_face,
    ):
        with suppress(tlv.MalformedError):
            parse(data)
    with suppress(Refusal):
        check_card(data[:_RECORD], data, b"message", data[-256:], _NO_ANCHORS)


def certificates(data: bytes) -> None:
    with suppress(Refusal):
        check_certificate(data, _NO_ANCHORS, "1.2.3", _NOW)


def photographs(data: bytes) -> None:
    with suppress(tlv.MalformedError):
        photograph.decode_photograph(data)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (responses, single_response, tlv_objects, card_records, certificates, photographs)
}
