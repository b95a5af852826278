"""What is shipped, where it comes from, and under which licence: a table of every file, and an SBOM (CycloneDX 1.6).

The spec writes down where each file of a frozen folder, and each module inside the programs, was taken from. From there
the owner is looked up: a Python package (by its RECORD), CPython, PyInstaller, a Debian package, or this project.
"""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

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


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a file. `kind`: the type of a package URL (pypi, deb, generic)."""

    kind: str
    name: str
    version: str
    licence: str

    @property
    def url(self) -> PackageURL:
        return PackageURL(self.kind, "debian" if self.kind == "deb" else None, self.name, self.version)


class Origins:
    """Looks up owners of files below one Python's `site` folder, this project and the operating system."""

    def __init__(self, site: Path, python_version: str, own_version: str) -> None:
        self._site = site.resolve()
        self._python = Origin("generic", "cpython", python_version, "PSF-2.0")
        self._own = Origin("generic", "myna-app", own_version, "MIT")
        self._packages = {
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
            return self._own
        return _debian(file) or self._python

    def _beside(self, path: Path) -> Origin:
        """A file that no RECORD names (written at installation) belongs to whoever owns its folder."""
        folder = str(path.relative_to(self._site).parts[0])
        for name, origin in self._packages.items():
            if name.startswith(f"{folder}/"):
                return origin
        raise BuildError(f"nobody owns {path.name}")


@dataclass(frozen=True, slots=True)
class Shipped:
    """One file of a frozen folder."""

    path: str
    size: int
    sha256: str
    origin: Origin


def list_files(folder: Path, contents: Path, origins: Origins) -> list[Shipped]:
    """Every file below `folder`. A link has no content of its own and is left out."""
    sources = dict(json.loads(contents.read_text("utf-8"))["files"])
    inside = {str(PurePosixPath(name.replace("\\", "/"))): source for name, source in sources.items()}

    def owner(path: PurePosixPath) -> Origin:
        source = inside.get(str(path.relative_to("_internal"))) if path.parts[0] == "_internal" else None
        if source is not None:
            return origins.of(source)
        # the programs (bootloader and archive) and the standard library's archive, which PyInstaller made itself
        return origins.bootloader

    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return [
        Shipped(
            str(path := PurePosixPath(file.relative_to(folder).as_posix())),
            file.stat().st_size,
            hashlib.sha256(file.read_bytes()).hexdigest(),
            owner(path),
        )
        for file in files
    ]


def write_table(files: list[Shipped], target: Path) -> None:
    """A row a file, as CSV in UTF-8 with a byte order mark, for spreadsheets."""
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["file", "bytes", "sha256", "from", "version", "licence"])
        for file in files:
            origin = file.origin
            table.writerow([file.path, file.size, file.sha256, origin.name, origin.version, origin.licence])


def module_owners(contents: Path, origins: Origins) -> Iterator[Origin]:
    """Who made the Python modules that lie inside the programs."""
    for _module, source in json.loads(contents.read_text("utf-8"))["modules"]:
        if source and source != "-":
            yield origins.of(source)


def write_sbom(name: str, version: str, origins: set[Origin], when: datetime, target: Path) -> None:
    """The components as CycloneDX; checked against its schema before it is written. Raises `BuildError`."""
    licences = LicenseFactory()
    program = Component(name=name, version=version, type=ComponentType.APPLICATION, bom_ref=name)
    bom = Bom(components=[_component(origin, licences) for origin in origins if origin.name != name])
    bom.metadata.component = program
    bom.metadata.timestamp = when
    # Two builds of one commit name their list alike.
    digest = hashlib.sha256(f"{name} {version} {sorted(str(origin.url) for origin in origins)}".encode()).digest()
    bom.serial_number = type(bom.serial_number)(bytes=digest[:16], version=5)
    bom.register_dependency(program, bom.components)
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if (error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        raise BuildError(f"the SBOM is not valid: {error}")
    target.write_text(text + "\n", "utf-8")


def _component(origin: Origin, licences: LicenseFactory) -> Component:
    return Component(
        name=origin.name,
        version=origin.version,
        purl=origin.url,
        bom_ref=str(origin.url),
        licenses=[licences.make_from_string(origin.licence)],
    )


def _origin_of(distribution: Distribution) -> Origin:
    about = distribution.metadata
    stated = next((about[field] for field in ("License-Expression", "License") if field in about), "")
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if "License :: " in line]
    known = _FROM_LICENCE | _FROM_CLASSIFIER
    spdx = [known[start] for text in (stated, *classifiers) for start in known if text.startswith(start)]
    licence = (spdx or stated.splitlines() or ["NOASSERTION"])[0]
    return Origin("pypi", about["Name"], distribution.version, licence)


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
            return Origin("deb", name, version, ", ".join(licences) or f"see {copyright_file}")
    return None
