"""券面事項確認AP: the card signs, takes the birth-date key, and hands out the record that vouches for its signature."""

import hashlib
from dataclasses import dataclass
from enum import Enum, unique

from myna_app.apdu.channel import Channel
from myna_app.apdu.command import CommandApdu
from myna_app.apdu.response import malformed
from myna_app.apdu.status import SW, retries_left
from myna_app.card.application import select
from myna_app.card.pcsc_errors import ScardCode, pcsc_error
from myna_app.card.retry_guard import Guard, guard
from myna_app.card.spec import BY_SHORT_EF_ID, DIGEST_INFO_SHA256, Application, SurfaceFile
from myna_app.errors import StatusWordError
from myna_app.formats.card_face import CardFace, parse_card_face
from myna_app.formats.card_number_b import is_card_number_b
from myna_app.formats.era import is_birth_date_key
from myna_app.formats.records import SIGNATURE_LENGTH
from myna_app.formats.tlv import MalformedError

_KEY_REFERENCE = BY_SHORT_EF_ID | SurfaceFile.BIRTH_DATE_KEY
_NUMBER_B_REFERENCE = BY_SHORT_EF_ID | SurfaceFile.CARD_NUMBER_B
_CURRENT_FILE = BY_SHORT_EF_ID


@unique
class KeyOutcome(Enum):
    """How a birth-date key or 照合番号B fared."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """A try was spent."""
    SPARED = "spared"
    LOCKED = "locked"
    STATE_LEFT = "state left"


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """Outcome, the status word it rests on, and the tries left where the card told them."""

    outcome: KeyOutcome
    status_word: int
    tries_left: int | None


_UNTRIED = {
    Guard.SPARED: KeyOutcome.SPARED,
    Guard.LOCKED: KeyOutcome.LOCKED,
    Guard.STATE_LEFT: KeyOutcome.STATE_LEFT,
}


def issuer_certificate_of_open_session(channel: Channel) -> bytes | None:
    """中間証明書, asked for without selecting an application first; None where the card refuses.

    Only a card on which 券面事項確認AP is still selected can answer. One that was laid on in its place has nothing
    selected, and PC/SC may not have noticed it yet: pcscd looks every 0.4 s.
    """
    try:
        return channel.read_object(SurfaceFile.ISSUER_CERTIFICATE)
    except StatusWordError:
        return None


class SurfaceSession:
    """The application, selected by construction."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        select(channel, Application.SURFACE)

    def sign_message(self, message: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over `message` by the card's own key: 256 bytes, no PIN, sent once.

        The hash is made here: nothing hashed elsewhere is ever put before the card.
        """
        digest_info = DIGEST_INFO_SHA256 + hashlib.sha256(message).digest()
        signature = self._channel.send(CommandApdu.compute_signature(digest_info)).data_or_error("sign")
        if len(signature) != SIGNATURE_LENGTH:
            raise malformed("signature")
        return signature

    def require_signer(self, message: bytes, signature: bytes) -> None:
        """`CardRemovedError` unless this is the card that signed `message`: PKCS#1 v1.5 gives the same bytes again."""
        if self.sign_message(message) != signature:
            raise pcsc_error(ScardCode.W_REMOVED_CARD)

    def verify_birth_date(self, key: str, *, staff_typed_it: bool) -> KeyAnswer:
        """Read the counter, decide, and only then present the birth-date key, once (`retry_guard`).

        `key` is six digits, YYMMDD, with a possible month and day; `ValueError` otherwise, before anything is sent.
        Where VERIFY is not answered the error of the exchange comes out: the try may have been spent.
        """
        if not is_birth_date_key(key):
            raise ValueError("not a birth-date key")
        return self._verify(_KEY_REFERENCE, key, self._read_counter(), staff_typed_it=staff_typed_it)

    def verify_card_number_b(self, number: str) -> KeyAnswer:
        """照合番号B under the same rules; it may be mistyped, so that the last tries are never touched.

        `ValueError` before anything is sent for what is no 照合番号B. At most two, and never the same one twice, pass
        in one card session.
        """
        if not is_card_number_b(number):
            raise ValueError("not a number B")
        counter = self._channel.send(CommandApdu.verify_status(_NUMBER_B_REFERENCE)).status_word
        return self._verify(_NUMBER_B_REFERENCE, number, counter, staff_typed_it=False)

    def tries_left(self) -> int | None:
        """Tries left of the birth-date key, for diagnostics; None when the card does not tell."""
        return retries_left(self._read_counter())

    def read_birth_date_record(self) -> bytes:
        """生年月日 record, cut to its outer length; needs an accepted birth-date key."""
        return self._channel.read_object(SurfaceFile.BIRTH_DATE_RECORD)

    def read_issuer_certificate(self) -> bytes:
        """中間証明書 (CV certificate), cut to its outer length."""
        return self._channel.read_object(SurfaceFile.ISSUER_CERTIFICATE)

    def read_card_face(self) -> CardFace:
        """券面事項; needs an accepted 照合番号B."""
        try:
            return parse_card_face(self._channel.read_object(SurfaceFile.CARD_FACE))
        except MalformedError:
            raise malformed("card face") from None

    def _verify(self, reference: int, secret: str, counter: int, *, staff_typed_it: bool) -> KeyAnswer:
        """VERIFY, if the status word of the empty VERIFY just before allows it."""
        decision = guard(counter, staff_typed_it=staff_typed_it)
        if decision is not Guard.GO:
            return KeyAnswer(_UNTRIED[decision], counter, retries_left(counter))
        status_word = self._channel.send(CommandApdu.verify(reference, secret.encode("ascii"))).status_word
        outcome = KeyOutcome.ACCEPTED if status_word == SW.OK else KeyOutcome.REFUSED
        return KeyAnswer(outcome, status_word, retries_left(status_word))

    def _read_counter(self) -> int:
        """The status word of the empty VERIFY; by selecting the reference where its short id is not understood."""
        by_short_id = self._channel.send(CommandApdu.verify_status(_KEY_REFERENCE)).status_word
        if retries_left(by_short_id) is not None or guard(by_short_id, staff_typed_it=True) is not Guard.SPARED:
            return by_short_id
        selected = self._channel.send(CommandApdu.select_file(SurfaceFile.BIRTH_DATE_KEY))
        if not selected.ok:
            return selected.status_word
        return self._channel.send(CommandApdu.verify_status(_CURRENT_FILE)).status_word
