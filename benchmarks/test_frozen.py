"""Size and start of the frozen program, beside a bare frozen window with the same Qt modules, in the same run."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import tomli_w

from benchmarks.table import Row, spread
from installer.package import freeze
from tests.parts import BIN, Pcscd, ReferenceBackend
from tests.story.window import Window

STARTS = 7
HERE = Path(__file__).parent
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the bare window."""
    out = tmp_path_factory.mktemp("bare")
    options = ["--noconfirm", "--log-level", "WARN", "--distpath", str(out), "--workpath", str(out / "build")]
    subprocess.run([BIN / "pyinstaller", *options, HERE / "bare_window.spec"], check=True)
    return out / "bare"


@pytest.fixture(scope="module")
def ours() -> Path:
    return freeze("linux").folder


@pytest.fixture
def policy(backend: ReferenceBackend) -> Iterator[None]:
    folder = Path("/etc/myna-app")
    folder.mkdir()
    content = {"backend_url": backend.address, "ca_file": str(backend.ca_file)}
    (folder / "policy.toml").write_text(tomli_w.dumps(content), "utf-8")
    yield
    (folder / "policy.toml").unlink()
    folder.rmdir()


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def seconds_to_window(program: Path, title: str) -> float:
    """From the start of the process until the X server shows a window of that title."""
    began = time.monotonic()
    with subprocess.Popen([program]) as process:
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", title]
        subprocess.run(search, stdout=subprocess.DEVNULL, check=True, timeout=60)
        took = time.monotonic() - began
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
    return took


def set_up(window: Window, backend: ReferenceBackend) -> None:
    window.open("M-01")
    window.agree()
    window.fill_in(backend.new_account())
    window.press_until("M-03", "Return")
    window.press_until("M-04", "Return")
    window.choose_passcode()
    window.close()


@pytest.mark.usefixtures("policy")
def test_frozen(ours: Path, bare: Path, backend: ReferenceBackend, pcscd: Pcscd, table: list[Row]) -> None:
    big, small = size(ours), size(bare)
    table.append(Row("frozen size", f"{big / 1e6:.0f} MB", f"{small / 1e6:.0f} MB bare", f"1.25x: {big / small:.2f}x"))
    set_up(Window(ours / "myna-app"), backend)
    rounds = [
        (
            seconds_to_window(bare / "bare", "bare - M-00"),
            seconds_to_window(ours / "myna-app", " - M-"),
            seconds_to_window(ours / "myna-app", " - M-06"),
        )
        for _ in range(STARTS)
    ]
    empty, frame, passcode = (sorted(column) for column in zip(*rounds, strict=True))
    middle = STARTS // 2
    for what, ours_, aim in (("first window", frame, 1.5), ("passcode field", passcode, 2.5)):
        ratio = ours_[middle] / empty[middle]
        table.append(Row(f"frozen start to {what}", spread(ours_), f"{spread(empty)} bare", f"{aim}x: {ratio:.2f}x"))
