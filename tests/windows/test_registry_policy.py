"""The policy in the registry, read by a genuine Windows Python: each key as the administrative template writes it."""

import json
import shutil
from pathlib import Path

import certifi
import pytest

from installer.fleet import example, policy_keys
from installer.package import BUILD
from installer.windows_python import ROOT
from installer.wine import Wine
from myna_app.settings.kinds import Switch, Whole
from myna_app.settings.table import KEYS
from myna_app.settings.windows import POLICY_KEY

PYTHON = BUILD / "windows-python" / "python.exe"
ASK = """
import json
from myna_app.office import managed_rows
from myna_app.settings.store import SettingsStore
print(json.dumps([[row.key, row.value, row.source, row.fault] for row in managed_rows(SettingsStore())]))
"""
pytestmark = pytest.mark.timeout(600)


def import_policy(windows: Wine, values: dict[str, str], folder: Path) -> None:
    """`values` as they stand in a ``.reg`` file, in place of what was there."""
    key = rf"HKEY_LOCAL_MACHINE\{POLICY_KEY}"
    lines = ["Windows Registry Editor Version 5.00", f"[-{key}]", f"[{key}]"]
    lines += [f'"{name}"={value}' for name, value in values.items()]
    file = folder / "policy.reg"
    file.write_text("\r\n\r\n".join(lines) + "\r\n", "utf-16", newline="")
    assert windows.run("regedit", "/S", file).returncode == 0


def managed(windows: Wine) -> list[list[str | None]]:
    """Key, value, source and fault of each line on the page of managed settings."""
    done = windows.run(PYTHON, "-c", ASK, folder=ROOT, PYTHONDONTWRITEBYTECODE="1", PYTHONUTF8="1")
    lines = [line for line in done.stdout.splitlines() if line.startswith("[[") or line == "[]"]
    assert lines, done.stdout
    rows: list[list[str | None]] = json.loads(lines[0])
    return rows


def written(name: str) -> tuple[str, str]:
    """A key's example as `.reg` writes it, and as the page shows it."""
    value = example(name)
    if isinstance(KEYS[name].kind, Switch | Whole):
        assert isinstance(value, int)
        shown = {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
        return f"dword:{value:08x}", shown
    text = str(value)
    return '"' + text.replace("\\", "\\\\") + '"', text


def test_each_key_in_the_registry_holds_and_is_shown_as_the_registrys(windows: Wine, tmp_path: Path) -> None:
    authority = windows.path(str(example("ca_file")))
    authority.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(certifi.where(), authority)
    import_policy(windows, {name: written(name)[0] for name in policy_keys()}, tmp_path)
    assert managed(windows) == [[name, written(name)[1], "registry", None] for name in policy_keys()]


def test_each_key_of_a_wrong_type_in_the_registry_is_told(windows: Wine, tmp_path: Path) -> None:
    import_policy(windows, dict.fromkeys(policy_keys(), "hex(7):61,00,00,00,00,00"), tmp_path)
    assert [(row[0], row[2], row[3]) for row in managed(windows)] == [
        (name, "registry", "type") for name in policy_keys()
    ]


def test_without_a_policy_in_the_registry_nothing_is_managed(windows: Wine, tmp_path: Path) -> None:
    import_policy(windows, {}, tmp_path)
    assert managed(windows) == []
