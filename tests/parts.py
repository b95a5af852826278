"""The real parts around the program, as the tests start them: PC/SC service, card, backend."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from smartcard import scard

from myna_sandbox.virtual_card.card import Card
from myna_sandbox.vpcd import VpcdCard

BIN = Path(sys.executable).parent
VPCD_PORT = 35963
VPCD_READER = "Virtual PCD 00 00"
READER_CONFIGURATION = Path("/etc/reader.conf.d")


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Wait for something another process does; fails with `what` after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"timed out waiting until {what}")
        time.sleep(0.01)


def needs_room() -> None:
    """Fail where the tests have no namespace of their own: the machine's pcscd and key store are not ours to use."""
    assert os.environ.get("MYNA_TEST_ROOM") == "inside", "run this through tests/run (make test)"


class Program:
    """A child process whose standard output is read line by line."""

    def __init__(self, *command: str | Path, env: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **(env or {})},
        )

    def line(self, containing: str) -> str:
        """The next line that contains the text; fails when the program ends before."""
        assert self.process.stdout is not None
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if containing in line:
                return line.rstrip("\n")
        raise AssertionError(f"the program ended without saying {containing!r}:\n{''.join(seen)}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        self.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()


class Pcscd:
    """A pcscd of our own, with the virtual reader or with none."""

    def __init__(self, empty_configuration: Path) -> None:
        needs_room()
        self._empty = empty_configuration
        self._program: subprocess.Popen[bytes] | None = None

    def start(self, *, with_reader: bool = True) -> None:
        configuration = READER_CONFIGURATION if with_reader else self._empty
        self._program = subprocess.Popen(
            ["pcscd", "--foreground", "--config", str(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(Path("/run/pcscd/pcscd.comm").exists, "pcscd listens")
        if with_reader:
            wait_until(_vpcd_listens, "the virtual reader listens")

    def stop(self, *, kill: bool = False) -> None:
        if self._program is None:
            return
        self._program.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        self._program.wait()
        self._program = None
        for leftover in ("pcscd.comm", "pcscd.pid"):
            (Path("/run/pcscd") / leftover).unlink(missing_ok=True)

    def restart(self, *, with_reader: bool = True, kill: bool = False) -> None:
        self.stop(kill=kill)
        self.start(with_reader=with_reader)


def _vpcd_listens() -> bool:
    """Looks into the kernel's table: connecting would count as a card."""
    listening = f":{VPCD_PORT:04X} "
    return any(
        listening in line and line.split()[3] == "0A"
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text("ascii").splitlines()
    )


def _told(known: int | None) -> int | None:
    """The virtual reader's state word once pcscd tells programs another one than `known`; None where it has no reader.

    pcscd switches a card on before it tells: who connects in between hears "no card". And a card laid on before pcscd
    has noticed that the last one left is taken for that one, and not switched on.
    """
    if known is None:
        return None
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        return None
    code, states = scard.SCardGetStatusChange(context, 120_000, [(VPCD_READER, known)])
    scard.SCardReleaseContext(context)
    return None if code else int(states[0][1] & ~scard.SCARD_STATE_CHANGED)


def _until_empty() -> None:
    state = _told(scard.SCARD_STATE_UNAWARE)
    while state is not None and not state & scard.SCARD_STATE_EMPTY:
        state = _told(state)


@contextmanager
def card(person: str, *options: str) -> Iterator[Program]:
    """A person's card on the virtual reader; lifted at the end of the block."""
    before = _told(scard.SCARD_STATE_UNAWARE)
    with Program(BIN / "myna-sandbox", "card", person, "--vpcd", f"127.0.0.1:{VPCD_PORT}", *options) as program:
        program.line("inserted")
        _told(before)
        yield program
    _until_empty()


@contextmanager
def lying(card: Card) -> Iterator[None]:
    """The same for a card of this process: its counters can be looked at, and no interpreter has to start."""
    before = _told(scard.SCARD_STATE_UNAWARE)
    powered = threading.Event()
    on_reader = VpcdCard(card, ("127.0.0.1", VPCD_PORT), powered.set)
    reader = threading.Thread(target=on_reader.run, name="vpcd")
    reader.start()
    try:
        assert powered.wait(120), "the reader has not switched the card on"
        _told(before)
        yield
    finally:
        on_reader.stop()
        reader.join()
        _until_empty()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class OfficeAccount:
    """What an office gets for one PC."""

    institution_code: str
    user_id: str
    password: str
    activation_code: str


class ReferenceBackend:
    """`myna-backend serve --demo` as a process of its own, with the deck loaded."""

    def __init__(self, data: Path, deck: Path) -> None:
        self.data = data
        self._deck = deck
        self._port = free_port()
        self.address = f"https://127.0.0.1:{self._port}"
        self._program: Program | None = None

    @property
    def ca_file(self) -> Path:
        return self.data / "ca.pem"

    def start(self, **environment: str) -> None:
        """Serve; with `MYNA_BACKEND_STALL`, stalling once after the commit of a call. Later starts keep the CA."""
        options = ["--demo", "--data", str(self.data), "--port", str(self._port)]
        if self.ca_file.exists():
            options += ["--tls-cert", str(self.data / "server.pem"), "--tls-key", str(self.data / "server-key.pem")]
        else:
            self._run("load", str(self._deck))
        self._program = Program(BIN / "myna-backend", "serve", *options, env=environment)
        self._program.line("listening on")

    def stop(self) -> None:
        """End it at once, as a power cut would."""
        if self._program is not None:
            self._program.kill()
            self._program = None

    def hold(self) -> None:
        """Takes calls and answers none, until `go_on`."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._program is not None
        self._program.process.send_signal(number)

    def new_account(self, kind: str = "medical", starts_on: str = "2026-04-01") -> OfficeAccount:
        """An account of its own for one test."""
        code = "8888888888" if kind == "care" else "9919910019"
        text = self._run(
            "account", "add", "--office", "見本診療所", "--kind", kind, "--institution-code", code,
            "--contact", "見本県国保連合会　000-000-0000", "--starts-on", starts_on,
        )  # fmt: skip
        words = {line.split()[0]: line.split()[-1] for line in text.splitlines() if line.startswith("  ")}
        return OfficeAccount(
            words["機関コード"], words["ユーザID"], words["パスワード"], words["アクティベーションコード"]
        )

    def account(self, act: str, user_id: str) -> str:
        """`stop`, `resume`, `release` or `end` an account."""
        return self._run("account", act, user_id)

    def terminal_of(self, user_id: str) -> str | None:
        """端末固有ID that holds the account, from the store itself: some tests have no time for a command."""
        with closing(sqlite3.connect(self.data / "backend.sqlite3")) as store:
            account = int(user_id.removeprefix("W"))
            found = store.execute("SELECT terminal_id FROM terminals WHERE account_id = ?", (account,)).fetchone()
        return None if found is None else str(found[0])

    def audited_visits(self) -> int:
        """Rows of the audit."""
        with closing(sqlite3.connect(self.data / "backend.sqlite3")) as store:
            return int(store.execute("SELECT count(*) FROM audit").fetchone()[0])

    def person(self, act: str, person_id: str) -> str:
        """`deny`, `allow` or `unpin` a person."""
        return self._run("person", act, person_id)

    def _run(self, *words: str) -> str:
        command = [str(BIN / "myna-backend"), *words, "--data", str(self.data)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
