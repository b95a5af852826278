"""The client of the virtual reader, against a reader of the test's own that listens on loopback."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Queue

import pytest

from myna_sandbox.faults import FaultyCard, Pull
from myna_sandbox.virtual_card.card import Card, VirtualCard
from myna_sandbox.virtual_card.files import CardImage
from myna_sandbox.vpcd import VpcdCard

from .talk import AIDS

SELECT = bytes.fromhex(f"00A4040C0A{AIDS['JPKI']}")
OFF, ON, RESET, ATR = b"\x00", b"\x01", b"\x02", b"\x04"


@dataclass(frozen=True, slots=True)
class Reader:
    """The listening end; `accept` waits for a card."""

    listening: socket.socket

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", int(self.listening.getsockname()[1])

    def accept(self) -> socket.socket:
        connection, _ = self.listening.accept()
        connection.settimeout(20)
        return connection


def tell(connection: socket.socket, message: bytes) -> None:
    # Length and body separately, as vpcd does.
    connection.sendall(len(message).to_bytes(2, "big"))
    connection.sendall(message)


def hear(connection: socket.socket) -> bytes:
    length = int.from_bytes(connection.recv(2, socket.MSG_WAITALL), "big")
    return connection.recv(length, socket.MSG_WAITALL)


def ask(connection: socket.socket, message: bytes) -> bytes:
    tell(connection, message)
    return hear(connection)


@pytest.fixture
def reader() -> Iterator[Reader]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        yield Reader(listening)


@dataclass(frozen=True, slots=True)
class Put:
    """A card being served on a thread; `powered` gets an entry when it is announced."""

    client: VpcdCard
    thread: threading.Thread
    powered: "Queue[None]"

    def lift(self) -> None:
        self.client.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()


def put(card: Card, address: tuple[str, int]) -> Put:
    powered: Queue[None] = Queue()
    client = VpcdCard(card, address, powered=lambda: powered.put(None))
    thread = threading.Thread(target=client.run)
    thread.start()
    return Put(client, thread, powered)


def test_power_commands_and_the_atr(persona_image: CardImage, reader: Reader) -> None:
    on_reader = put(VirtualCard(persona_image), reader.address)
    with reader.accept() as connection:
        assert ask(connection, ATR).hex().upper() == "3BE000FF8131FE4514"
        assert on_reader.powered.empty()
        assert ask(connection, SELECT) == b"\x00"  # mute: too short for a status word
        tell(connection, ON)
        assert ask(connection, SELECT) == b"\x90\x00"
        tell(connection, RESET)
        assert ask(connection, bytes.fromhex("00200098")) == bytes.fromhex("63C3")
        tell(connection, OFF)
        tell(connection, ON)
        assert ask(connection, bytes.fromhex("00200098")) == bytes.fromhex("6A82")
        assert on_reader.powered.get(timeout=20) is None
        assert on_reader.powered.empty()
        on_reader.lift()
        assert connection.recv(1) == b""


def test_long_messages_pass_whole(persona_image: CardImage, reader: Reader) -> None:
    on_reader = put(VirtualCard(persona_image), reader.address)
    with reader.accept() as connection:
        tell(connection, ON)
        ask(connection, SELECT)
        assert len(ask(connection, bytes.fromhex("00B08A00000000"))) > 1024
        on_reader.lift()


def test_a_reader_that_comes_back_gets_the_card_again_and_unpowered(persona_image: CardImage, reader: Reader) -> None:
    on_reader = put(VirtualCard(persona_image), reader.address)
    with reader.accept() as first:
        tell(first, ON)
        ask(first, SELECT)
    with reader.accept() as second:
        assert ask(second, SELECT) == b"\x00"
        on_reader.lift()


def test_a_card_waits_for_a_reader_that_is_not_there_yet(persona_image: CardImage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        address = ("127.0.0.1", int(reserved.getsockname()[1]))
    on_reader = put(VirtualCard(persona_image), address)
    with socket.create_server(address) as listening, Reader(listening).accept() as connection:
        assert ask(connection, ATR)
        on_reader.lift()


def test_a_card_can_be_lifted_while_no_reader_is_there(persona_image: CardImage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        address = ("127.0.0.1", int(reserved.getsockname()[1]))
    put(VirtualCard(persona_image), address).lift()


def test_a_pulled_card_closes_the_connection_and_does_not_come_back(persona_image: CardImage, reader: Reader) -> None:
    on_reader = put(FaultyCard(VirtualCard(persona_image), [Pull(2, executed=False)]), reader.address)
    with reader.accept() as connection:
        tell(connection, ON)
        assert ask(connection, SELECT) == b"\x90\x00"
        tell(connection, SELECT)
        assert connection.recv(2) == b""
    on_reader.thread.join(20)
    assert not on_reader.thread.is_alive()
