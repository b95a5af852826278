"""The settings in force, and the one way to change them."""

from dataclasses import dataclass
from pathlib import Path

from myna_app.errors import SettingsError
from myna_app.settings.table import Settings


@dataclass(frozen=True, slots=True)
class Route:
    """The way to the backend."""

    base_url: str
    proxy: str | None
    proxy_user: str | None
    ca_file: Path | None

    def proxy_url(self, password: str | None) -> str | None:
        """`proxy` with user and password for `BackendClient`."""
        raise NotImplementedError


class SettingsStore:
    @property
    def settings(self) -> Settings:
        """The snapshot in force."""
        raise NotImplementedError

    @property
    def damage(self) -> SettingsError | None:
        """STORED_DATA_DAMAGED, when the user file had to be set aside at this start."""
        raise NotImplementedError

    def set(self, **values: object) -> Settings:
        """Set values of the user file, durably and in one step; returns the new snapshot."""
        raise NotImplementedError

    def route(self) -> Route:
        """Raise `SettingsError` BACKEND_NOT_SET or POLICY_UNSAFE."""
        raise NotImplementedError
