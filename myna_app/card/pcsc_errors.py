"""The result codes of PC/SC, and the one table that says what each of them means to this program.

Names and values: ``winscard.h`` of Windows and ``pcsclite.h``. `pcsc_error` alone leads from a code to an exception.
"""

from collections.abc import Mapping
from enum import IntEnum, unique
from types import MappingProxyType

from myna_app.errors import CardError, CardRemovedError, CardResetError, Problem, ReaderError


@unique
class ScardCode(IntEnum):
    """Result codes, without their ``SCARD_`` prefix; the last two are Win32 codes that WinSCard hands through."""

    S_SUCCESS = 0x00000000
    F_INTERNAL_ERROR = 0x80100001
    E_CANCELLED = 0x80100002
    E_INVALID_HANDLE = 0x80100003
    E_INVALID_PARAMETER = 0x80100004
    E_INVALID_TARGET = 0x80100005
    E_NO_MEMORY = 0x80100006
    F_WAITED_TOO_LONG = 0x80100007
    E_INSUFFICIENT_BUFFER = 0x80100008
    E_UNKNOWN_READER = 0x80100009
    E_TIMEOUT = 0x8010000A
    E_SHARING_VIOLATION = 0x8010000B
    E_NO_SMARTCARD = 0x8010000C
    E_UNKNOWN_CARD = 0x8010000D
    E_CANT_DISPOSE = 0x8010000E
    E_PROTO_MISMATCH = 0x8010000F
    E_NOT_READY = 0x80100010
    E_INVALID_VALUE = 0x80100011
    E_SYSTEM_CANCELLED = 0x80100012
    F_COMM_ERROR = 0x80100013
    F_UNKNOWN_ERROR = 0x80100014
    E_INVALID_ATR = 0x80100015
    E_NOT_TRANSACTED = 0x80100016
    E_READER_UNAVAILABLE = 0x80100017
    P_SHUTDOWN = 0x80100018
    E_PCI_TOO_SMALL = 0x80100019
    E_READER_UNSUPPORTED = 0x8010001A
    E_DUPLICATE_READER = 0x8010001B
    E_CARD_UNSUPPORTED = 0x8010001C
    E_NO_SERVICE = 0x8010001D
    E_SERVICE_STOPPED = 0x8010001E
    E_UNEXPECTED = 0x8010001F
    E_ICC_INSTALLATION = 0x80100020
    E_ICC_CREATEORDER = 0x80100021
    E_UNSUPPORTED_FEATURE = 0x80100022
    E_DIR_NOT_FOUND = 0x80100023
    E_FILE_NOT_FOUND = 0x80100024
    E_NO_DIR = 0x80100025
    E_NO_FILE = 0x80100026
    E_NO_ACCESS = 0x80100027
    E_WRITE_TOO_MANY = 0x80100028
    E_BAD_SEEK = 0x80100029
    E_INVALID_CHV = 0x8010002A
    E_UNKNOWN_RES_MNG = 0x8010002B
    E_NO_SUCH_CERTIFICATE = 0x8010002C
    E_CERTIFICATE_UNAVAILABLE = 0x8010002D
    E_NO_READERS_AVAILABLE = 0x8010002E
    E_COMM_DATA_LOST = 0x8010002F
    E_NO_KEY_CONTAINER = 0x80100030
    E_SERVER_TOO_BUSY = 0x80100031
    W_UNSUPPORTED_CARD = 0x80100065
    W_UNRESPONSIVE_CARD = 0x80100066
    W_UNPOWERED_CARD = 0x80100067
    W_RESET_CARD = 0x80100068
    W_REMOVED_CARD = 0x80100069
    W_SECURITY_VIOLATION = 0x8010006A
    W_WRONG_CHV = 0x8010006B
    W_CHV_BLOCKED = 0x8010006C
    W_EOF = 0x8010006D
    W_CANCELLED_BY_USER = 0x8010006E
    W_CARD_NOT_AUTHENTICATED = 0x8010006F
    ERROR_INVALID_HANDLE = 0x00000006
    ERROR_BROKEN_PIPE = 0x0000006D


_MEANING: Mapping[ScardCode, Problem] = MappingProxyType(
    {
        # The card left, or lost its state.
        ScardCode.W_REMOVED_CARD: Problem.CARD_REMOVED,
        ScardCode.E_NO_SMARTCARD: Problem.CARD_REMOVED,
        ScardCode.W_RESET_CARD: Problem.CARD_TALK_FAILED,
        ScardCode.W_UNPOWERED_CARD: Problem.CARD_TALK_FAILED,
        # Something lies there that this program does not serve.
        ScardCode.E_UNKNOWN_CARD: Problem.CARD_OTHER,
        ScardCode.E_CARD_UNSUPPORTED: Problem.CARD_OTHER,
        ScardCode.W_UNSUPPORTED_CARD: Problem.CARD_OTHER,
        # One exchange failed; doing it again may help.
        ScardCode.W_UNRESPONSIVE_CARD: Problem.CARD_TALK_FAILED,
        ScardCode.E_INVALID_ATR: Problem.CARD_TALK_FAILED,
        ScardCode.E_PROTO_MISMATCH: Problem.CARD_TALK_FAILED,
        ScardCode.E_NOT_READY: Problem.CARD_TALK_FAILED,
        ScardCode.E_NOT_TRANSACTED: Problem.CARD_TALK_FAILED,
        ScardCode.E_COMM_DATA_LOST: Problem.CARD_TALK_FAILED,
        ScardCode.E_TIMEOUT: Problem.CARD_TALK_FAILED,
        ScardCode.F_WAITED_TOO_LONG: Problem.CARD_TALK_FAILED,
        ScardCode.E_CANCELLED: Problem.CARD_TALK_FAILED,
        ScardCode.E_CANT_DISPOSE: Problem.CARD_TALK_FAILED,
        # How drivers refuse an extended APDU, among other things.
        ScardCode.F_INTERNAL_ERROR: Problem.CARD_TALK_FAILED,
        ScardCode.F_UNKNOWN_ERROR: Problem.CARD_TALK_FAILED,
        ScardCode.E_UNEXPECTED: Problem.CARD_TALK_FAILED,
        ScardCode.E_INVALID_PARAMETER: Problem.CARD_TALK_FAILED,
        ScardCode.E_INVALID_VALUE: Problem.CARD_TALK_FAILED,
        ScardCode.E_INSUFFICIENT_BUFFER: Problem.CARD_TALK_FAILED,
        ScardCode.E_PCI_TOO_SMALL: Problem.CARD_TALK_FAILED,
        ScardCode.E_UNSUPPORTED_FEATURE: Problem.CARD_TALK_FAILED,
        # The reader.
        ScardCode.E_NO_READERS_AVAILABLE: Problem.READER_MISSING,
        ScardCode.E_UNKNOWN_READER: Problem.READER_LOST,
        ScardCode.E_READER_UNAVAILABLE: Problem.READER_LOST,
        ScardCode.E_READER_UNSUPPORTED: Problem.READER_UNSUITABLE,
        ScardCode.E_SHARING_VIOLATION: Problem.READER_IN_USE,
        ScardCode.E_SERVER_TOO_BUSY: Problem.READER_IN_USE,
        # The service. Windows stops it with the last reader: the first two then mean only "no reader".
        ScardCode.E_NO_SERVICE: Problem.READER_MISSING,
        ScardCode.E_SERVICE_STOPPED: Problem.READER_MISSING,
        ScardCode.F_COMM_ERROR: Problem.SERVICE_STOPPED,  # a blocked call when pcscd was killed
        ScardCode.E_INVALID_HANDLE: Problem.SERVICE_STOPPED,  # a handle from before its restart
        ScardCode.P_SHUTDOWN: Problem.SERVICE_STOPPED,
        ScardCode.E_SYSTEM_CANCELLED: Problem.SERVICE_STOPPED,
        ScardCode.ERROR_INVALID_HANDLE: Problem.SERVICE_STOPPED,
        ScardCode.ERROR_BROKEN_PIPE: Problem.SERVICE_STOPPED,  # a remote desktop session that ended
        ScardCode.W_SECURITY_VIOLATION: Problem.SERVICE_STOPPED,  # pcscd that just began, or polkit
        # Nothing this program calls has a reason to answer these.
        ScardCode.E_INVALID_TARGET: Problem.UNEXPECTED,
        ScardCode.E_NO_MEMORY: Problem.UNEXPECTED,
        ScardCode.E_DUPLICATE_READER: Problem.UNEXPECTED,
        ScardCode.E_ICC_INSTALLATION: Problem.UNEXPECTED,
        ScardCode.E_ICC_CREATEORDER: Problem.UNEXPECTED,
        ScardCode.E_DIR_NOT_FOUND: Problem.UNEXPECTED,
        ScardCode.E_FILE_NOT_FOUND: Problem.UNEXPECTED,
        ScardCode.E_NO_DIR: Problem.UNEXPECTED,
        ScardCode.E_NO_FILE: Problem.UNEXPECTED,
        ScardCode.E_NO_ACCESS: Problem.UNEXPECTED,
        ScardCode.E_WRITE_TOO_MANY: Problem.UNEXPECTED,
        ScardCode.E_BAD_SEEK: Problem.UNEXPECTED,
        ScardCode.E_INVALID_CHV: Problem.UNEXPECTED,
        ScardCode.E_UNKNOWN_RES_MNG: Problem.UNEXPECTED,
        ScardCode.E_NO_SUCH_CERTIFICATE: Problem.UNEXPECTED,
        ScardCode.E_CERTIFICATE_UNAVAILABLE: Problem.UNEXPECTED,
        ScardCode.E_NO_KEY_CONTAINER: Problem.UNEXPECTED,
        ScardCode.W_WRONG_CHV: Problem.UNEXPECTED,
        ScardCode.W_CHV_BLOCKED: Problem.UNEXPECTED,
        ScardCode.W_EOF: Problem.UNEXPECTED,
        ScardCode.W_CANCELLED_BY_USER: Problem.UNEXPECTED,
        ScardCode.W_CARD_NOT_AUTHENTICATED: Problem.UNEXPECTED,
    }
)


_CARD_ERRORS: Mapping[ScardCode, type[CardError]] = MappingProxyType(
    {
        ScardCode.W_REMOVED_CARD: CardRemovedError,
        ScardCode.E_NO_SMARTCARD: CardRemovedError,
        ScardCode.W_RESET_CARD: CardResetError,
        ScardCode.W_UNPOWERED_CARD: CardResetError,
    }
)
_READER_PROBLEMS = frozenset(problem for problem in Problem if problem.name.startswith(("READER_", "SERVICE_")))


def pcsc_error(code: int) -> ReaderError | CardError:
    """The exception for a result code other than success.

    A code outside the table is a Win32 code of some driver (``ERROR_GEN_FAILURE`` and its like): the exchange failed.
    """
    code &= 0xFFFFFFFF  # pyscard hands some codes on as negative numbers
    if code not in _MEANING:
        return CardError(Problem.CARD_TALK_FAILED, f"PC/SC 0x{code:08X}")
    known = ScardCode(code)
    problem, detail = _MEANING[known], f"PC/SC 0x{code:08X} {known.name}"
    if problem in _READER_PROBLEMS:
        return ReaderError(problem, detail)
    return _CARD_ERRORS.get(known, CardError)(problem, detail)


def context_error(code: int) -> ReaderError:
    """The exception for a context that cannot be had: no card is touched yet, so whatever failed is the service."""
    error = pcsc_error(code)
    return error if isinstance(error, ReaderError) else ReaderError(_MEANING[ScardCode.P_SHUTDOWN], error.detail)
