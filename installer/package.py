"""`make package`: everything that is handed to installers, in `dist/`. On Windows: ``python -m installer.package``.

Words: ``linux`` and ``windows`` (the frozen folders), ``installer`` (needs the folder ``windows``), ``practice``,
``fleet`` (policy schema and templates), ``sums``. Without words, all that this system can build.

Environment: ``MYNA_SIGN`` is a command that signs the file whose path is appended, ``MYNA_SIGN_VERIFY`` one that fails
for a file that is not properly signed. Without them nothing is signed, and the program says so.
"""

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from installer.windows_python import CPYTHON_VERSION, ROOT, BuildError, make_windows_python
from installer.wine import Wine
from myna_app import __version__

BUILD = ROOT / "build"
DIST = ROOT / "dist"
ON_WINDOWS = sys.platform == "win32"
_EPOCH_FALLBACK = 1_767_225_600  # 2026-01-01, where there is no git


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen folder, and the Python it was made with."""

    folder: Path
    contents: Path
    site: Path
    python_version: str


def commit_time() -> int:
    """Seconds since 1970 of the commit that is built; stands for "now" in everything that is made."""
    found = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(found.stdout.strip() or _EPOCH_FALLBACK)


def freeze(system: str, name: str = "myna-app", *, dist: Path = DIST, build: Path = BUILD) -> Frozen:
    """Freeze for ``linux`` or ``windows``: here, or under Wine. The same commit gives the same files."""
    folder, work = dist / system, build / system / name
    options = ["--noconfirm", "--log-level", "WARN", "--distpath", str(folder), "--workpath", str(work)]
    practice = ["--", "--practice"] if name == "myna-practice" else []
    command = ["-m", "PyInstaller", *options, "myna_app.spec", *practice]
    # no hash seed of its own for each run; times are the commit's
    fixed = {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": str(commit_time())}
    if system == "windows" and not ON_WINDOWS:
        wine = Wine(BUILD / "wine")
        python = make_windows_python(BUILD / "windows-python", wine)
        done = wine.run(python, *command, seconds=7200, folder=ROOT, PYTHONDONTWRITEBYTECODE="1", **fixed)
        site, version = python.parent / "Lib" / "site-packages", CPYTHON_VERSION
        status, said = done.returncode, done.stdout
    else:
        made = subprocess.run([sys.executable, *command], cwd=ROOT, env={**os.environ, **fixed}, check=False)
        status, said = made.returncode, ""
        site, version = Path(sysconfig.get_path("purelib")), platform.python_version()
    if status:
        raise BuildError(f"PyInstaller ended with {status}\n{said}")
    if system == "windows":
        for file in sorted((folder / name).rglob("*")):
            if file.suffix.lower() in (".exe", ".dll", ".pyd"):
                sign(file)
    return Frozen(folder / name, work / "myna_app" / "contents.json", site, version)


def sign(file: Path) -> None:
    """Sign by the command of the environment, and look whether it is signed. Raises `BuildError`."""
    for variable in ("MYNA_SIGN", "MYNA_SIGN_VERIFY"):
        command = os.environ.get(variable)
        if command and subprocess.run([*shlex.split(command), file], stdout=subprocess.DEVNULL, check=False).returncode:
            raise BuildError(f"{variable} failed for {file.name}")


def describe(frozen: Frozen, system: str) -> None:
    """The licences inside a frozen folder; the table of its files and the SBOM beside it."""
    from installer import contents  # noqa: PLC0415 - needs the development packages
    from installer.origins import Origins  # noqa: PLC0415 - as above

    origins = Origins(frozen.site, frozen.python_version, __version__)
    owners = {
        *(file.origin for file in contents.list_files(frozen.folder, frozen.contents, origins)),
        *contents.module_owners(frozen.contents, origins),
    }
    when = datetime.fromtimestamp(commit_time(), UTC)
    contents.write_licences(owners, frozen.folder / contents.LICENCES)
    (frozen.folder / contents.BUILT).write_text(f"{when.date()}\n", "utf-8", newline="\n")
    name = f"{frozen.folder.name}-{__version__}-{system}"
    contents.write_table(contents.list_files(frozen.folder, frozen.contents, origins), DIST / f"{name}-files.csv")
    contents.write_sbom("myna-app", __version__, owners, when, DIST / f"{name}-sbom.cdx.json")
    for path in frozen.folder.rglob("*"):  # the installer keeps them
        os.utime(path, (commit_time(), commit_time()), follow_symlinks=False)


def linux() -> None:
    frozen = freeze("linux")
    shutil.copy(ROOT / "installer" / "myna-app.desktop", frozen.folder)
    describe(frozen, "linux")

    def neutral(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = commit_time()
        return entry

    with tarfile.open(DIST / f"myna-app-{__version__}-linux-x86_64.tar.xz", "w:xz", preset=1) as archive:
        archive.add(frozen.folder, "myna-app", filter=neutral)


def windows() -> None:
    describe(freeze("windows"), "windows")


def practice() -> None:
    """The trainers' program, for Windows."""
    describe(freeze("windows", "myna-practice"), "windows")


def make_installer(source: Path, version: str, output: Path) -> None:
    """Compile the NSIS script over a frozen folder."""
    signing = [f"-DSIGN={os.environ['MYNA_SIGN']}"] if os.environ.get("MYNA_SIGN") else []
    defines = [f"-DVERSION={version}", f"-DSOURCE={source}", f"-DOUTPUT={output}", *signing]
    command = ["makensis", "-V2", "-INPUTCHARSET", "UTF8", *defines, "installer.nsi"]
    output.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(commit_time())}
    subprocess.run(command, cwd=ROOT / "installer", env=environment, check=True)


def installer() -> None:
    output = DIST / f"myna-app-{__version__}-setup.exe"
    make_installer(DIST / "windows" / "myna-app", __version__, output)
    sign_check = os.environ.get("MYNA_SIGN_VERIFY")
    if sign_check and subprocess.run([*shlex.split(sign_check), output], check=False).returncode:
        raise BuildError(f"{output.name} is not signed")
    if not os.environ.get("MYNA_SIGN"):
        print("MYNA_SIGN is not set: nothing is signed")


def fleet() -> None:
    from installer.fleet import write_fleet_files  # noqa: PLC0415 - quick words do not need it

    write_fleet_files(DIST / "fleet")


def sums() -> None:
    """SHA256SUMS of the files in `dist`, as `sha256sum --check` reads it."""
    files = sorted(file for file in DIST.iterdir() if file.is_file() and file.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (DIST / "SHA256SUMS").write_text("".join(lines), "utf-8")


STEPS: dict[str, Callable[[], None]] = {
    "linux": linux,
    "windows": windows,
    "installer": installer,
    "practice": practice,
    "fleet": fleet,
    "sums": sums,
}


def main(words: list[str]) -> int:
    DIST.mkdir(exist_ok=True)
    try:
        for word in words or [step for step in STEPS if not (ON_WINDOWS and step == "linux")]:
            print(f"package: {word}", flush=True)
            STEPS[word]()
    except (BuildError, subprocess.SubprocessError) as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    print(f"package: done, see {DIST}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
