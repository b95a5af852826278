"""A terminal without windows and runner: `Visit` itself, in front of the real backend."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TypeVar

from myna_app.api.client import BackendClient
from myna_app.card.capability import CapabilityMemory
from myna_app.card.pcsc import PcscApi
from myna_app.card.readers import Readers, ReaderState
from myna_app.card.waiting import CardWait
from myna_app.formats.facility import FaceCheckWay
from myna_app.settings.folders import HOME_VARIABLE, find_folders
from myna_app.settings.store import SettingsStore
from myna_app.terminal import Account, Device, Registrar
from myna_app.vault import Vault
from myna_app.visit import Visit, VisitParts, VisitReport
from tests.parts import ReferenceBackend
from tests.vault.memory import MemoryVault

Client = TypeVar("Client", bound=BackendClient)


def registered(
    backend: ReferenceBackend,
    folder: Path,
    client_type: type[Client],
    kind: str = "medical",
    vault: Callable[[str], Vault] = lambda _profile: MemoryVault(),
) -> tuple[Client, str]:
    """The client of a terminal registered for an account of its own, and its terminal id. `vault` of its profile."""
    folders = find_folders({HOME_VARIABLE: str(folder)}, frozen=False)
    store, device = SettingsStore(folders, {}, frozen=False), Device(vault(folders.profile))
    client = client_type(backend.address, device.client_assertion, ca_file=backend.ca_file)
    registrar = Registrar(store, device, lambda: client)
    registrar.agree(client.terms(), client.now())
    issued = backend.new_account(kind)
    done = registrar.register(Account(issued.institution_code, issued.user_id, issued.password, issued.activation_code))
    return client, done.terminal_id


@dataclass
class RegisteredTerminal:
    """`reports`: of its visits, oldest first."""

    client: BackendClient
    terminal_id: str
    pcsc: PcscApi
    reader: str
    memory: CapabilityMemory = field(default_factory=CapabilityMemory)
    reports: list[VisitReport] = field(default_factory=list)

    @classmethod
    def new(
        cls, backend: ReferenceBackend, folder: Path, pcsc: PcscApi, reader: str, kind: str = "medical"
    ) -> "RegisteredTerminal":
        return cls(*registered(backend, folder, BackendClient, kind), pcsc, reader)

    def visit(self, *, allow_photograph: bool) -> Visit:
        """A visit of the card that lies on the reader now."""
        cards = CardWait()
        cards.update(Readers((ReaderState(self.reader, 1),)))
        parts = VisitParts(
            self.pcsc,
            self.memory,
            cards,
            self.client,
            lambda: True,
            self.reports.append,
            self.terminal_id,
            1.0,
            allow_photograph,
        )
        return Visit(
            parts,
            self.reader,
            FaceCheckWay.PHOTOGRAPH,
            time.monotonic(),
            progress=lambda _step: None,
            cancelled=Event(),
        )
