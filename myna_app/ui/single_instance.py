"""One window a person: a second start brings the first to the front (E-S02 only when that one does not answer)."""

from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWER_MS = 5000
"""A PC that has just been switched on is slow; two seconds told people too early that something hangs."""
_RAISE = b"raise"


class SingleInstance(QObject):
    """The lock decides; the local server only carries the wish. On Windows two servers may share a name, a lock cannot.

    Signals:
        wanted(): another start asked for the window.
    """

    wanted = Signal()

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self._name = name
        self._lock = QLockFile(str(folder / "running.lock"))
        self._lock.setStaleLockTime(0)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._called)

    def is_first(self) -> bool:
        """Take the place of the one running program. Gives it back when the process ends, however it ends."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def ask_first_to_show(self) -> bool:
        """False when it does not answer within five seconds."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_ANSWER_MS):
            return False
        socket.write(_RAISE)
        return socket.waitForBytesWritten(_ANSWER_MS) and socket.waitForReadyRead(_ANSWER_MS)

    def _called(self) -> None:
        connection = self._server.nextPendingConnection()
        connection.readyRead.connect(lambda: self._answer(connection))

    def _answer(self, connection: QLocalSocket) -> None:
        connection.write(_RAISE)
        connection.flush()
        connection.disconnectFromServer()
        self.wanted.emit()
