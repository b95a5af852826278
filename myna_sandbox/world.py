"""Everything around the application for the demo: a profile of its own, the reference backend, a reader for cards.

The backend is the real program in a process of its own, over loopback TLS; the application is told where it is by the
same policy file an administrator would write. Nothing touches the user's own profile, key store or PC/SC service.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import tomli_w

from myna_app.parts import make_client, make_ledger, make_passcode
from myna_app.services import Parts
from myna_app.settings.folders import Folders
from myna_app.settings.store import SettingsStore
from myna_app.settings.table import Settings
from myna_app.vault import Entry, Record
from myna_sandbox.export import export_deck
from myna_sandbox.personalise import Sandbox
from myna_sandbox.rehearsal import Rehearsal, RehearsedClient
from myna_sandbox.virtual_reader import VirtualPcsc, VirtualReader

T = TypeVar("T")
READER_NAME = "見本カードリーダー 00 00"


class DemoVault:
    """A key store that forgets everything with the demo. The window says that it is a demo."""

    def __init__(self) -> None:
        self._records: dict[Entry, Record] = {}

    def get(self, entry: Entry, read: Callable[[Record], T]) -> T | None:
        record = self._records.get(entry)
        return None if record is None else read(record)

    def set(self, entry: Entry, record: Record) -> None:
        self._records[entry] = dict(record)

    def delete(self, entry: Entry) -> None:
        self._records.pop(entry, None)


class DemoSettings(SettingsStore):
    """Settings of which one is the trainer's, as if an administrator's policy changed while the program runs."""

    allow_photograph = False

    @property
    def settings(self) -> Settings:
        return replace(super().settings, allow_photograph=self.allow_photograph)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """ユーザー設定情報 for one PC, as the reference backend hands it out."""

    office: str
    kind: str
    institution_code: str
    user_id: str
    password: str
    activation_code: str


@dataclass(slots=True)
class World:
    """What a demo plays in. `reader` is another one after its cable was pulled and plugged in again."""

    settings: "DemoSettings"
    parts: Parts
    sandbox: Sandbox
    reader: VirtualReader
    accounts: tuple[DemoAccount, ...]
    backend_data: Path
    pcsc: VirtualPcsc
    backend: "BackendProcess"
    rehearsal: Rehearsal

    def change_account(self, act: str, user_id: str) -> None:
        """`stop` or `resume` an account, as an administrator does."""
        _backend(self.backend_data, "account", act, user_id)


@contextmanager
def make_world() -> Iterator[World]:
    """A world that ends, with all its files, at the end of the block."""
    with TemporaryDirectory(prefix="myna-demo-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        sandbox = Sandbox()
        export_deck(sandbox, home / "deck")
        data = home / "backend"
        _backend(data, "load", str(home / "deck"))
        with BackendProcess(data) as backend:
            folders = Folders(home / "config", home / "data", home / "policy", home / "machine", own_policy=True)
            folders.policy.mkdir()
            policy = {"backend_url": backend.address, "ca_file": str(data / "ca.pem")}
            folders.policy_file.write_text(tomli_w.dumps(policy), "utf-8")
            pcsc = VirtualPcsc()
            settings = DemoSettings(folders, {}, frozen=False)
            reader = pcsc.add_reader(READER_NAME)
            rehearsal = Rehearsal(reader)
            yield World(
                settings,
                _parts(settings, pcsc, rehearsal),
                sandbox,
                reader,
                _accounts(data),
                data,
                pcsc,
                backend,
                rehearsal,
            )


def _parts(settings: SettingsStore, pcsc: VirtualPcsc, rehearsal: Rehearsal) -> Parts:
    vault = DemoVault()
    return Parts(
        settings=lambda: settings,
        vault=lambda: vault,
        pcsc=pcsc,
        client=lambda store, device: make_client(store, device, vault, partial(RehearsedClient, rehearsal)),
        passcode=make_passcode,
        ledger=make_ledger,
    )


def _accounts(data: Path) -> tuple[DemoAccount, ...]:
    def account(row: Mapping[str, str]) -> DemoAccount:
        return DemoAccount(**{name: row[name] for name in DemoAccount.__slots__})

    return tuple(account(row) for row in json.loads((data / "demo-accounts.json").read_text("utf-8")))


def _command(data: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "myna_backend", *words, "--data", str(data)]


def _backend(data: Path, *words: str) -> None:
    subprocess.run(_command(data, *words), check=True, stdout=subprocess.DEVNULL)


class BackendProcess:
    """The backend in a process of its own. It can be stopped and started again at the same address."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._process: subprocess.Popen[str] | None = None
        self.address = ""

    def __enter__(self) -> "BackendProcess":
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Returns when it listens. Raises `RuntimeError` when it does not."""
        port = self.address.rpartition(":")[2] or "0"
        command = _command(self._data, "serve", "--demo", "--port", port, *self._certificate())
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self.address = _address(process)
        except BaseException:
            process.kill()
            raise
        self._process = process

    def _certificate(self) -> tuple[str, ...]:
        """The one of the first start, for the terminal trusts its authority alone."""
        if not self.address:
            return ()
        return ("--tls-cert", str(self._data / "server.pem"), "--tls-key", str(self._data / "server-key.pem"))

    def stop(self) -> None:
        """As a power cut would; asked politely it waits for its callers."""
        if self._process is not None:
            with self._process as process:  # waits, and closes the pipe
                process.kill()
            self._process = None


def _address(process: subprocess.Popen[str]) -> str:
    if process.stdout is not None:
        for line in process.stdout:
            if line.startswith("listening on "):
                return line.removeprefix("listening on ").strip()
    raise RuntimeError("the reference backend did not start")
