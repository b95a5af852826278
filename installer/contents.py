"""What is shipped, where it comes from, and under which licence: of every frozen folder

- ``…-files.csv``: a row a file, with size, SHA-256, owner and licence,
- ``…-sbom.cdx.json``: the owners as a bill of materials (CycloneDX 1.6),
- ``licences.json.gz`` among the program's own resources (`myna_app.resources.resources_folder`), for the page M-23:
  gzip over JSON in UTF-8, a list sorted by name, for each owner
  ``{"name": "segno", "version": "1.6.6", "licence": "BSD-3-Clause", "text": "…"}``. All four are text and none is
  empty. The program run from its sources has no such file,
- ``built.txt`` beside it: the day of the commit, for the same page.

The spec writes down where each file, and each module inside the programs, was taken from (`contents.json`); `Origins`
knows whose that is.
"""

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from installer.origins import Origin, Origins
from installer.windows_python import BuildError

LICENCES = PurePosixPath("_internal/myna_app/_resources/licences.json.gz")
BUILT = LICENCES.with_name("built.txt")
_OWN_TEXTS = Path(__file__).with_name("licences")
"""Texts of licences by their SPDX name, for packages whose wheels carry none (Qt's)."""


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
    inside = {PurePosixPath("_internal", name.replace("\\", "/")): source for name, source in sources.items()}

    def owner(path: PurePosixPath) -> Origin:
        if path in inside:
            return origins.of(inside[path])
        if path in (LICENCES, BUILT) or path.suffix == ".desktop":
            return origins.own
        return origins.bootloader  # the programs, and the standard library's archive, which PyInstaller made itself

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


def module_owners(contents: Path, origins: Origins) -> Iterator[Origin]:
    """Who made the Python modules that lie inside the programs."""
    for _module, source in json.loads(contents.read_text("utf-8"))["modules"]:
        if source and source != "-":
            yield origins.of(source)


def write_table(files: list[Shipped], target: Path) -> None:
    """A row a file, as CSV in UTF-8 with a byte order mark, for spreadsheets."""
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["file", "bytes", "sha256", "from", "version", "licence"])
        for file in files:
            origin = file.origin
            table.writerow([file.path, file.size, file.sha256, origin.name, origin.version, origin.licence])


def write_licences(owners: set[Origin], target: Path) -> None:
    """The owners with the texts of their licences. Raises `BuildError` for one that comes without."""
    rows = [
        {"name": owner.name, "version": owner.version, "licence": owner.licence, "text": _text(owner)}
        for owner in sorted(owners, key=lambda owner: owner.name.lower())
    ]
    target.write_bytes(gzip.compress(json.dumps(rows, ensure_ascii=False).encode(), mtime=0))


def _text(owner: Origin) -> str:
    named = [file for file in sorted(_OWN_TEXTS.iterdir()) if file.stem in owner.licence.split()]
    texts = [file.read_text("utf-8", errors="replace").strip() for file in owner.texts or named]
    if not texts:
        raise BuildError(f"no text of the licence of {owner.name} ({owner.licence})")
    return "\n\n".join(texts)


def write_sbom(name: str, version: str, owners: set[Origin], when: datetime, target: Path) -> None:
    """The components as CycloneDX; checked against its schema before it is written. Raises `BuildError`."""
    licences = LicenseFactory()
    program = Component(name=name, version=version, type=ComponentType.APPLICATION, bom_ref=name)
    bom = Bom(components=[_component(owner, licences) for owner in owners if owner.name != name])
    bom.metadata.component = program
    bom.metadata.timestamp = when
    # Two builds of one commit name their list alike.
    digest = hashlib.sha256(f"{name} {version} {sorted(str(_url(owner)) for owner in owners)}".encode()).digest()
    bom.serial_number = type(bom.serial_number)(bytes=digest[:16], version=5)
    bom.register_dependency(program, bom.components)
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if (error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        raise BuildError(f"the SBOM is not valid: {error}")
    target.write_text(text + "\n", "utf-8")


def _component(owner: Origin, licences: LicenseFactory) -> Component:
    url = _url(owner)
    return Component(
        name=owner.name,
        version=owner.version,
        purl=url,
        bom_ref=str(url),
        licenses=[licences.make_from_string(owner.licence)],
    )


def _url(owner: Origin) -> PackageURL:
    return PackageURL(owner.kind, "debian" if owner.kind == "deb" else None, owner.name, owner.version)
