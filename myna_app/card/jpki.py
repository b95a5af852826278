"""公的個人認証AP: reads the user-authentication certificate, and says why where it cannot be read."""

from myna_app.apdu.channel import Channel, ExtendedLength
from myna_app.apdu.command import CommandApdu
from myna_app.apdu.response import malformed
from myna_app.apdu.status import SW
from myna_app.card.application import select
from myna_app.card.spec import Application, JpkiFile
from myna_app.errors import (
    CardDataError,
    CardError,
    CardRemovedError,
    CardResetError,
    Problem,
    ReaderError,
    StatusWordError,
)

_DER_SEQUENCE = 0x30
_LABEL_LENGTH = 32
_PHONE_LABELS = frozenset({b"JPKIAPGPSETOKEN", b"JPKIAPIOSTOKEN"})
"""Android and iPhone (measured, myna-card); a card says JPKIAPICCTOKEN2. ATR and AID cannot tell them apart."""
_PRESENT = 0x8F
_AUTHENTICATION = 1


class JpkiSession:
    """The application, selected by construction."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        select(channel, Application.JPKI)

    def read_authentication_certificate(self) -> bytes:
        """利用者証明用電子証明書, the DER alone; readable without PIN. One command where extended APDUs pass.

        `CardError` with CARD_PHONE or CERTIFICATE_MISSING where that is the reason, `ReaderError` where the reader
        passes neither the extended nor the short form.
        """
        try:
            certificate = self._channel.read_object(JpkiFile.AUTHENTICATION_CERTIFICATE)
            if certificate[0] != _DER_SEQUENCE:
                raise malformed("certificate")
        except (CardRemovedError, CardResetError):
            raise
        except StatusWordError as refusal:
            if refusal.status_word == SW.WRONG_LENGTH:
                raise _reader_unsuitable() from refusal
            raise self._reason(refusal) from refusal
        except CardDataError as failure:
            raise self._reason(failure) from failure
        except CardError:
            if self._channel.extended is ExtendedLength.UNKNOWN:
                # No form of READ passed. If the card still answers SELECT, it is the reader and not a lifted card.
                select(self._channel, Application.JPKI)
                raise _reader_unsuitable() from None
            raise
        return certificate

    def _reason(self, failure: CardError) -> CardError:
        """Phone, no certificate, or just the failure itself."""
        label = self._read(JpkiFile.TOKEN_INFORMATION, _LABEL_LENGTH)
        if label.strip(b" \0") in _PHONE_LABELS:
            return CardError(Problem.CARD_PHONE)
        present = self._read(JpkiFile.CERTIFICATES_PRESENT, 3)
        if len(present) == 3 and present[_AUTHENTICATION] != _PRESENT:  # noqa: PLR2004 - two certificates and one unknown
            return CardError(Problem.CERTIFICATE_MISSING)
        return failure

    def _read(self, file: JpkiFile, length: int) -> bytes:
        """The first bytes of a file, or nothing where the card refuses."""
        response = self._channel.send(CommandApdu.read_binary(length, short_ef_id=file))
        return response.data if response.ok else b""


def _reader_unsuitable() -> ReaderError:
    return ReaderError(Problem.READER_UNSUITABLE, "neither extended nor short READ passes")
