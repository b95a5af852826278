"""Settings of one server: command line over `backend.toml` of the data folder over the defaults below.

In `backend.toml` the keys are those of `Settings`, e.g. ``terms_version = "1.1"`` or ``[maintenance]``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from myna_app.formats.bounds import Text
from myna_backend.contract import MinimumAppVersion, TerminalNotice
from myna_backend.evidence.modes import Mode

FILE_NAME = "backend.toml"


class SettingsError(ValueError):
    """The settings cannot be used; the text names the key."""


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A planned window in which every call but `health` is refused."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Stall:
    """Test fault: the first answer of `call` (name of its function in `api`) waits after its work is committed."""

    call: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server for one-time codes."""

    host: str
    sender: str
    port: int = 25
    starttls: bool = True


@checked_dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Settings:
    issuer: Annotated[str, Field(pattern=r"^https://[^\s?#]*[^/\s?#]$")]
    """Base address as terminals know it, without a trailing slash; audience of everything they sign."""
    data: Path
    """Folder of the server key and, in the demo, of certificates and accounts."""
    database: str
    """SQLAlchemy URL: ``sqlite:///…`` or ``postgresql://…``."""
    mode: Mode = Mode.SANDBOX
    policy_oid: str | None = None
    """Certificate policy of user authentication where it differs from the mode's own."""
    terms_version: Annotated[str, Text(32)] = "1.0"
    terms_effective_on: date = date(2026, 11, 20)
    terms_file: Path | None = None
    """Plain text in UTF-8; the reference backend's own terms where it is not set."""
    minimum_app_version: MinimumAppVersion | None = None
    notices: Annotated[tuple[TerminalNotice, ...], Field(max_length=20)] = ()
    web_service_url: str | None = None
    maintenance: Maintenance | None = None
    smtp: Smtp | None = None
    """Without it a sandbox shows its mail on the administration's page."""
    administration: bool = False
    """The administration's pages, for loopback only; the demo has them."""
    tester_faults: bool = False
    """Faults can be ordered on the administration's pages; honoured in sandbox mode only. The demo has them."""
    activation_code_days: Annotated[int, Field(ge=1)] = 180
    stall: Stall | None = None
    """Honoured in sandbox mode only."""

    def terms_text(self) -> str:
        if self.terms_file is not None:
            return self.terms_file.read_text(encoding="utf-8")
        return resources.files("myna_backend").joinpath("terms", "ja.txt").read_text(encoding="utf-8")


def load_settings(data: Path, given: Mapping[str, object], fallback: Mapping[str, object]) -> Settings:
    """`given` over `backend.toml` of the folder, if there is one, over `fallback`. Raises `SettingsError`."""
    file = data / FILE_NAME
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: {error}") from None
    try:
        return TypeAdapter(Settings).validate_python({**fallback, **written, **given, "data": data})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{file}: {key}: {first['msg']}") from None
