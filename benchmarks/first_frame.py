"""``python -m benchmarks.first_frame app|bare``: lines on standard output, timed by who started it.

``painted`` when something has been painted for the first time, and for the app ``usable`` when its window asks for the
passcode.
"""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget


class FirstPaint(QObject):
    """Says so once."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name of the overridden method
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self._application.removeEventFilter(self)
            print("painted", flush=True)
        return False


def bare() -> None:
    application = QApplication([])
    FirstPaint(application)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(QLabel("準備しています"))
    window.resize(1000, 700)
    window.show()
    application.exec()


def app() -> None:
    from myna_app.cli import main  # noqa: PLC0415 - the bare window needs none of it
    from myna_app.ui import opening  # noqa: PLC0415 - as above

    open_application = opening.open_application

    def watched() -> QApplication:
        application = open_application()
        FirstPaint(application)
        usable = QTimer(application, interval=5)
        usable.timeout.connect(tell_usable)
        usable.start()
        return application

    opening.open_application = watched
    main(["run"])


def tell_usable() -> None:
    if any(" - M-06" in window.windowTitle() for window in QApplication.topLevelWidgets()):
        print("usable", flush=True)


if __name__ == "__main__":
    {"app": app, "bare": bare}[sys.argv[1]]()
