"""The operating system's key store: the one module that imports keyring."""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Protocol

Record = Mapping[str, str | int | bool]
"""Flat JSON object; at most 1,200 characters as JSON text."""


@unique
class Entry(StrEnum):
    DEVICE = "device"
    PASSCODE = "passcode"
    PROXY_PASSWORD = "proxy-password"  # noqa: S105 - the name of an entry, not a password


class Vault(Protocol):
    """Named secrets of one user. Every method raises `VaultError`."""

    def get(self, entry: Entry) -> Record | None:
        """None: never written. A damaged entry is set aside under another name with its content kept and reported
        once by `VaultError` (STORED_DATA_DAMAGED); afterwards it is None."""

    def set(self, entry: Entry, record: Record) -> None: ...

    def delete(self, entry: Entry) -> None: ...
