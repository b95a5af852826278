"""The program as `make package` froze it for Linux, driven from outside the process."""

import csv
import gzip
import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from installer.contents import BUILT, LICENCES
from installer.package import DIST, commit_time, freeze
from myna_app import __version__
from tests.parts import BIN, Pcscd, ReferenceBackend, card
from tests.story.window import PASSCODE, Window

FROZEN = DIST / "linux" / "myna-app"
NAME = f"myna-app-{__version__}-linux"
pytestmark = pytest.mark.timeout(900)


@pytest.mark.usefixtures("machine_policy", "pcscd")
def test_the_frozen_program_goes_from_the_terms_to_a_verdict(backend: ReferenceBackend) -> None:
    window = Window(FROZEN / "myna-app")
    try:
        window.set_up(backend.new_account())
        window.kill()
        window.open("M-06")
        window.type(PASSCODE)
        window.until("M-10")
        window.press_until("M-12", "Return")
        with card("p01"):
            window.until("M-13")
    finally:
        window.close()


def test_every_part_of_the_program_is_inside_and_loads(pcscd: Pcscd) -> None:
    done = subprocess.run(
        [FROZEN / "myna-app", "doctor", "--self", "--json"], capture_output=True, text=True, check=False
    )
    parts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [part for part in parts if not part["good"]] == []
    assert [part["name"] for part in parts] == ["qt_platform", "tls", "key_store", "jpeg_2000", "pcsc", "translations"]
    assert done.returncode == 0, done.stderr


def test_neither_backend_nor_sandbox_are_in_the_reception_build() -> None:
    names = [file.name for file in FROZEN.rglob("*")]
    assert not [name for name in names if "myna_backend" in name or "myna_sandbox" in name]
    toc = subprocess.run(
        [BIN / "pyi-archive_viewer", "--list", "--recursive", FROZEN / "myna-app"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "myna_app.runner" in toc
    assert "myna_backend" not in toc
    assert "myna_sandbox" not in toc


def test_every_file_shipped_is_listed_with_its_origin_and_a_licence() -> None:
    with (DIST / f"{NAME}-files.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["file"]: row for row in csv.DictReader(stream)}
    files = {str(path.relative_to(FROZEN)) for path in FROZEN.rglob("*") if path.is_file() and not path.is_symlink()}
    assert set(rows) == files
    assert [row["file"] for row in rows.values() if row["licence"] in ("", "NOASSERTION") or not row["from"]] == []
    licences = json.loads(gzip.decompress((FROZEN / LICENCES).read_bytes()))
    assert {row["from"] for row in rows.values()} <= {licence["name"] for licence in licences}
    assert [licence["name"] for licence in licences if not all(licence.values())] == []


def test_what_lies_inside_the_program_is_in_the_bill_of_materials() -> None:
    bill = json.loads((DIST / f"{NAME}-sbom.cdx.json").read_text("utf-8"))
    names = {component["name"].lower() for component in bill["components"]}
    assert {"cpython", "pyside6_essentials", "requests", "python-stdnum", "pyscard", "cryptography"} <= names


def test_the_program_knows_the_day_of_its_commit_and_not_of_its_build() -> None:
    assert (FROZEN / BUILT).read_text("utf-8") == f"{datetime.fromtimestamp(commit_time(), UTC).date()}\n"


def test_the_sums_are_those_of_the_files() -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=DIST, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_desktop_file_is_valid() -> None:
    subprocess.run(["desktop-file-validate", FROZEN / "myna-app.desktop"], check=True)


def test_two_builds_of_one_commit_are_the_same(tmp_path: Path) -> None:
    again = freeze("linux", dist=tmp_path / "dist", build=tmp_path / "build").folder
    added = {"myna-app.desktop", str(LICENCES), str(BUILT)}
    assert _sums(again) == {name: digest for name, digest in _sums(FROZEN).items() if name not in added}


def _sums(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
