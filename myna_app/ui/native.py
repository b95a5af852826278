"""What the operating system does for the screens: sounds, protection from captures and clipboard history, a browser."""

import ctypes
import sys
from enum import StrEnum, unique
from pathlib import Path

from PySide6.QtCore import QMimeData, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from myna_app.resources import resources_folder

_SHOWN_IN_CAPTURE = 0x0
"""WDA_NONE."""
_EXCLUDE_FROM_CAPTURE = 0x11
"""WDA_EXCLUDEFROMCAPTURE; Windows before 10 2004 takes it as WDA_MONITOR, which shows black."""
_NOT_FOR_HISTORY = {
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "CanIncludeInClipboardHistory": b"\0\0\0\0",
    "CanUploadToCloudClipboard": b"\0\0\0\0",
}


_ours: set[str] = set()
"""What was copied and has not been taken back yet."""


@unique
class Sound(StrEnum):
    """Files under ``resources/sounds``; never the only signal."""

    VALID = "valid"
    INVALID = "invalid"
    RENEWED = "renewed"
    UNCLEAR = "unclear"
    PROBLEM = "problem"
    CARD = "card"
    REMINDER = "reminder"


class Sounds:
    """Plays without waiting. Qt's own player lies in QtMultimedia, which is not shipped."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or resources_folder() / "sounds"

    def play(self, sound: Sound) -> None:
        if sys.platform == "win32":
            import winsound  # noqa: PLC0415 - exists on Windows alone

            winsound.PlaySound(
                str(self._folder / f"{sound}.wav"), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
            )
        else:
            QApplication.beep()


def hide_from_capture(window: QWidget, *, hidden: bool = True) -> bool:
    """Keep a top-level window out of screenshots, recordings and remote viewers, or not. False: the system cannot."""
    done = False
    if sys.platform == "win32":
        user32 = ctypes.WinDLL("user32", use_last_error=True)
        user32.SetWindowDisplayAffinity.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        user32.SetWindowDisplayAffinity.restype = ctypes.c_int
        affinity = _EXCLUDE_FROM_CAPTURE if hidden else _SHOWN_IN_CAPTURE
        done = bool(user32.SetWindowDisplayAffinity(int(window.winId()), affinity))
    return done


def copy_protected(text: str, seconds: int) -> None:
    """Into the clipboard, not into its history or cloud; gone after `seconds`, or with the program, if still ours."""
    _ours.add(text)
    data = QMimeData()
    data.setText(text)
    for name, value in _NOT_FOR_HISTORY.items():
        data.setData(f'application/x-qt-windows-mime;value="{name}"', value)
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(data)
    QTimer.singleShot(seconds * 1000, lambda: forget_copied(text))


def forget_copied(text: str) -> None:
    _ours.discard(text)
    clipboard = QGuiApplication.clipboard()
    if clipboard.text() == text:
        clipboard.clear()


def forget_everything_copied() -> None:
    """Before the program ends: Windows would keep what lies in the clipboard."""
    for text in tuple(_ours):
        forget_copied(text)


def has_clock_settings() -> bool:
    """Whether there is a 「日付と時刻」 that can be opened."""
    return sys.platform == "win32"


def open_clock_settings() -> None:
    QDesktopServices.openUrl(QUrl("ms-settings:dateandtime"))


def open_in_browser(url: str) -> bool:
    """Only web addresses; anything else from outside is not for the shell to open."""
    address = QUrl(url, QUrl.ParsingMode.StrictMode)
    return address.scheme() in ("https", "http") and QDesktopServices.openUrl(address)
