"""The terminal's life: from fresh to registered and back (`docs/contract.md` §3).

Registration cannot strand an account. The key pair is in the vault before the backend hears of it, and the pair of
account and key always gets the same terminal id: killed at any moment, the program asks for the account's fields again
and ends with the terminal it would have had. Password and activation code are sent and forgotten.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, unique
from threading import RLock
from typing import TYPE_CHECKING

from myna_app import __version__
from myna_app.api.answers import Registration, RegistrationRequest
from myna_app.errors import Problem, RefusalError, SettingsError
from myna_app.formats.terminal_id import parse_terminal_id
from myna_app.formats.terms import Terms
from myna_app.settings.files import write_durably
from myna_app.settings.marker import current_user, note_registration, registered_user, remove_note
from myna_app.settings.store import SettingsStore
from myna_app.vault import Entry, Record, Vault

if TYPE_CHECKING:
    from myna_app.api.client import BackendClient
    from myna_app.device_key import DeviceKey

_ASSERTION_LIFETIME = 60
"""Seconds; the contract's most."""


@unique
class Phase(Enum):
    FRESH = "fresh"
    AGREED = "agreed"
    REGISTERING = "registering"
    """A key pair is made and the call may have been sent: ask for the account fields again."""
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class TerminalState:
    """`user_id`: the account of the registration, or of the one that was begun."""

    phase: Phase
    terminal_id: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What staff type on M-02."""

    institution_code: str
    user_id: str
    password: str = field(repr=False)
    activation_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Who the vault's entry is for. Without a terminal id the registration is pending."""

    user_id: str
    terminal_id: str | None = None

    @classmethod
    def read(cls, record: Record) -> "_Kept":
        """Raises `KeyError`, `ValueError` when the record is not one of ours."""
        terminal_id = None if record["pending"] is True else parse_terminal_id(str(record["terminal_id"]))
        return cls(str(record["user_id"]), terminal_id)

    def record(self) -> Record:
        kept: dict[str, str | bool] = {"user_id": self.user_id, "pending": self.terminal_id is None}
        return kept if self.terminal_id is None else {**kept, "terminal_id": self.terminal_id}


class Device:
    """The device key in the vault: signs, and says who this terminal is. Every method may raise `VaultError`.

    The key is read when it is first used, not when somebody asks who the terminal is.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._lock = RLock()
        self._kept: _Kept | None = None
        self._key: DeviceKey | None = None

    @property
    def terminal_id(self) -> str | None:
        """端末固有ID, once registered."""
        kept = self._read()
        return kept.terminal_id if kept is not None else None

    @property
    def user_id(self) -> str | None:
        """ユーザID of the account, registered or pending."""
        kept = self._read()
        return kept.user_id if kept is not None else None

    def thumbprint(self) -> str | None:
        """RFC 7638, SHA-256, base64url; None without a key."""
        return None if self._read() is None else self._needed_key().thumbprint()

    def client_assertion(self, issuer: str, now: datetime) -> str:
        """RFC 7523; the `AssertionProvider` of `BackendClient`."""
        kept = self._read()
        if kept is None or kept.terminal_id is None:
            raise RuntimeError("a terminal that is not registered has no token to ask for")
        issued_at = int(now.timestamp())
        claims = {
            "iss": kept.terminal_id,
            "sub": kept.terminal_id,
            "aud": issuer,
            "iat": issued_at,
            "exp": issued_at + _ASSERTION_LIFETIME,
            "jti": secrets.token_urlsafe(24),
        }
        return self._needed_key().sign(claims)

    def prepare(self, user_id: str) -> None:
        """Have a key in the vault for the registration of this account, before anybody else hears of it.

        The key of a registration that was begun is used again: the backend may know it already.
        """
        from myna_app.device_key import DeviceKey  # noqa: PLC0415 - brings JOSE

        kept = self._read()
        if kept is not None and kept.terminal_id is not None:
            raise RuntimeError("registered already; the device is forgotten first")
        self._write(_Kept(user_id), DeviceKey.generate() if kept is None else self._needed_key())

    def public_key(self) -> Mapping[str, str]:
        """JWK of the public half."""
        return self._needed_key().public()

    def possession(self, issuer: str, now: datetime) -> str:
        """The JWS that proves the key to `POST /v1/terminals`."""
        claims = {
            "aud": issuer,
            "iat": int(now.timestamp()),
            "jti": secrets.token_urlsafe(24),
            "user_id": self._needed().user_id,
        }
        return self._needed_key().sign(claims, "myna-possession+jwt")

    def registered(self, terminal_id: str) -> None:
        """The registration is complete; from here on the entry is only read."""
        self._write(_Kept(self._needed().user_id, terminal_id), self._needed_key())

    def forget(self) -> None:
        with self._lock:
            self._vault.delete(Entry.DEVICE)
            self._kept = self._key = None

    def _needed(self) -> _Kept:
        kept = self._read()
        if kept is None:
            raise RuntimeError("no device key; prepare it first")
        return kept

    def _read(self) -> _Kept | None:
        with self._lock:
            if self._kept is None:
                self._kept = self._vault.get(Entry.DEVICE, _Kept.read)
            return self._kept

    def _needed_key(self) -> "DeviceKey":
        from myna_app.device_key import DeviceKey  # noqa: PLC0415 - brings JOSE

        with self._lock:
            if self._key is None:
                kept, self._kept = self._needed(), None  # what has a damaged key is no device
                self._key = self._vault.get(Entry.DEVICE, DeviceKey.read)
                if self._key is None:
                    raise RuntimeError("no device key; prepare it first")
                self._kept = kept
            return self._key

    def _write(self, kept: _Kept, key: "DeviceKey") -> None:
        with self._lock:
            self._vault.set(Entry.DEVICE, {**key.kept(), **kept.record()})
            self._kept, self._key = kept, key


class Registrar:
    """Registers this PC as a terminal, and ends that again. Every method may raise `VaultError`."""

    def __init__(self, settings: SettingsStore, device: Device, client: "Callable[[], BackendClient]") -> None:
        """`client` is asked for when something is sent: what stands here is known without it."""
        self._settings = settings
        self._device = device
        self._client = client

    def state(self) -> TerminalState:
        """Where the terminal stands, from what was kept. Raises `SettingsError` OTHER_WINDOWS_USER when another user
        of this PC holds the registration."""
        machine = self._settings.folders.machine
        terminal_id, user_id = self._device.terminal_id, self._device.user_id
        if terminal_id is not None:
            note_registration(machine)
            return TerminalState(Phase.REGISTERED, terminal_id, user_id)
        if registered_user(machine) not in (None, current_user()):
            raise SettingsError(Problem.OTHER_WINDOWS_USER)
        if user_id is not None:
            return TerminalState(Phase.REGISTERING, user_id=user_id)
        return TerminalState(Phase.AGREED if self._settings.settings.terms_version is not None else Phase.FRESH)

    def agree(self, terms: Terms, at: datetime) -> None:
        """Remember consent to these terms, and their text, to be read again on M-23. Raises `SettingsError`."""
        write_durably(self._settings.folders.agreed_terms_file, terms.text)
        self._settings.set(terms_version=terms.version, terms_agreed_at=at)

    def register(self, account: Account) -> Registration:
        """Bind the account to this PC. Raises `RefusalError`, `ApiError`; may be called again after any of them."""
        self._device.prepare(account.user_id)
        try:
            done = self._client().register(self._request(account))
        except RefusalError as error:
            if error.code != "assertion_clock":
                raise
            # The refusal told the server's time; a proof made by that is taken.
            done = self._client().register(self._request(account))
        self._device.registered(done.terminal_id)
        note_registration(self._settings.folders.machine)
        return done

    def release(self) -> None:
        """Give the account back to the backend, then forget the device. A terminal the backend no longer knows is
        released already."""
        try:
            self._client().release()
        except RefusalError as error:
            if error.code != "terminal_unknown":
                raise
        self.forget()

    def forget(self) -> None:
        """Forget the device here alone: the backend does not know it any more."""
        self._device.forget()
        remove_note(self._settings.folders.machine)

    def _request(self, account: Account) -> RegistrationRequest:
        terms_version = self._settings.settings.terms_version
        if terms_version is None:
            raise RuntimeError("terms are agreed to before an account is registered")
        client = self._client()
        return RegistrationRequest(
            institution_code=account.institution_code,
            user_id=account.user_id,
            password=account.password,
            activation_code=account.activation_code,
            terms_version=terms_version,
            public_key=self._device.public_key(),
            possession=self._device.possession(client.issuer, client.now()),
            app_version=__version__,
        )
