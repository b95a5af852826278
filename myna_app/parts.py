"""The real parts of the program: the operating system's PC/SC and key store, HTTPS, files of this user."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from myna_app.card.scard import PyscardApi
from myna_app.duties import Duties
from myna_app.ledger import Ledger
from myna_app.passcode import Passcode
from myna_app.services import Parts
from myna_app.settings.route import Route
from myna_app.settings.store import SettingsStore
from myna_app.terminal import Device
from myna_app.vault import Entry, KeyringVault, Vault

if TYPE_CHECKING:
    from myna_app.api.client import BackendClient
    from myna_app.diagnostics import Doctor
    from myna_app.update.service import Updates


def make_client(
    settings: SettingsStore, device: Device, vault: Vault, make: "Callable[..., BackendClient] | None" = None
) -> "BackendClient":
    """The backend that the settings name, spoken to by what `make` makes, or else by the real client.

    Raises `SettingsError` when they name none, or cannot be trusted.
    """
    from myna_app.api.client import BackendClient  # noqa: PLC0415 - HTTPS and JSON: the passcode waits for neither

    route = settings.route()
    proxy = route.proxy_url(_proxy_password(route, vault))
    return (make or BackendClient)(route.base_url, device.client_assertion, ca_file=route.ca_file, proxy=proxy)


def _proxy_password(route: Route, vault: Vault) -> str | None:
    return vault.get(Entry.PROXY_PASSWORD, lambda record: str(record["password"])) if route.proxy_user else None


def make_passcode(vault: Vault, settings: SettingsStore) -> Passcode:
    return Passcode(vault, settings.folders.passcode_count_file)


def make_ledger(settings: SettingsStore) -> Ledger:
    return Ledger(settings.folders.ledger_file)


def make_parts(settings: SettingsStore) -> Parts:
    """What a reception desk runs with."""
    vault = KeyringVault(settings.folders.profile)
    return Parts(
        settings=lambda: settings,
        vault=lambda: vault,
        pcsc=PyscardApi(),
        client=lambda store, device: make_client(store, device, vault),
        passcode=make_passcode,
        ledger=make_ledger,
        updates=make_updates,
    )


def make_doctor(settings: SettingsStore) -> "Doctor":
    """A doctor for the real parts."""
    from myna_app.diagnostics import Doctor  # noqa: PLC0415 - start-up does not pay for it

    vault = KeyringVault(settings.folders.profile)
    device = Device(vault)
    return Doctor(PyscardApi(), settings, device, lambda: make_client(settings, device, vault))


def make_updates(settings: SettingsStore) -> "Updates | None":
    """The policy's updates, over the way that leads to the backend; None: they are off. Raises `SettingsError`."""
    from myna_app.api.transport import fetch  # noqa: PLC0415 - start-up does not pay for it
    from myna_app.update.service import Channel, Updates  # noqa: PLC0415 - as above

    channel = Channel.of(settings.settings)
    if channel is None:
        return None
    route = settings.route()
    vault = KeyringVault(settings.folders.profile)
    way = partial(fetch, ca_file=route.ca_file, proxy=route.proxy_url(_proxy_password(route, vault)))
    return Updates(channel, settings.folders.data / "updates", way)


def make_device(settings: SettingsStore) -> Device:
    return Device(KeyringVault(settings.folders.profile))


def make_duties(settings: SettingsStore) -> Duties:
    """For commands that have no journey."""
    return Duties(make_parts(settings))
