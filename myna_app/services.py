"""The parts a terminal works with, each made when it is first needed: on a worker, so that no window waits for them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

from myna_app.card.capability import CapabilityMemory
from myna_app.card.pcsc import PcscApi
from myna_app.card.waiting import CardWait
from myna_app.ledger import Ledger
from myna_app.passcode import Passcode
from myna_app.settings.store import SettingsStore
from myna_app.terminal import Device, Registrar
from myna_app.vault import Vault

if TYPE_CHECKING:
    from myna_app.api.client import BackendClient
    from myna_app.diagnostics import Doctor
    from myna_app.update.service import Updates


def _no_updates(_settings: SettingsStore) -> None:
    """Updates are off."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the program is put together from; the composition root fills it. Each is called once, on a worker; `client`
    and `updates` again when the way to them has changed."""

    settings: Callable[[], SettingsStore]
    vault: Callable[[], Vault]
    pcsc: PcscApi
    client: "Callable[[SettingsStore, Device], BackendClient]"
    passcode: Callable[[Vault, SettingsStore], Passcode]
    ledger: Callable[[SettingsStore], Ledger]
    updates: "Callable[[SettingsStore], Updates | None]" = _no_updates


class Services:
    """Safe from several workers."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._making = RLock()
        self.pcsc = parts.pcsc
        self.memory = CapabilityMemory()
        self.cards = CardWait()

    @cached_property
    def settings(self) -> SettingsStore:
        with self._making:
            return self._parts.settings()

    @cached_property
    def vault(self) -> Vault:
        with self._making:
            return self._parts.vault()

    @cached_property
    def device(self) -> Device:
        with self._making:
            return Device(self.vault)

    @cached_property
    def client(self) -> "BackendClient":
        with self._making:
            return self._parts.client(self.settings, self.device)

    @cached_property
    def registrar(self) -> Registrar:
        with self._making:
            return Registrar(self.settings, self.device, lambda: self.client)

    @cached_property
    def passcode(self) -> Passcode:
        with self._making:
            return self._parts.passcode(self.vault, self.settings)

    @cached_property
    def ledger(self) -> Ledger:
        with self._making:
            return self._parts.ledger(self.settings)

    @cached_property
    def updates(self) -> "Updates | None":
        with self._making:
            return self._parts.updates(self.settings)

    def doctor(self) -> "Doctor":
        from myna_app.diagnostics import Doctor  # noqa: PLC0415 - start-up does not pay for it

        return Doctor(self.pcsc, self.settings, self.device, lambda: self.client)

    def change_way(self) -> None:
        """The way to the servers is another one now (a proxy was chosen): whatever went the old way is made anew."""
        with self._making:
            for name in ("client", "updates"):
                self.__dict__.pop(name, None)
