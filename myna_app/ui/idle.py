"""Time without a key, click or turn of the wheel. Moving the mouse alone does not count: a sleeve does that."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

_ACTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,  # comes before every key, also before those whose press only a shortcut gets
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class Idle(QObject):
    """Counts only between `start` and `stop`.

    Signals:
        ticked(seconds): whole seconds left, once a second and after every act.
        expired(): the time is over; counting has stopped.
    """

    ticked = Signal(int)
    expired = Signal()

    def __init__(self, seconds: int, parent: QObject) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._left = seconds
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.pass_second)

    def start(self) -> None:
        self._left = self._seconds
        self._second.start()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self.ticked.emit(self._left)

    def stop(self) -> None:
        self._second.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def restart(self) -> None:
        """Something counted as an act."""
        if self._second.isActive():
            self._left = self._seconds
            self._second.start()
            self.ticked.emit(self._left)

    def pass_second(self) -> None:
        """One second is over; called by the timer."""
        self._left -= 1
        if self._left > 0:
            self.ticked.emit(self._left)
        else:
            self.stop()
            self.expired.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTS:
            self.restart()
        return False
