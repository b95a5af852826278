"""Whether the operating system opens the program when this user signs in, as the setting wants it."""

import subprocess
import sys

import platformdirs

from myna_app import log
from myna_app.settings.folders import APP_NAME, is_frozen
from myna_app.settings.store import SettingsStore
from myna_app.settings.windows import set_run_at_sign_in

_ENTRY = """[Desktop Entry]
Type=Application
Name=資格確認アプリ
Exec={command}
"""
"""Desktop Application Autostart Specification 0.5."""


def apply(store: SettingsStore) -> None:
    """Done again at every start and change. A system that refuses costs the comfort, nothing else.

    A profile below `MYNA_APP_HOME` is somebody's trial and leaves the system's start alone.
    """
    if store.folders.own_policy:
        return
    command = _command() if store.settings.autostart else None
    try:
        if sys.platform == "win32":
            set_run_at_sign_in(APP_NAME, command)
        else:
            _write_entry(command)
    except OSError as error:
        log.write(log.crash(error))


def _command() -> str:
    words = [sys.executable] if is_frozen() else [sys.executable, "-m", "myna_app"]
    return subprocess.list2cmdline(words)


def _write_entry(command: str | None) -> None:
    entry = platformdirs.user_config_path() / "autostart" / f"{APP_NAME}.desktop"
    if command is None:
        entry.unlink(missing_ok=True)
        return
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text(_ENTRY.format(command=command), "utf-8")
