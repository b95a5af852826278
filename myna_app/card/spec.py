"""What of a My Number card this program knows, and the list of the only commands it may send.

Applications, files and references with their official Japanese names; ids as measured by myna-card and listed by
jsapdu. The EF with the picture of the individual number, 照合番号A and 券面入力補助AP have no name here: nothing here
ever uses them.
"""

from collections.abc import Mapping
from enum import Enum, IntEnum, unique
from types import MappingProxyType

from myna_app.apdu.command import Ins
from myna_app.apdu.status import SW, bytes_waiting, retries_left
from myna_app.formats.card_number_b import is_card_number_b
from myna_app.formats.era import is_birth_date_key


@unique
class Application(Enum):
    """Application identifiers (AID)."""

    JPKI = bytes.fromhex("D392F000260100000001")
    """公的個人認証AP"""
    SURFACE = bytes.fromhex("D3921000310001010402")
    """券面事項確認AP"""
    COMMON = bytes.fromhex("D3921000310001010100")
    """共通カードAP"""


@unique
class JpkiFile(IntEnum):
    """Files of 公的個人認証AP; the short EF id is the low byte of the file id. All three are free to read on a card."""

    TOKEN_INFORMATION = 0x06
    """トークン情報: label and model; tells a card from a phone."""
    CERTIFICATES_PRESENT = 0x08
    """Which certificates exist: byte 0 署名用, byte 1 利用者証明用; `8F` is "present"."""
    AUTHENTICATION_CERTIFICATE = 0x0A
    """利用者証明用電子証明書 (X.509 DER)"""


@unique
class SurfaceFile(IntEnum):
    """Files and references of 券面事項確認AP."""

    BIRTH_DATE_RECORD = 0x01
    """生年月日; readable after VERIFY of `BIRTH_DATE_KEY`."""
    CARD_FACE = 0x02
    """券面事項; readable after VERIFY of `CARD_NUMBER_B`."""
    ISSUER_CERTIFICATE = 0x04
    """中間証明書 (CV certificate), free to read."""
    BIRTH_DATE_KEY = 0x11
    """Reference of the birth-date key: six digits, YYMMDD."""
    CARD_NUMBER_B = 0x12
    """照合番号B: fourteen digits, all of them printed on the card."""


@unique
class CommonFile(IntEnum):
    """Files of 共通カードAP."""

    CARD_RECORD = 0x01
    """Record 1: card serial, 全国地方公共団体コード, expiry; free to read."""


DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")
"""The DER before a SHA-256 value in a PKCS#1 v1.5 signature (RFC 8017 9.2)."""

BY_SHORT_EF_ID = 0x80
"""Or-ed into P1 of READ and P2 of VERIFY: the low five bits name the EF; alone in P2 of VERIFY it is the current EF."""

MOST_CAREFUL_TRIES = 2
"""No VERIFY with fewer tries left, whoever asks for it."""

ROOMY_TRIES = 5
"""No VERIFY with fewer tries left by the program itself, and never of 照合番号B."""

_READABLE: Mapping[Application, frozenset[int]] = MappingProxyType(
    {
        Application.JPKI: frozenset(JpkiFile),
        Application.SURFACE: frozenset(
            {SurfaceFile.BIRTH_DATE_RECORD, SurfaceFile.CARD_FACE, SurfaceFile.ISSUER_CERTIFICATE}
        ),
        Application.COMMON: frozenset(),
    }
)
_OF_OPEN_SESSION = frozenset({SurfaceFile.ISSUER_CERTIFICATE})
_SELECT_APPLICATION = {bytes.fromhex("00A4040C0A") + one.value: one for one in Application}
_SELECT_BIRTH_DATE_KEY = bytes.fromhex("00A4020C020011")
_TRIES_BY_SHORT_EF_ID = bytes.fromhex("00200091")
_TRIES_OF_CURRENT_FILE = bytes.fromhex("00200080")
_VERIFY = bytes.fromhex("0020009106")
_TRIES_OF_NUMBER_B = bytes.fromhex("00200092")
_VERIFY_NUMBER_B = bytes.fromhex("002000920E")
_MOST_NUMBERS_B = 2
"""A typed security code may be mistyped once."""
_READ_CARD_RECORD = bytes.fromhex("00B2010C")
_SIGN = bytes.fromhex("802A000033") + DIGEST_INFO_SHA256
_GET_RESPONSE = bytes.fromhex("00C00000")
_SHORT_LE, _EXTENDED_LE = 5, 7


class ForbiddenApduError(RuntimeError):
    """A command outside the allow-list was about to be sent: a mistake in this program. Shows the header only."""


class AllowList:
    """Judges the commands of one card session, by application, current file and the whole command.

    `check` before sending, `answered` with the status word. VERIFY passes only right after its counter was read and
    left room: of the birth-date key once, of 照合番号B twice and with other digits. Nobody needs to ask a person: a
    refusal is a mistake in the program.
    """

    def __init__(self) -> None:
        self._application: Application | None = None
        self._left: Application | None = None
        self._file: int | None = None
        self._last = b""
        self._last_status = 0
        self.verify_sent = False
        self._numbers_b: list[bytes] = []

    def check(self, command: bytes) -> None:
        """`ForbiddenApduError` unless this command may be sent now."""
        if not self._allowed(command):
            raise ForbiddenApduError(command[:4].hex(" "))
        self._last, self._last_status = command, 0
        self.verify_sent = self.verify_sent or command.startswith(_VERIFY)
        if command.startswith(_VERIFY_NUMBER_B):
            self._numbers_b.append(command)

    def answered(self, status_word: int) -> None:
        """The answer to the command checked last. Without one (a transport error) nothing counts as selected."""
        done = status_word in (SW.OK, SW.END_OF_FILE) or bytes_waiting(status_word) is not None
        self._last_status = status_word
        if self._last in _SELECT_APPLICATION and done:
            self._application, self._file = _SELECT_APPLICATION[self._last], None
        elif self._last == _SELECT_BIRTH_DATE_KEY and done:
            self._file = SurfaceFile.BIRTH_DATE_KEY
        elif self._last[1] == Ins.READ_BINARY and self._last[2] & BY_SHORT_EF_ID:
            self._file = self._last[2] & ~BY_SHORT_EF_ID if done else None

    def forget_selection(self) -> None:
        """Another program may have used the card, or it was reset: an application must be selected first.

        Only 中間証明書 of 券面事項確認AP, with nothing of the holder in it, may be asked for before: whether it can be
        read tells whether the session is still the one that was left.
        """
        self._left, self._application, self._file = self._application, None, None
        self._last, self._last_status = b"", 0

    def _allowed(self, command: bytes) -> bool:
        if command in _SELECT_APPLICATION:
            return True
        match self._application, command[1:2]:
            case None, b"\xb0" if self._left is Application.SURFACE:
                return self._may_read(command, _OF_OPEN_SESSION)
            case None, _:
                return False
            case application, b"\xb0":
                return self._may_read(command, _READABLE[application])
            case Application.COMMON, b"\xb2":
                return command[:4] == _READ_CARD_RECORD and len(command) == _SHORT_LE
            case Application.SURFACE, b"\x20" if command == _TRIES_OF_CURRENT_FILE:
                return self._file == SurfaceFile.BIRTH_DATE_KEY
            case Application.SURFACE, b"\x20":
                counts = command in (_TRIES_BY_SHORT_EF_ID, _TRIES_OF_NUMBER_B)
                return counts or self._may_verify(command) or self._may_verify_number_b(command)
            case Application.SURFACE, b"\xa4":
                return command == _SELECT_BIRTH_DATE_KEY
            case Application.SURFACE, b"\x2a":
                return command[:-33] == _SIGN and command[-1] == 0
            case _, b"\xc0":
                return self._may_get_response(command)
        return False

    def _may_read(self, command: bytes, readable: frozenset[int]) -> bool:
        if command[0] != 0 or len(command) not in (_SHORT_LE, _EXTENDED_LE):
            return False
        if len(command) == _EXTENDED_LE and command[4]:
            return False
        p1 = command[2]
        return (p1 & ~BY_SHORT_EF_ID if p1 & BY_SHORT_EF_ID else self._file) in readable

    def _may_verify(self, command: bytes) -> bool:
        counted = self._last in (_TRIES_BY_SHORT_EF_ID, _TRIES_OF_CURRENT_FILE)
        return (
            not self.verify_sent
            and counted
            and (retries_left(self._last_status) or 0) >= MOST_CAREFUL_TRIES
            and command.startswith(_VERIFY)
            and is_birth_date_key(command[len(_VERIFY) :].decode("ascii", "replace"))
        )

    def _may_verify_number_b(self, command: bytes) -> bool:
        return (
            len(self._numbers_b) < _MOST_NUMBERS_B
            and command not in self._numbers_b
            and self._last == _TRIES_OF_NUMBER_B
            and (retries_left(self._last_status) or 0) >= ROOMY_TRIES
            and command.startswith(_VERIFY_NUMBER_B)
            and is_card_number_b(command[len(_VERIFY_NUMBER_B) :].decode("ascii", "replace"))
        )

    def _may_get_response(self, command: bytes) -> bool:
        waiting = (
            self._last[1:2] in (b"\xa4", b"\xb0", b"\xb2", b"\xc0") and bytes_waiting(self._last_status) is not None
        )
        return waiting and command[:4] == _GET_RESPONSE and len(command) == _SHORT_LE
