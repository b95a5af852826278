"""Everything around the application for the demo: a profile of its own, the reference backend, a reader for cards.

The backend is the real program in a process of its own, over loopback TLS; the application is told where it is by the
same policy file an administrator would write. Nothing touches the user's own profile, key store or PC/SC service.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import tomli_w

from myna_app.duties import Parts
from myna_app.parts import make_client, make_ledger, make_passcode
from myna_app.settings.folders import Folders
from myna_app.settings.store import SettingsStore
from myna_app.vault import Entry, Record
from myna_sandbox.export import export_deck
from myna_sandbox.personalise import Sandbox
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


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """ユーザー設定情報 for one PC, as the reference backend hands it out."""

    office: str
    kind: str
    institution_code: str
    user_id: str
    password: str
    activation_code: str


@dataclass(frozen=True, slots=True)
class World:
    """What a demo plays in."""

    settings: SettingsStore
    parts: Parts
    sandbox: Sandbox
    reader: VirtualReader
    accounts: tuple[DemoAccount, ...]
    backend_data: Path

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
        with _serving(data) as address:
            folders = Folders(home / "config", home / "data", home / "policy", home / "machine", own_policy=True)
            folders.policy.mkdir()
            policy = {"backend_url": address, "ca_file": str(data / "ca.pem")}
            folders.policy_file.write_text(tomli_w.dumps(policy), "utf-8")
            pcsc = VirtualPcsc()
            settings = SettingsStore(folders, {}, frozen=False)
            yield World(
                settings,
                _parts(settings, pcsc),
                sandbox,
                pcsc.add_reader(READER_NAME),
                _accounts(data),
                data,
            )


def _parts(settings: SettingsStore, pcsc: VirtualPcsc) -> Parts:
    vault = DemoVault()
    return Parts(
        settings=lambda: settings,
        vault=lambda: vault,
        pcsc=pcsc,
        client=lambda store, device: make_client(store, device, vault),
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


@contextmanager
def _serving(data: Path) -> Iterator[str]:
    """The backend in a process of its own; its address. It ends with the block."""
    command = _command(data, "serve", "--demo", "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    if process.stdout is not None:
        for line in process.stdout:
            if line.startswith("listening on "):
                return line.removeprefix("listening on ").strip()
    raise RuntimeError("the reference backend did not start")
