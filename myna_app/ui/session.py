"""Windows tells when the person leaves: lock, switch of user, remote disconnect, sleep."""

import ctypes
import sys
from collections.abc import Callable
from ctypes import wintypes

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
from PySide6.QtWidgets import QWidget

_WM_POWERBROADCAST = 0x0218
_PBT_APMSUSPEND = 0x4
_WM_WTSSESSION_CHANGE = 0x02B1
_LEAVING = frozenset({0x2, 0x4, 0x6, 0x7})
"""WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF, WTS_SESSION_LOCK."""
_WINDOWS_MESSAGE = b"windows_generic_MSG"


class SessionWatch(QAbstractNativeEventFilter):
    """Calls `left` when the PC is left alone. Must be kept alive as long as it is installed."""

    def __init__(self, left: Callable[[], None]) -> None:
        super().__init__()
        self._left = left

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        """Looks on; the message goes its way."""
        if kind == _WINDOWS_MESSAGE:
            told = wintypes.MSG.from_address(int(message))
            locked = told.message == _WM_WTSSESSION_CHANGE and told.wParam in _LEAVING
            asleep = told.message == _WM_POWERBROADCAST and told.wParam == _PBT_APMSUSPEND
            if locked or asleep:
                self._left()
        return False, 0


def watch_session(window: QWidget, watch: SessionWatch) -> None:
    """Have Windows tell `window` of its session; nothing elsewhere. Again after the native window was made anew."""
    if sys.platform == "win32":
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(watch)
        wtsapi = ctypes.WinDLL("wtsapi32", use_last_error=True)
        wtsapi.WTSRegisterSessionNotification.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        wtsapi.WTSRegisterSessionNotification.restype = ctypes.c_int
        wtsapi.WTSRegisterSessionNotification(int(window.winId()), 0)
