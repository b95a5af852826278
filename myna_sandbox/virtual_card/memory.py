"""What a card remembers without power: tries left and changed secrets, in a file or in memory.

The file is JSON: ``{"tries_left": {"SURFACE.0011": 9}, "changed": {"JPKI.0018": "35363738"}}``; a reference that does
not stand in it is as it was issued. It is replaced as a whole, and before the card answers.
"""

import json
import os
from pathlib import Path
from typing import Protocol

from myna_sandbox.virtual_card.files import CardImage, Secret


class Memory(Protocol):
    """Keeps one card's state. Names are ``APPLICATION.file id``, e.g. ``SURFACE.0011``."""

    def tries_left(self, name: str, secret: Secret) -> int: ...

    def set_tries_left(self, name: str, count: int) -> None: ...

    def value(self, name: str, secret: Secret) -> bytes | None: ...

    def set_value(self, name: str, value: bytes) -> None: ...


class VolatileMemory:
    """State that ends with the process."""

    def __init__(self) -> None:
        self._tries_left: dict[str, int] = {}
        self._changed: dict[str, str] = {}

    def tries_left(self, name: str, secret: Secret) -> int:
        issued = secret.tries if secret.issued is None else secret.issued
        return self._tries_left.get(name, issued)

    def set_tries_left(self, name: str, count: int) -> None:
        if self._tries_left.get(name) != count:
            self._tries_left[name] = count
            self._keep()

    def value(self, name: str, secret: Secret) -> bytes | None:
        changed = self._changed.get(name)
        return secret.value if changed is None else bytes.fromhex(changed)

    def set_value(self, name: str, value: bytes) -> None:
        self._changed[name] = value.hex()
        self._keep()

    def _keep(self) -> None:
        """Nothing outlives this memory."""


class FileMemory(VolatileMemory):
    """State that outlives the process. Deleting the file puts a card back to its day of issue."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        if path.exists():
            state = json.loads(path.read_text("utf-8"))
            self._tries_left.update(state["tries_left"])
            self._changed.update(state["changed"])

    def _keep(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        temporary.write_text(json.dumps({"tries_left": self._tries_left, "changed": self._changed}), "utf-8")
        temporary.replace(self._path)


def counters(image: CardImage, memory: Memory) -> dict[str, int]:
    """Tries left of every reference on the card, by name."""
    return {
        name: memory.tries_left(name, secret)
        for application in image.applications
        for file_id, secret in application.secrets.items()
        for name in [reference_name(application.name, file_id)]
    }


def reference_name(application: str, file_id: int) -> str:
    return f"{application}.{file_id:04X}"
