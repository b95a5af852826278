"""Protection from screen captures: always up, but for half an hour of remote support that a person allowed."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from myna_app.ui.native import hide_from_capture

LIFTED_MINUTES = 30


class Shield:
    """Of one window. Settings and policy say whether it is wanted; what was allowed is never kept over a restart."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._wanted = False
        self._lifted = QTimer(window, singleShot=True, interval=LIFTED_MINUTES * 60_000)
        self._lifted.timeout.connect(self._apply)

    @property
    def is_up(self) -> bool:
        return self._wanted and not self._lifted.isActive()

    def raise_up(self, *, wanted: bool) -> None:
        """Each time the native window is made; what was allowed goes on."""
        self._wanted = wanted
        self._apply()

    def allow(self, allowed: bool) -> None:
        """For half an hour, or no more."""
        if allowed:
            self._lifted.start()
        else:
            self._lifted.stop()
        self._apply()

    def _apply(self) -> None:
        hide_from_capture(self._window, hidden=self.is_up)
