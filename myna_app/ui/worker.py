"""The one way from a worker thread into the GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class GuiThread(QObject):
    """Runs calls in the thread this object was made in, in the order they were posted.

    Signals:
        posted(call): private; queued, therefore delivered by the event loop of the GUI thread.
    """

    posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """From any thread. Returns at once; nothing is run after the application has ended."""
        self.posted.emit(call)

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        call()
