"""The card's side: a visit's exchange, the way from a card's coming to the first command, a command through vpcd."""

import socket
import statistics
import sys
import threading
import time
from dataclasses import dataclass
from threading import Event

import pytest

from benchmarks.bare import READER, BareCard
from benchmarks.table import Row, spread
from myna_app.card.capability import CapabilityMemory
from myna_app.card.connection import connected
from myna_app.card.jpki import JpkiSession
from myna_app.card.pcsc import CardHandle, CardProtocol
from myna_app.card.readers import ReaderMonitor, Readers
from myna_app.card.scard import PyscardApi
from myna_app.card.surface import SurfaceSession, issuer_certificate_of_open_session
from myna_app.card.waiting import CardWait
from myna_sandbox.personalise import Sandbox
from tests.parts import Pcscd, Program, card

VISITS, COMMANDS, INSERTIONS = 100, 1000, 15
SELECT = bytes.fromhex("00A4040C0AD392F000260100000001")


class Noting(PyscardApi):
    """PC/SC as the program uses it, noting what is sent and when."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, bytes]] = []

    def transmit(self, card: CardHandle, protocol: CardProtocol, command: bytes) -> bytes:
        self.sent.append((time.monotonic(), command))
        return super().transmit(card, protocol, command)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one card's part of a visit: from the first command to the last answer; with connecting and closing."""

    exchange: float
    whole: float


def exchange(api: PyscardApi, memory: CapabilityMemory, key: str, *, first: bool) -> Took:
    connecting = time.perf_counter()
    with connected(api, READER, memory) as connection:
        with connection.transaction() as channel:
            began = time.perf_counter()
            JpkiSession(channel).read_authentication_certificate()
            SurfaceSession(channel).sign_message(b"message")
            ended = time.perf_counter()
        if first:
            with connection.transaction() as channel:
                issuer_certificate_of_open_session(channel)
                surface = SurfaceSession(channel)
                surface.verify_birth_date(key, staff_typed_it=False)
                surface.read_birth_date_record()
                ended = time.perf_counter()
    return Took(ended - began, time.perf_counter() - connecting)


def bare_exchange(commands: list[bytes]) -> Took:
    """The same commands in the same transactions: the network lies between the fourth and the fifth."""
    began = time.perf_counter()
    bare = BareCard()
    for half in (commands[:4], commands[4:]):
        if half:
            bare.send(half)
    bare.close()
    return Took(bare.ended - bare.began, time.perf_counter() - began)


@pytest.mark.parametrize(("visit", "first"), [("first", True), ("later", False)])
def test_the_exchange_of_a_visit(pcscd: Pcscd, deck: object, table: list[Row], visit: str, first: bool) -> None:
    holder = Sandbox().person("p01").holder
    key = holder.key(holder.birth_date_form)
    memory, noting, api = CapabilityMemory(), Noting(), PyscardApi()
    ours: list[Took] = []
    bare: list[Took] = []
    with card("p01"):
        exchange(noting, memory, key, first=first)
        commands = [command for _, command in noting.sent]
        for _ in range(VISITS):  # in turn, so that both meet the machine in the same mood
            ours.append(exchange(api, memory, key, first=first))
            bare.append(bare_exchange(commands))
    for span, of in (("from first command to last answer", "exchange"), ("with connecting and closing", "whole")):
        our_times, bare_times = ([getattr(took, of) for took in times] for times in (ours, bare))
        ratio = statistics.median(our_times) / statistics.median(bare_times)
        what = f"a {visit} visit's {len(commands)} APDUs over the same bytes by bare SCardTransmit, {span}"
        table.append(Row(what, spread(our_times), f"{spread(bare_times)}; ratio {ratio:.2f}", "ratio at most 1.15"))


def test_from_the_cards_coming_to_the_first_command(pcscd: Pcscd, deck: object, table: list[Row]) -> None:
    waited = []
    cards, api, empty = CardWait(), Noting(), Event()

    def readers_changed(readers: Readers) -> None:
        cards.update(readers)
        if any(reader.card_present for reader in readers.readers):
            empty.clear()
        else:
            empty.set()

    monitor = ReaderMonitor(api, readers_changed)
    monitor.start()
    with Program(sys.executable, "-m", "benchmarks.bare") as bare:
        bare.line("empty")
        for _ in range(INSERTIONS):
            assert empty.wait(20)
            api.sent.clear()
            ready = threading.Thread(target=_first_command, args=(api, cards))
            ready.start()
            with card("p01"):
                ready.join()
                noticed = float(bare.line("card").split()[1])
            waited.append(api.sent[0][0] - noticed)
            bare.line("empty")
        monitor.stop()
    table.append(
        Row(
            "from a bare SCardGetStatusChange's return in another process to our first APDU",
            spread(waited),
            "0 ms (that return)",
            "at most 30 ms",
        )
    )


def _first_command(api: Noting, cards: CardWait) -> None:
    reader = cards.wait(READER, 60.0, Event())
    with connected(api, reader, CapabilityMemory()) as connection, connection.transaction() as channel:
        JpkiSession(channel)


def test_one_command_through_vpcd(pcscd: Pcscd, deck: object, table: list[Row]) -> None:
    with card("p01"):
        bare = BareCard()
        took = []
        for _ in range(COMMANDS):
            began = time.perf_counter()
            bare.send([SELECT])
            took.append(time.perf_counter() - began)
        bare.close()
    echo = _echoes(COMMANDS)
    table.append(
        Row("a SELECT through pcscd and vpcd, with its transaction", spread(took), f"TCP echo {spread(echo)}", "0.5 ms")
    )


def _echoes(count: int) -> list[float]:
    """The same bytes there and back between two threads over loopback TCP."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(64):
                connection.sendall(data)

    threading.Thread(target=answer, daemon=True).start()
    took = []
    with socket.create_connection(listener.getsockname()) as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            began = time.perf_counter()
            one.sendall(SELECT)
            one.recv(64)
            took.append(time.perf_counter() - began)
    listener.close()
    return took
