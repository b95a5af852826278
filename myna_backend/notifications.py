"""通知書 that a medical office hands in: PDF, PNG or Excel up to 100 MB, told by what is inside, not by its name."""

import os
import shutil
import zipfile
from enum import StrEnum, unique
from pathlib import Path
from typing import BinaryIO

LARGEST = 100 * 1024 * 1024
_EDGE = 1024
_PDF = b"%PDF-"
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_WORKBOOK = "Workbook".encode("utf-16-le")
_FOLDER = "notifications"
_MOST_PARTS = 10_000


@unique
class Kind(StrEnum):
    PDF = "pdf"
    PNG = "png"
    EXCEL = "xlsx"
    OLD_EXCEL = "xls"


def kind_of(file: BinaryIO) -> Kind | None:
    """What the file is; None for anything that is not accepted."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _EDGE))
    end = file.read(_EDGE)
    file.seek(0)
    start = file.read(_EDGE)
    if size > LARGEST:
        return None
    if start.startswith(_PDF) and b"%%EOF" in end:
        return Kind.PDF
    if start.startswith(_PNG) and start[12:16] == b"IHDR" and end.endswith(_PNG_END):
        return Kind.PNG
    if start.startswith(_OLE):
        file.seek(0)
        return Kind.OLD_EXCEL if _contains(file, _OLE_WORKBOOK) else None
    return Kind.EXCEL if _is_workbook(file) else None


def keep(data: Path, number: int, file: BinaryIO, kind: Kind) -> None:
    """Puts the file into the data folder, whole or not at all."""
    folder = data / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{number}.{kind}"
    growing = target.with_suffix(".part")
    file.seek(0)
    with growing.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    growing.replace(target)


def kept(data: Path, number: int) -> Path | None:
    """The file of an application, for whoever approves it."""
    files = (data / _FOLDER / f"{number}.{kind}" for kind in Kind)
    return next((file for file in files if file.exists()), None)


def _is_workbook(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return len(names) < _MOST_PARTS and {"[Content_Types].xml", "xl/workbook.xml"} <= set(names)


def _contains(file: BinaryIO, wanted: bytes) -> bool:
    rest = b""
    while block := file.read(1 << 16):
        if wanted in rest + block:
            return True
        rest = block[-len(wanted) :]
    return False
