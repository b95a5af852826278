"""A vault of the tests: what another process would find is what was set."""

import json
from collections.abc import Callable

from myna_app.errors import Problem, VaultError
from myna_app.vault import Entry, Record, T


class MemoryVault:
    """Holds JSON text as the key store does. `write_fails`: the next writes raise VAULT_UNAVAILABLE."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.write_fails = False

    def get(self, entry: Entry, read: Callable[[Record], T]) -> T | None:
        if entry not in self.texts:
            return None
        try:
            return read(json.loads(self.texts[entry]))
        except (KeyError, TypeError, ValueError):
            self.texts[f"{entry}.damaged"] = self.texts.pop(entry)
            raise VaultError(Problem.STORED_DATA_DAMAGED, entry) from None

    def set(self, entry: Entry, record: Record) -> None:
        if self.write_fails:
            raise VaultError(Problem.VAULT_UNAVAILABLE, "memory")
        self.texts[entry] = json.dumps(dict(record))

    def delete(self, entry: Entry) -> None:
        self.texts.pop(entry, None)
