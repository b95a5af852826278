"""Size and start of the frozen program, beside a bare frozen window with the same Qt modules, in the same run."""

import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.table import Row, spread
from installer.package import freeze
from tests.parts import BIN, ReferenceBackend
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


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def seconds_to_window(program: Path, title: str) -> float:
    """From the start of the process until the X server shows a window of that title; looked at every 20 ms."""
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    began = time.monotonic()
    with subprocess.Popen([program]) as process:
        while subprocess.run(search, stdout=subprocess.DEVNULL, check=False).returncode:
            assert process.poll() is None, f"{program.name} ended"
            assert time.monotonic() < began + 60, f"no window {title}"
            time.sleep(0.02)
        took = time.monotonic() - began
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
    return took


@pytest.mark.usefixtures("machine_policy", "pcscd")
def test_frozen(ours: Path, bare: Path, backend: ReferenceBackend, table: list[Row]) -> None:
    big, small = size(ours), size(bare)
    table.append(Row("frozen size", f"{big / 1e6:.0f} MB", f"{small / 1e6:.0f} MB bare", f"1.25x: {big / small:.2f}x"))
    window = Window(ours / "myna-app")
    window.set_up(backend.new_account())
    window.close()
    rounds = [
        (
            seconds_to_window(bare / "bare", "bare - M-00"),
            seconds_to_window(ours / "myna-app", "資格確認アプリ| - M-"),
            seconds_to_window(ours / "myna-app", " - M-06"),
        )
        for _ in range(STARTS)
    ]
    empty, frame, passcode = (sorted(column) for column in zip(*rounds, strict=True))
    middle = STARTS // 2
    for what, ours_, aim in (("first window", frame, 1.5), ("passcode field", passcode, 2.5)):
        ratio = ours_[middle] / empty[middle]
        table.append(Row(f"frozen start to {what}", spread(ours_), f"{spread(empty)} bare", f"{aim}x: {ratio:.2f}x"))
