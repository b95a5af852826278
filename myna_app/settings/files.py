"""Small files that survive a power cut: written as a whole or not at all."""

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from myna_app.errors import Problem, SettingsError

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
SCARCE_MEGABYTES = 200
"""With less room than this the next update, or a database at work, may find none."""


def free_megabytes(folder: Path) -> int | None:
    """Room on the disk that holds `folder`, or will hold it; None where the system does not tell."""
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    with suppress(OSError):
        return shutil.disk_usage(there).free // 2**20
    return None


def disk_full(file: Path) -> SettingsError:
    """The error of a write to our `file` for which there is no room. How much is left is told where that is why."""
    free = free_megabytes(file.parent)
    left: dict[str, str | int] = {} if free is None or free >= SCARCE_MEGABYTES else {"megabytes": free}
    return SettingsError(Problem.DISK_FULL, file.name, **left)


def stored_data_damaged(file: Path, kept: Path) -> SettingsError:
    """What is told once about a file that was set aside as `kept`."""
    return SettingsError.set_aside(file.name, kept.name)


def write_durably(file: Path, text: str) -> None:
    """Replace `file` by `text` (UTF-8) in one step, on the disk when this returns. Raises `SettingsError` DISK_FULL."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(file.parent)
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise disk_full(file) from error
        raise


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too. Windows cannot open a folder and needs no such step."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def set_aside(file: Path) -> Path:
    """Rename a damaged file so that its content is kept for whoever looks after the PC; returns the new path."""
    kept = file.with_name(f"{file.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
    return file.rename(kept)
