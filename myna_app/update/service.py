"""Looks for an update, brings it, and starts its installer. Nothing is fetched unless the policy says from where.

The screen decides when: never while a result is shown, and installing only when a person asks for it.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from myna_app import __version__
from myna_app.formats.version import version_number
from myna_app.settings.files import disk_full
from myna_app.settings.table import Settings
from myna_app.update.manifest import Manifest, Reason, UpdateRefusedError, read_signed

Fetch = Callable[[str], Iterator[bytes]]
"""The pieces of a file at an address. Raises `ApiError`."""

_LARGEST_MANIFEST = 100_000


@dataclass(frozen=True, slots=True)
class Channel:
    """Where updates come from and whose signature counts, both from the policy."""

    address: str
    public_key: str

    @classmethod
    def of(cls, settings: Settings) -> "Channel | None":
        """None: updates are off."""
        if settings.update_url is None or settings.update_key is None:
            return None
        return cls(settings.update_url, settings.update_key)


class Updates:
    """The updates of one channel; files lie in `folder`."""

    def __init__(self, channel: Channel, folder: Path, fetch: Fetch, version: str = __version__) -> None:
        self._channel = channel
        self._folder = folder
        self._fetch = fetch
        self._version = version

    def look(self) -> Manifest | None:
        """A version newer than this one; an older or the same one is none, so that nobody can offer an old fault again.

        Raises `UpdateRefusedError`, `ApiError`.
        """
        content = b""
        for piece in self._fetch(f"{self._channel.address}/update.json"):
            content += piece
            if len(content) > _LARGEST_MANIFEST:
                raise UpdateRefusedError(Reason.MANIFEST)
        manifest = read_signed(content, self._channel.public_key)
        return manifest if version_number(manifest.version) > version_number(self._version) else None

    def bring(self, manifest: Manifest, progress: Callable[[float], None] = lambda _part: None) -> Path:
        """Download the installer; `progress` is told the part done (0–1). A download of before is used again.

        Raises `UpdateRefusedError`, `ApiError`, `SettingsError` DISK_FULL.
        """
        target = self._folder / manifest.file
        if target.exists() and _is_whole(target, manifest):
            return target
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.iterdir():
            old.unlink()
        part = target.with_suffix(".part")
        try:
            with part.open("wb") as stream:
                done = 0
                for piece in self._fetch(f"{self._channel.address}/{manifest.file}"):
                    done += len(piece)
                    if done > manifest.size:
                        raise UpdateRefusedError(Reason.CONTENT)
                    stream.write(piece)
                    progress(done / manifest.size)
            if not _is_whole(part, manifest):
                raise UpdateRefusedError(Reason.CONTENT)
            part.replace(target)
        except OSError as error:
            raise disk_full(part) from error
        finally:
            part.unlink(missing_ok=True)
        return target

    def install(self, manifest: Manifest, start: "Callable[[Path], None] | None" = None) -> None:
        """Start the downloaded installer; it asks this program to close. Looked at once more just before.

        Raises `UpdateRefusedError`, and `OSError` when it cannot be started or the person says no.
        """
        file = self._folder / manifest.file
        if not file.exists() or not _is_whole(file, manifest):
            raise UpdateRefusedError(Reason.CONTENT)
        (start or start_as_administrator)(file)


def start_as_administrator(installer: Path) -> None:
    """Windows asks the person. Elsewhere there is no installer."""
    if sys.platform == "win32":
        os.startfile(installer, "runas")  # noqa: S606 - its signature and digest have just been looked at
    else:
        raise OSError("updates are installed by this program on Windows alone")


def _is_whole(file: Path, manifest: Manifest) -> bool:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return file.stat().st_size == manifest.size and digest == manifest.sha256
