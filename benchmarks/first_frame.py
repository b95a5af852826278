"""``python -m benchmarks.first_frame app|bare``: prints the seconds until the first frame, counted by who started it.

A line ``painted`` when the window has painted for the first time, and for the app ``usable`` when M-01 or M-06 stands.
"""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget


class FirstPaint(QObject):
    """Says so once."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)
        self._painted = False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name of the overridden method
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            QTimer.singleShot(0, lambda: print("painted", flush=True))
        return False


def bare() -> None:
    application = QApplication([])
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(QLabel("準備しています"))
    window.resize(1000, 700)
    FirstPaint(window)
    window.show()
    application.exec()


def app() -> None:
    from myna_app.app import Desk, _real_parts, make_application  # noqa: PLC0415 - the bare window needs none of it
    from myna_app.flow.states import Starting  # noqa: PLC0415 - as above
    from myna_app.settings.store import SettingsStore  # noqa: PLC0415 - as above

    store = SettingsStore()
    application = make_application(store.settings.language)
    desk = Desk(lambda: _real_parts(store), store)
    FirstPaint(desk.window)
    usable = QTimer(application, interval=5)
    usable.timeout.connect(lambda: None if isinstance(desk.state.screen, Starting) else print("usable", flush=True))
    usable.start()
    desk.open()
    application.exec()


if __name__ == "__main__":
    {"app": app, "bare": bare}[sys.argv[1]]()
