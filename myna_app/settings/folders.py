"""Where the program keeps its files on this operating system."""

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "myna-app"
HOME_VARIABLE = "MYNA_APP_HOME"


def is_frozen() -> bool:
    """Built by PyInstaller: this is what runs at a reception desk."""
    return bool(getattr(sys, "frozen", False))


@dataclass(frozen=True, slots=True)
class Folders:
    """`config`: user settings. `data`: ledger, log and counters of the user. `policy`: written by administrators alone.
    `machine`: shared by the users of this PC. `own_policy`: the profile belongs to one person who is her own
    administrator (`MYNA_APP_HOME`), so the policy may be hers."""

    config: Path
    data: Path
    policy: Path
    machine: Path
    own_policy: bool = False

    @property
    def policy_file(self) -> Path:
        return self.policy / "policy.toml"

    @property
    def user_file(self) -> Path:
        return self.config / "settings.toml"

    @property
    def ledger_file(self) -> Path:
        return self.data / "ledger.sqlite3"

    @property
    def agreed_terms_file(self) -> Path:
        """The text of the terms that were agreed to."""
        return self.data / "terms.txt"

    @property
    def passcode_count_file(self) -> Path:
        return self.data / "passcode-count.json"

    @property
    def log_file(self) -> Path:
        return self.data / "events.log"

    @property
    def profile(self) -> str:
        """Name of the profile in the key store, of its own below each `MYNA_APP_HOME`."""
        if not self.own_policy:
            return APP_NAME
        return f"{APP_NAME}-{hashlib.sha256(str(self.config).encode()).hexdigest()[:8]}"


def find_folders(environment: Mapping[str, str] = os.environ, *, frozen: bool | None = None) -> Folders:
    """The folders of this user, or those below `MYNA_APP_HOME`, which frozen programs do not heed."""
    home = environment.get(HOME_VARIABLE)
    if home and not (is_frozen() if frozen is None else frozen):
        root = Path(home).resolve()
        return Folders(root / "config", root / "data", root / "policy", root / "machine", own_policy=True)
    own = platformdirs.PlatformDirs(APP_NAME, appauthor=False)
    site = own.site_config_path if sys.platform in ("win32", "darwin") else Path("/etc", APP_NAME)
    # Below ProgramData the installer lets users write to this folder only; the policy beside it stays read-only.
    machine = own.site_data_path / "machine" if sys.platform in ("win32", "darwin") else Path("/var/lib", APP_NAME)
    return Folders(own.user_config_path, own.user_data_path, site, machine)
