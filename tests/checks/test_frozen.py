"""The program as PyInstaller freezes it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from tests.parts import BIN, Pcscd, ReferenceBackend
from tests.story.window import Window

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen folder."""
    out = tmp_path_factory.mktemp("frozen")
    command = [BIN / "pyinstaller", "--noconfirm", "--log-level", "WARN", "--distpath", out / "dist"]
    subprocess.run([*command, "--workpath", out / "build", ROOT / "myna_app.spec"], check=True, cwd=ROOT)
    return out / "dist" / "myna-app"


@pytest.fixture
def policy(backend: ReferenceBackend) -> Iterator[None]:
    """What an administrator writes; /etc is the tests' own copy."""
    folder = Path("/etc/myna-app")
    folder.mkdir()
    content = {"backend_url": backend.address, "ca_file": str(backend.ca_file)}
    (folder / "policy.toml").write_text(tomli_w.dumps(content), "utf-8")
    yield
    (folder / "policy.toml").unlink()
    folder.rmdir()


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("policy")
def test_the_frozen_program_starts_to_its_first_screen_and_takes_consent(frozen: Path, pcscd: Pcscd) -> None:
    window = Window(frozen / "myna-app")
    try:
        window.open("M-01")
        window.press("alt+a")
        window.until("M-02")
    finally:
        window.close()


def test_neither_backend_nor_sandbox_are_in_the_reception_build(frozen: Path) -> None:
    names = [file.name for file in frozen.rglob("*")]
    assert not [name for name in names if "myna_backend" in name or "myna_sandbox" in name]
    toc = subprocess.run(
        [BIN / "pyi-archive_viewer", "--list", "--recursive", frozen / "myna-app"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "myna_app.runner" in toc
    assert "myna_backend" not in toc
    assert "myna_sandbox" not in toc
