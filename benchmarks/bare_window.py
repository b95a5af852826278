"""What the frozen program is compared with: an empty window, with the same Qt modules inside."""

import sys

from PySide6 import QtNetwork, QtPrintSupport, QtSvg
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

if __name__ == "__main__":
    application = QApplication(sys.argv)
    assert QtNetwork and QtPrintSupport and QtSvg
    window = QWidget()
    window.setWindowTitle("bare - M-00")
    window.resize(900, 640)
    QTimer.singleShot(0, window.show)
    sys.exit(application.exec())
