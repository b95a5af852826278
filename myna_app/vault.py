"""The operating system's key store: the one module that imports keyring.

Windows: Credential Manager, bound to this PC (never roaming). macOS: Keychain. Linux: Secret Service. Nothing else is
taken, whatever else keyring could find: no plaintext file, no chain that ends in one. Without a key store the program
says so and stops.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum, unique
from typing import Any, Protocol, TypeVar, cast

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from myna_app.errors import Problem, VaultError

Record = Mapping[str, str | int | bool]
"""Flat JSON object; less than 1,200 characters as JSON text, since Windows holds 2,560 bytes of UTF-16."""

LARGEST_RECORD = 1_200

T = TypeVar("T")


@unique
class Entry(StrEnum):
    DEVICE = "device"
    PASSCODE = "passcode"
    PROXY_PASSWORD = "proxy-password"  # noqa: S105 - the name of an entry, not a password


class Vault(Protocol):
    """Named secrets of one user. Every method raises `VaultError` VAULT_UNAVAILABLE."""

    def get(self, entry: Entry, read: Callable[[Record], T]) -> T | None:
        """What `read` makes of an entry; None: never written.

        An entry that is no record, or on which `read` raises `KeyError`, `TypeError` or `ValueError`, is damaged: it is
        set aside under another name with its content kept and told once by `VaultError` STORED_DATA_DAMAGED.
        """

    def set(self, entry: Entry, record: Record) -> None: ...

    def delete(self, entry: Entry) -> None:
        """Harmless when there is none."""


class KeyringVault:
    """The vault of a profile in the operating system's key store. `profile` keeps a demo apart from the real thing."""

    def __init__(self, profile: str, backend: KeyringBackend | None = None) -> None:
        self._profile = profile
        self._backend = backend

    def get(self, entry: Entry, read: Callable[[Record], T]) -> T | None:
        with self._opened() as store:
            text = store.get_password(self._service(entry), self._profile)
        if text is None:
            return None
        try:
            return read(_parse(text))
        except (KeyError, TypeError, ValueError, RecursionError):
            kept = f"{entry}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
            self._write(kept, text)
            self.delete(entry)
            raise VaultError.set_aside(f"entry {entry}", kept) from None

    def set(self, entry: Entry, record: Record) -> None:
        text = json.dumps(dict(record), ensure_ascii=True, separators=(",", ":"))
        if len(text) >= LARGEST_RECORD:
            raise ValueError(f"entry {entry} is too long for the key store of Windows")
        self._write(entry, text)

    def delete(self, entry: Entry) -> None:
        with self._opened() as store, suppress(PasswordDeleteError):
            store.delete_password(self._service(entry), self._profile)

    def _service(self, name: str) -> str:
        """A name of its own for each entry: Windows keeps one user name a service."""
        return f"{self._profile}/{name}"

    def _write(self, name: str, text: str) -> None:
        with self._opened() as store:
            service = self._service(name)
            store.set_password(service, self._profile, text)
            # On Windows keyring leaves what stood there before under "user@service"; an old key must not stay behind.
            old = f"{self._profile}@{service}"
            if _keeps_copies(store) and store.get_password(old, self._profile) is not None:
                store.delete_password(old, self._profile)

    @contextmanager
    def _opened(self) -> Iterator[KeyringBackend]:
        """The backend; whatever it raises becomes VAULT_UNAVAILABLE, with the error's kind but never its words."""
        try:
            if self._backend is None:
                self._backend = _system_backend()
            yield self._backend
        except Exception as error:  # keyring lets the errors of every operating system's own library through
            raise VaultError(Problem.VAULT_UNAVAILABLE, type(error).__name__) from error


def _system_backend() -> KeyringBackend:
    """The one real key store of this operating system. Raises whatever tells that it cannot be used."""
    # The imports stand here because each brings its operating system's library along, and start-up shall not wait.
    kind: Any
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring  # noqa: PLC0415 - see above

        kind = WinVaultKeyring
    elif sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain  # noqa: PLC0415 - see above

        kind = Keychain
    else:
        from keyring.backends.SecretService import Keyring as SecretService  # noqa: PLC0415 - see above

        kind = SecretService
    kind.priority  # noqa: B018 - asking is how keyring tells whether a store can be used: it raises if not
    backend = kind()
    if sys.platform == "win32":
        backend.persist = "local machine"  # by default the library lets entries roam to other PCs
    return cast(KeyringBackend, backend)


def _keeps_copies(backend: KeyringBackend) -> bool:
    return type(backend).__name__ == "WinVaultKeyring"


def _parse(text: str) -> Record:
    """Raises `ValueError` for anything but a flat JSON object."""
    record = json.loads(text)
    if not isinstance(record, dict) or not all(isinstance(value, str | int) for value in record.values()):
        raise ValueError("not a record")
    return record
