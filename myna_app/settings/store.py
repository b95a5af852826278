"""The settings in force, and the one way to change them."""

import os
from collections.abc import Mapping
from threading import Lock

import tomli_w

from myna_app.settings.files import write_durably
from myna_app.settings.folders import Folders, find_folders, is_frozen
from myna_app.settings.layers import (
    Layer,
    Source,
    environment_layer,
    policy_layer,
    registry_layer,
    user_layer,
)
from myna_app.settings.loader import Finding, merge
from myna_app.settings.route import Route, route
from myna_app.settings.table import KEYS, Setter, Settings


class SettingsStore:
    """Settings of this profile. The user's part is written when a choice is made; what others manage is read at the
    start, and when it is asked for again."""

    def __init__(
        self, folders: Folders | None = None, environment: Mapping[str, str] = os.environ, *, frozen: bool | None = None
    ) -> None:
        frozen = is_frozen() if frozen is None else frozen
        self.folders = find_folders(environment, frozen=frozen) if folders is None else folders
        self._frozen = frozen
        self._lock = Lock()
        self._user, self.damage = user_layer(self.folders)
        """`damage`: STORED_DATA_DAMAGED when the user file had to be set aside at this start, to be told once."""
        self._environment = environment_layer(environment, frozen=frozen)
        self._managed = self._read_managed()
        self._loaded = merge((self._user, *self._managed))

    @property
    def settings(self) -> Settings:
        """The snapshot in force."""
        return self._loaded.settings

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was not accepted, for the page of managed settings and the doctor."""
        return self._loaded.findings

    def look_again(self) -> None:
        """Read what others manage anew: an administrator may have written it while the program told what is missing."""
        with self._lock:
            self._managed = self._read_managed()
            self._loaded = merge((self._user, *self._managed))

    def _read_managed(self) -> tuple[Layer, ...]:
        return self._environment, policy_layer(self.folders), registry_layer()

    def origin(self, key: str) -> Source:
        """Who set `key`; what a policy set is read-only on the settings page."""
        return self._loaded.origins[key]

    def set(self, **values: object) -> Settings:
        """Write values to the user file, durably and all at once; None takes a key out. Returns the new snapshot.

        Raises `BadValueError` for a value out of bounds, `SettingsError` DISK_FULL when there is no room.
        """
        for name, value in values.items():
            if not KEYS[name].setters & (Setter.USER | Setter.PROGRAM):
                raise ValueError(f"{name} is set by policy alone")
            if value is not None:
                KEYS[name].kind.parse(value)
        with self._lock:
            # Keys this version does not know stay, for the newer one that wrote them.
            kept = {name: value for name, value in {**self._user.values, **values}.items() if value is not None}
            write_durably(self.folders.user_file, tomli_w.dumps(kept))
            self._user, _damage = user_layer(self.folders)
            self._loaded = merge((self._user, *self._managed))
            return self._loaded.settings

    def route(self) -> Route:
        """The way to the backend. Raises `SettingsError` BACKEND_NOT_SET or POLICY_UNSAFE."""
        return route(self._loaded, str(self.folders.policy_file), frozen=self._frozen)
