"""Wine, as far as this project needs it: a prefix of its own, the 64-bit loader started directly, output through pipes.

Debian's wine64 comes without 32-bit support and without its `wine` start script. Python under Wine takes no file as its
standard output, but a pipe.
"""

import os
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

LOADER = Path("/usr/lib/wine/wine64")
SERVER = Path("/usr/lib/wine/wineserver64")


@dataclass(frozen=True, slots=True)
class Wine:
    """A Windows 10 of our own below `prefix`."""

    prefix: Path

    @property
    def drive(self) -> Path:
        """C:"""
        return self.prefix / "drive_c"

    @property
    def environment(self) -> dict[str, str]:
        """No menus and file types on the host, no offers to download Mono and Gecko.

        No screen either, or Wine's desktop would stay and no Windows program would ever be the last: who wants one says
        so with `DISPLAY`.
        """
        return {
            **{name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")},
            "WINEPREFIX": str(self.prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "winemenubuilder.exe=d;mscoree,mshtml=",
        }

    def boot(self) -> None:
        """Make the prefix, once. Needs no screen."""
        if not (self.prefix / "system.reg").exists():
            self.prefix.mkdir(parents=True)
            self.run("wineboot", "--init")
            self.run("winecfg", "/v", "win10")
            self.settle()

    def run(
        self, *command: str | Path, seconds: float = 600, folder: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a Windows program to its end, in `folder`; its output as text, whatever its exit status.

        Wine's own services inherit the pipe and may hold it open: the end of the program counts, not that of the pipe.
        """
        output, inlet = os.pipe()
        said, end = b"", time.monotonic() + seconds
        with os.fdopen(output, "rb", buffering=0) as stream:
            environ = {**self.environment, **environment}
            process = subprocess.Popen(
                [LOADER, *command], cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=inlet, stderr=inlet
            )
            os.close(inlet)
            running = True
            while running:
                running = process.poll() is None
                while select.select([stream], [], [], 0.1 if running else 0)[0] and (piece := stream.read(65536)):
                    said += piece
                if time.monotonic() > end:
                    process.kill()
                    raise subprocess.TimeoutExpired(process.args, seconds, said)
        return subprocess.CompletedProcess(process.args, process.wait(), said.decode("utf-8", "replace"))

    def start(self, *command: str | Path, **environment: str) -> subprocess.Popen[str]:
        """Start a Windows program; its output is a pipe."""
        return subprocess.Popen(
            [LOADER, *command],
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def settle(self) -> None:
        """Wait until no Windows program runs any more and the registry is on the disk."""
        subprocess.run([SERVER, "-w"], env=self.environment, check=True, timeout=600)

    def kill(self) -> None:
        """End every program of this prefix; the registry is written."""
        subprocess.run([SERVER, "-k"], env=self.environment, check=False, timeout=300)

    def path(self, windows: str) -> Path:
        r"""Where a ``C:\…`` path lies on the host."""
        return self.drive.joinpath(*windows.removeprefix("C:\\").split("\\"))
