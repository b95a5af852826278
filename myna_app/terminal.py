"""The terminal's life: from fresh to registered and back (`docs/contract.md` §3)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, unique

from myna_app.api.answers import Registration
from myna_app.api.client import BackendClient
from myna_app.settings.store import SettingsStore
from myna_app.vault import Vault


@unique
class Phase(Enum):
    FRESH = "fresh"
    AGREED = "agreed"
    REGISTERING = "registering"
    """A key pair is made and the call may have been sent: ask for the account fields again."""
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class TerminalState:
    phase: Phase
    terminal_id: str | None = None
    user_id: str | None = None
    other_user: str | None = None
    """Another user of this PC holds the registration (name of that account)."""


@dataclass(frozen=True, slots=True)
class Account:
    """What staff type on M-02."""

    institution_code: str
    user_id: str
    password: str = field(repr=False)
    activation_code: str = field(repr=False)


class Device:
    """The device key in the vault: signs, and says who this terminal is."""

    def __init__(self, vault: Vault) -> None:
        raise NotImplementedError

    @property
    def terminal_id(self) -> str | None:
        raise NotImplementedError

    def thumbprint(self) -> str | None:
        """RFC 7638, SHA-256, base64url."""
        raise NotImplementedError

    def client_assertion(self, issuer: str, now: datetime) -> str:
        """RFC 7523; the `AssertionProvider` of `BackendClient`."""
        raise NotImplementedError


class Registrar:
    def __init__(self, settings: SettingsStore, device: Device, client: BackendClient) -> None:
        raise NotImplementedError

    def state(self) -> TerminalState:
        raise NotImplementedError

    def agree(self, version: str, at: datetime) -> None:
        """Remember consent to this version of the terms."""
        raise NotImplementedError

    def register(self, account: Account) -> Registration:
        raise NotImplementedError

    def release(self) -> None:
        """Give the account back to the backend and forget the device."""
        raise NotImplementedError

    def forget(self) -> None:
        """Forget the device here alone (the backend answered `terminal_unknown`)."""
        raise NotImplementedError
