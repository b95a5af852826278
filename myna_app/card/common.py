"""共通カードAP: when the card itself expires, which is part of 照合番号B."""

from myna_app.apdu.channel import Channel
from myna_app.apdu.command import CommandApdu
from myna_app.apdu.response import malformed
from myna_app.card.application import select
from myna_app.card.spec import Application, CommonFile
from myna_app.formats.records import CardRecord, parse_card_record
from myna_app.formats.tlv import MalformedError


class CommonSession:
    """The application, selected by construction."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        select(channel, Application.COMMON)

    def read_card_record(self) -> CardRecord:
        """Record 1 of EF 0001. Nobody signed it: good for a hint, never for a verdict."""
        record = self._channel.send(CommandApdu.read_record(1, CommonFile.CARD_RECORD)).data_or_error("card record")
        try:
            return parse_card_record(record)
        except MalformedError:
            raise malformed("card record") from None
