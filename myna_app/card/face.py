"""The card face of the card that signed: seven commands, in one transaction, after a visit was answered.

    1  READ EF 0004                 without a SELECT: only the session that signed can answer; its key vouches for 7
    2  SELECT 共通カードAP
    3  READ RECORD 1                the year the card expires, part of 照合番号B
    4  SELECT 券面事項確認AP
    5  VERIFY, empty                tries left of 照合番号B
    6  VERIFY 照合番号B
    7  READ EF 0002                 in one command where extended APDUs pass, else some forty

None can be spared: without 1 the second visitor's card could be sent the first one's digits, 3 cannot be read anywhere
else before 7, and 5 stands before every VERIFY.
"""

from dataclasses import dataclass, field

from myna_app.apdu.channel import Channel
from myna_app.card.common import CommonSession
from myna_app.card.surface import KeyAnswer, KeyOutcome, SurfaceSession, issuer_certificate_of_open_session
from myna_app.formats.card_face import CardFace
from myna_app.formats.card_number_b import card_number_b


@dataclass(frozen=True, slots=True)
class FaceRead:
    """The card face, and the CV certificate of the issuer that signed it. Nothing of it is checked yet."""

    face: CardFace
    issuer_certificate: bytes = field(repr=False)


def read_face(
    channel: Channel, message: bytes, signature: bytes, birth_date_key: str, security_code: str
) -> FaceRead | KeyAnswer:
    """The card face, or why 照合番号B did not open it.

    `message` and `signature`: of the visit's first half. `CardRemovedError` where another card lies there now.
    `ValueError` where key and code make no 照合番号B; it is not sent then.
    """
    issuer_certificate = issuer_certificate_of_open_session(channel)
    if issuer_certificate is None:  # another program was here, or another card is
        surface = SurfaceSession(channel)
        surface.require_signer(message, signature)
        issuer_certificate = surface.read_issuer_certificate()
    number = card_number_b(birth_date_key, CommonSession(channel).read_card_record().expires_on, security_code)
    surface = SurfaceSession(channel)
    answer = surface.verify_card_number_b(number)
    if answer.outcome is not KeyOutcome.ACCEPTED:
        return answer
    return FaceRead(surface.read_card_face(), issuer_certificate)
