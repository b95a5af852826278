"""`myna_app.card.pcsc.PcscApi` over pyscard: the one module that imports it.

`smartcard.scard` is used, not the classes above it: their shared context does not survive a restart of the service.
"""

import struct
import sys
from collections.abc import Callable, Sequence

from smartcard import scard

from myna_app.card.pcsc import (
    CardHandle,
    CardProtocol,
    Connected,
    ContextHandle,
    Disposition,
    ReaderStatus,
    ShareMode,
)
from myna_app.card.pcsc_errors import ScardCode, context_error, pcsc_error
from myna_app.errors import AppError

_ANY_PROTOCOL = CardProtocol.T0 | CardProtocol.T1
_GET_FEATURE_REQUEST = 3400
"""PC/SC part 10, 2.2: asks a driver which features it has, as records of tag, length 4, control code."""
_FEATURE_GET_TLV_PROPERTIES = 0x12
_STOPPED = (ScardCode.E_NO_SERVICE, ScardCode.E_SERVICE_STOPPED)
_LIST_AGAIN = (ScardCode.E_TIMEOUT, ScardCode.E_CANCELLED, ScardCode.E_UNKNOWN_READER)


class PyscardApi:
    """The operating system's PC/SC. pyscard releases the GIL in every call: a wait blocks no thread but its own."""

    def establish_context(self) -> ContextHandle:
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _check(code, context_error)
        return ContextHandle(context)

    def release_context(self, context: ContextHandle) -> None:
        scard.SCardReleaseContext(context)

    def list_readers(self, context: ContextHandle) -> tuple[str, ...]:
        code, names = scard.SCardListReaders(context, [])
        if code & 0xFFFFFFFF == ScardCode.E_NO_READERS_AVAILABLE:
            return ()
        _check(code)
        return tuple(names)

    def get_status_change(
        self, context: ContextHandle, known: Sequence[ReaderStatus], timeout_ms: int
    ) -> tuple[ReaderStatus, ...]:
        code, states = scard.SCardGetStatusChange(context, timeout_ms, [(one.name, one.state) for one in known])
        if code & 0xFFFFFFFF in _LIST_AGAIN:
            return ()
        _check(code)
        return tuple(ReaderStatus(name, state & 0xFFFFFFFF) for name, state, _atr in states)

    def cancel(self, context: ContextHandle) -> None:
        scard.SCardCancel(context)

    def connect(self, context: ContextHandle, reader: str, share: ShareMode) -> Connected:
        wanted = _ANY_PROTOCOL if share is ShareMode.SHARED else CardProtocol.NONE
        code, card, protocol = scard.SCardConnect(context, reader, share, wanted)
        _check(code)
        return Connected(CardHandle(card), CardProtocol(protocol))

    def disconnect(self, card: CardHandle, disposition: Disposition) -> None:
        _check(scard.SCardDisconnect(card, disposition))

    def begin_transaction(self, card: CardHandle) -> None:
        _check(scard.SCardBeginTransaction(card))

    def end_transaction(self, card: CardHandle, disposition: Disposition) -> None:
        _check(scard.SCardEndTransaction(card, disposition))

    def transmit(self, card: CardHandle, protocol: CardProtocol, command: bytes) -> bytes:
        code, answer = scard.SCardTransmit(card, protocol, list(command))
        _check(code)
        return bytes(answer)

    def tlv_properties(self, card: CardHandle) -> bytes:
        features = _control(card, scard.SCARD_CTL_CODE(_GET_FEATURE_REQUEST))
        for start in range(0, len(features) - 5, 6):
            tag, _length, control_code = struct.unpack_from(">BBI", features, start)
            if tag == _FEATURE_GET_TLV_PROPERTIES:
                return _control(card, control_code)
        return b""


def _control(card: CardHandle, control_code: int) -> bytes:
    """The driver's answer, empty when it does not know the request: drivers refuse with codes of every kind."""
    code, answer = scard.SCardControl(card, control_code, [])
    return b"" if code else bytes(answer)


def _check(code: int, meaning: Callable[[int], AppError] = pcsc_error) -> None:
    if not code:
        return
    if code & 0xFFFFFFFF in _STOPPED and _a_stopped_service_is_a_fault():
        code = ScardCode.P_SHUTDOWN
    raise meaning(code)


def _a_stopped_service_is_a_fault() -> bool:
    """Windows stops the service with the last reader and starts it with the next one, unless it is disabled."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - exists on Windows only

        disabled = 4
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Services\SCardSvr") as key:
            return bool(winreg.QueryValueEx(key, "Start")[0] == disabled)
    else:
        return True
