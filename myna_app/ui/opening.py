"""The first thing that is seen, while everything else is still being imported: the program's picture and name."""

import builtins
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from myna_app.resources import resources_folder

_NAME = "資格確認アプリ"
"""In both languages; which of them is wanted is not known yet."""
_WIDTH, _HEIGHT, _PICTURE, _LETTERS = 420, 140, 80, 28


class Opening(QLabel):
    """In the system's colours, for those of the settings are not known yet either. Needs the QApplication.

    Not a `QSplashScreen`: that one waits up to a second to be shown.
    """

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(_NAME)
        palette = QApplication.palette()
        ratio = QApplication.primaryScreen().devicePixelRatio()
        picture = QPixmap(round(_WIDTH * ratio), round(_HEIGHT * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(palette.window().color())
        painter = QPainter(picture)
        margin = (_HEIGHT - _PICTURE) // 2
        QApplication.windowIcon().paint(painter, margin, margin, _PICTURE, _PICTURE)
        font = QFont()
        font.setPixelSize(_LETTERS)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(palette.windowText().color())
        left = margin * 2 + _PICTURE
        painter.drawText(left, 0, _WIDTH - left, _HEIGHT, Qt.AlignmentFlag.AlignVCenter, _NAME)
        painter.end()
        self.setPixmap(picture)
        self.resize(_WIDTH, _HEIGHT)
        self.move(QApplication.primaryScreen().availableGeometry().center() - self.rect().center())


def open_application() -> QApplication:
    """The QApplication with the program's icon.

    Loading Qt puts an `__import__` of its own in place, which reads the source text of every module imported from then
    on, to see whether it could want ``from __feature__ import``. Nothing here does, and it is a fifth of the start.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    application = QApplication(sys.argv[:1])
    application.setWindowIcon(QIcon(str(resources_folder() / "program" / "app.png")))
    return application
