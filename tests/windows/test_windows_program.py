"""The Windows program that `make package` built, under Wine: its own parts, its window, its upgrade, the practice."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from installer.package import DIST, make_installer
from installer.wine import Wine
from myna_app import __version__
from tests.parts import wait_until

PROGRAM = DIST / "windows" / "myna-app"
PRACTICE = DIST / "windows" / "myna-practice"
HOME = r"C:\Program Files\myna-app"
pytestmark = pytest.mark.timeout(3600)


def title(windows: Wine) -> str:
    """Of the program's window, as the screen shows it."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", "M-"], capture_output=True, text=True, check=False
    )
    names = [
        subprocess.run(["xdotool", "getwindowname", window], capture_output=True, text=True, check=False).stdout
        for window in found.stdout.split()
    ]
    return "".join(names)


def test_every_part_of_the_program_is_inside_and_loads(windows: Wine) -> None:
    done = windows.run(PROGRAM / "myna-app-console.exe", "doctor", "--self", "--json")
    parts = {row["name"]: row for row in (json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{")}
    assert [name for name, row in parts.items() if not row["good"]] == [], parts
    assert set(parts) == {"qt_platform", "tls", "key_store", "jpeg_2000", "pcsc", "translations"}
    assert done.returncode == 0


def test_the_doctor_says_that_windows_has_no_smart_card_service(windows: Wine) -> None:
    """Wine has none; a Windows whose service is stopped or forbidden answers alike."""
    done = windows.run(PROGRAM / "myna-app-console.exe", "doctor", "--json")
    (service,) = [json.loads(line) for line in done.stdout.splitlines() if '"service"' in line]
    assert (service["outcome"], service["problem"]) == ("bad", "E-R03")
    assert done.returncode == 1


def test_the_table_of_forwards_carries_no_time_it_was_made() -> None:
    table = PROGRAM / "_internal" / "python3.dll"
    said = subprocess.run(["x86_64-w64-mingw32-objdump", "-p", table], capture_output=True, text=True, check=True)
    assert re.findall(r"Time/Date\s+(?:stamp\s+)?(.+)", said.stdout) == ["Thu Jan  1 00:00:00 1970", "0"]
    assert "Forwarder RVA -- python313.PyObject_Call" in said.stdout


def test_the_program_tells_its_version(windows: Wine) -> None:
    done = windows.run(PROGRAM / "myna-app-console.exe", "--version")
    assert (done.returncode, done.stdout.strip()) == (0, __version__)


def test_an_upgrade_asks_the_running_program_to_close(windows: Wine, tmp_path: Path) -> None:
    """The window closes as by its own button; the new version takes the place of the old one."""
    setup = DIST / f"myna-app-{__version__}-setup.exe"
    assert windows.run(setup, "/S").returncode == 0
    windows.kill()  # a Windows that began without a screen stays without one
    with windows.start(windows.path(HOME + r"\app\myna-app.exe"), DISPLAY=os.environ["DISPLAY"]) as running:
        wait_until(lambda: "M-14" in title(windows), "the window says that no backend is set", 300)
        bundle = tmp_path / "bundle"
        bundle.mkdir()
        for name in ("myna-app.exe", "myna-app-console.exe"):
            shutil.copy(PROGRAM / name, bundle)
        make_installer(bundle, "99.0.0", tmp_path / "newer.exe")
        assert windows.run(tmp_path / "newer.exe", "/S", DISPLAY=os.environ["DISPLAY"]).returncode == 0
        assert running.wait(300) == 0
    assert not (windows.path(HOME) / "app" / "_internal").exists()
    assert windows.run(windows.path(HOME + r"\uninstall.exe"), "/S", "/KEEPDATA").returncode == 0


def test_the_practice_program_plays_visits_to_their_verdicts(windows: Wine, tmp_path: Path) -> None:
    windows.kill()
    done = windows.run(
        PRACTICE / "myna-practice-console.exe", "demo", "--headless", seconds=3000, DISPLAY=os.environ["DISPLAY"]
    )
    verdicts = [line for line in done.stdout.splitlines() if " verdict " in line]
    assert len(verdicts) >= 10, done.stdout
    assert done.returncode == 0
