"""What every call works with: settings, store, server key, clock, trust anchors."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from myna_backend.files import write_private
from myna_backend.japan_time import day_in_japan
from myna_backend.settings import Settings
from myna_backend.store.engine import Store, open_store
from myna_backend.trust import AnchorCache

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ServerKey:
    """Key of the HMACs under which serial numbers and refused keys are kept; without it the rows say nothing."""

    value: bytes = field(repr=False)

    def digest(self, *parts: str) -> str:
        """HMAC-SHA-256 in hex over the parts, which hold no NUL."""
        return hmac.new(self.value, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Backend:
    settings: Settings
    store: Store
    server_key: ServerKey
    clock: Clock
    anchors: AnchorCache

    @property
    def policy_oid(self) -> str:
        return self.settings.policy_oid or self.settings.mode.policy_oid

    def activation_code_end(self) -> datetime:
        """When a code that is issued now stops working."""
        return self.clock() + timedelta(days=self.settings.activation_code_days)

    def today(self) -> date:
        """The day in Japan."""
        return day_in_japan(self.clock())


def load_server_key(data: Path) -> ServerKey:
    """The key in the data folder, made at first use. Servers that share a database share this file."""
    file = data / "server.key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        write_private(file, secrets.token_bytes(32))
    return ServerKey(file.read_bytes())


def open_backend(settings: Settings, clock: Clock = system_clock) -> Backend:
    """Opens and migrates the store; makes the server key at first use."""
    server_key = load_server_key(settings.data)
    store = open_store(settings.database, settings.mode)
    return Backend(settings, store, server_key, clock, AnchorCache(settings.mode))
