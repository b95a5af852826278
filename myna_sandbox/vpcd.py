"""Puts a card on the virtual reader of vsmartcard (vpcd): behind a real pcscd on Linux, or its Windows build.

The reader listens, the card connects. Messages have a two-byte length; a length of one is a control byte (0 off, 1 on,
2 reset, 4 ATR, which alone is answered). Closing the connection takes the card off.

The reader knows no failed exchange: an empty message would block it until the card leaves. An answer of one byte, too
short for a status word, stands for a card that stays mute.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from myna_sandbox.virtual_card.card import Card, CardGoneError

DEFAULT_ADDRESS = ("127.0.0.1", 35963)
_RETRY_SECONDS = 0.1
_NO_ANSWER = b"\x00"


class VpcdCard:
    """One card on one virtual reader, served by `run` until `stop` or until a fault pulls it.

    `powered` is called once, when the reader has first switched the card on. `stop` may come from any thread or from a
    signal handler.
    """

    def __init__(self, card: Card, address: tuple[str, int], powered: Callable[[], None]) -> None:
        self._card = card
        self._address = address
        self._powered: Callable[[], None] | None = powered
        self._stopping = threading.Event()
        self._connection: socket.socket | None = None

    def run(self) -> None:
        """Blocks. Waits for a reader that is not there yet, and for one that went away to come back."""
        while not self._stopping.is_set():
            try:
                with socket.create_connection(self._address) as connection:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._connection = connection
                    self._serve(connection)
            except CardGoneError:
                return
            except OSError:  # refused, reset, or closed by `stop`
                self._stopping.wait(_RETRY_SECONDS)
            finally:
                self._card.power_off()

    def stop(self) -> None:
        """Take the card off. A command that is being executed is finished, its answer is not delivered."""
        self._stopping.set()
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def _serve(self, connection: socket.socket) -> None:
        while not self._stopping.is_set():
            message = _receive(connection)
            match message:
                case b"\x00":
                    self._card.power_off()
                case b"\x01":
                    self._card.power_on()
                    self._announce()
                case b"\x02":
                    self._card.reset()
                case b"\x04":
                    _send(connection, self._card.atr)
                case command:
                    _send(connection, self._card.transmit(command) or _NO_ANSWER)

    def _announce(self) -> None:
        powered, self._powered = self._powered, None
        if powered is not None:
            powered()


def _receive(connection: socket.socket) -> bytes:
    """One message. `ConnectionError` when the reader has gone."""
    return _exactly(connection, int.from_bytes(_exactly(connection, 2), "big"))


def _exactly(connection: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        _acknowledge_at_once(connection)
        piece = connection.recv(length - len(content))
        if not piece:
            raise ConnectionError
        content += piece
    return content


def _acknowledge_at_once(connection: socket.socket) -> None:
    """vpcd writes length and body separately: a delayed acknowledgement would cost 40 ms a command.

    Linux forgets the option, so it is set before every read.
    """
    if hasattr(socket, "TCP_QUICKACK"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(len(content).to_bytes(2, "big") + content)
