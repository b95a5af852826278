"""Whether the system opens the program at sign-in, on real files."""

import sys
from pathlib import Path

import pytest

from myna_app import autostart
from myna_app.settings.folders import Folders
from myna_app.settings.store import SettingsStore


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    return tmp_path / "xdg" / "autostart" / "myna-app.desktop"


def store(home: Path, *, own_policy: bool = False) -> SettingsStore:
    folders = Folders(home / "c", home / "d", home / "p", home / "m", own_policy=own_policy)
    return SettingsStore(folders, {}, frozen=False)


def test_the_choice_decides_whether_the_system_opens_the_program(entry: Path, tmp_path: Path) -> None:
    settings = store(tmp_path)
    autostart.apply(settings)
    assert not entry.exists()
    settings.set(autostart=True)
    autostart.apply(settings)
    autostart.apply(settings)
    assert f"Exec={sys.executable} -m myna_app\n" in entry.read_text("utf-8")
    settings.set(autostart=None)
    autostart.apply(settings)
    assert not entry.exists()


def test_a_trial_leaves_the_systems_start_alone(entry: Path, tmp_path: Path) -> None:
    settings = store(tmp_path, own_policy=True)
    settings.set(autostart=True)
    autostart.apply(settings)
    assert not entry.exists()


def test_a_system_that_refuses_costs_nothing_else(entry: Path, tmp_path: Path) -> None:
    entry.parent.parent.mkdir()
    entry.parent.write_text("a file stands where the folder should be")
    settings = store(tmp_path)
    settings.set(autostart=True)
    autostart.apply(settings)
    assert not entry.exists()
