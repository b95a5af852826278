"""Who made a file that is shipped, and under which licence.

The owner is a Python package (by its RECORD), CPython, PyInstaller, a Debian package, or this project.
"""

import re
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from installer.windows_python import ROOT, BuildError

_FROM_CLASSIFIER = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}
_FROM_LICENCE = {
    "MIT License": "MIT",
    "GPLv2-or-later with a special exception": "GPL-2.0-or-later WITH Bootloader-exception",
}
_LICENCE_FILE = re.compile(r"[^/]+\.dist-info/(licen[cs]es/.*|(licen[cs]e|copying|notice)[^/]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a file. `kind`: the type of a package URL (pypi, deb, generic). `texts`: the files of the licence."""

    kind: str
    name: str
    version: str
    licence: str
    texts: tuple[Path, ...] = field(default=(), repr=False)


class Origins:
    """Looks up owners of files below one Python's `site` folder, this project and the operating system."""

    def __init__(self, site: Path, python_version: str, own_version: str) -> None:
        self._site = site.resolve()
        self._python = Origin("generic", "cpython", python_version, "PSF-2.0", (_python_licence(),))
        self.own = Origin("generic", "myna-app", own_version, "MIT", (ROOT / "LICENSE",))
        self._packages: Mapping[str, Origin] = {
            str(PurePosixPath(str(file))): origin
            for distribution in distributions(path=[str(site)])
            for origin in (_origin_of(distribution),)
            for file in distribution.files or ()
        }
        self.bootloader = next(origin for origin in self._packages.values() if origin.name.lower() == "pyinstaller")

    def of(self, source: str) -> Origin:
        """The owner of a file, whose path may be one of Wine's (``Z:\\…``). Raises `BuildError` when nobody owns it."""
        file = Path(source.removeprefix("Z:").replace("\\", "/"))
        for path in (file, file.resolve()):
            if path.is_relative_to(self._site):
                return self._packages.get(str(path.relative_to(self._site))) or self._beside(path)
        if file.resolve().is_relative_to(ROOT / "build") or "/python3" in str(file) or "/DLLs/" in str(file):
            return self._python
        if file.resolve().is_relative_to(ROOT) and ".venv" not in file.parts:
            return self.own
        return _debian(file) or self._python

    def _beside(self, path: Path) -> Origin:
        """A file that no RECORD names (written at installation) belongs to whoever owns its folder."""
        folder = str(path.relative_to(self._site).parts[0])
        for name, origin in self._packages.items():
            if name.startswith(f"{folder}/"):
                return origin
        raise BuildError(f"nobody owns {path.name}")


def _python_licence() -> Path:
    """Of the Python that runs this; every CPython has the same."""
    library = Path(sysconfig.get_path("stdlib"))
    return next(file for file in (library / "LICENSE.txt", library.parent / "LICENSE.txt") if file.exists())


def _origin_of(distribution: Distribution) -> Origin:
    about = distribution.metadata
    stated = next((about[field] for field in ("License-Expression", "License") if field in about), "")
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if "License :: " in line]
    known = _FROM_LICENCE | _FROM_CLASSIFIER
    spdx = [known[start] for text in (stated, *classifiers) for start in known if text.startswith(start)]
    licence = (spdx or stated.splitlines() or ["NOASSERTION"])[0]
    texts = sorted(file for file in distribution.files or () if _LICENCE_FILE.fullmatch(file.as_posix()))
    places = tuple(Path(str(distribution.locate_file(file))) for file in texts)
    return Origin("pypi", about["Name"], distribution.version, licence, places)


@cache
def _debian(file: Path) -> Origin | None:
    """The Debian package that a system library belongs to; its licences as its copyright file names them."""
    if shutil.which("dpkg-query") is None:
        return None
    for path in (file, file.resolve(), Path("/usr", *file.parts[1:])):
        found = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True, check=False).stdout
        if found:
            package = found.split(": ")[0].split(",")[0]
            version = subprocess.run(
                ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=True
            ).stdout
            name = package.split(":")[0]
            copyright_file = Path("/usr/share/doc", name, "copyright")
            text = copyright_file.read_text("utf-8", errors="replace") if copyright_file.exists() else ""
            licences = sorted(set(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)))
            return Origin("deb", name, version, ", ".join(licences) or "see its text", (copyright_file,))
    return None
