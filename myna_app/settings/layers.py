"""Where values come from: user file, environment, policy file, registry. Read as they are, judged by the loader."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from pathlib import Path

from myna_app.errors import SettingsError
from myna_app.settings.files import set_aside, stored_data_damaged
from myna_app.settings.folders import Folders
from myna_app.settings.kinds import Reason
from myna_app.settings.safety import ordinary_users_can_write
from myna_app.settings.table import KEYS
from myna_app.settings.windows import POLICY_KEY, registry_policy

ENVIRONMENT_PREFIX = "MYNA_APP_"
_LARGEST = 1_000_000


@unique
class Source(Enum):
    """Who set a value; weakest first."""

    DEFAULT = "default"
    USER = "user"
    ENVIRONMENT = "environment"
    POLICY = "policy"
    REGISTRY = "registry"

    @property
    def is_policy(self) -> bool:
        return self in (Source.POLICY, Source.REGISTRY)


@dataclass(frozen=True, slots=True)
class Layer:
    """Raw values of one source. `place` is its file or key, `lines` where each key stands. `fault` tells why nothing
    of it may be believed; `values` is empty then."""

    source: Source
    place: str
    values: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    fault: Reason | None = None
    fault_line: int | None = None


def user_layer(folders: Folders) -> tuple[Layer, SettingsError | None]:
    """The user file. A damaged one is set aside with its content kept; the error says so, once."""
    file = folders.user_file
    layer = _toml_layer(Source.USER, file)
    if layer.fault is not Reason.SYNTAX:
        return layer, None
    kept = set_aside(file)
    return Layer(Source.USER, str(file)), stored_data_damaged(file, kept)


def environment_layer(environment: Mapping[str, str], *, frozen: bool) -> Layer:
    """``MYNA_APP_<KEY>``; a frozen program does not take the way to the backend from there."""
    values = {
        name: environment[variable]
        for name, key in KEYS.items()
        if (variable := ENVIRONMENT_PREFIX + name.upper()) in environment and not (frozen and key.network)
    }
    return Layer(Source.ENVIRONMENT, "environment", values)


def policy_layer(folders: Folders) -> Layer:
    """``policy.toml``, believed only if ordinary users cannot have written it."""
    file = folders.policy_file
    layer = _toml_layer(Source.POLICY, file)
    if layer.values and _is_exposed(file, own=folders.own_policy):
        return Layer(Source.POLICY, str(file), fault=Reason.WRITABLE)
    return layer


def registry_layer() -> Layer:
    """The policy that an administrator rolls out to many PCs."""
    place = f"HKLM\\{POLICY_KEY}"
    try:
        return Layer(Source.REGISTRY, place, registry_policy())
    except OSError:
        return Layer(Source.REGISTRY, place, fault=Reason.FILE)


def _toml_layer(source: Source, file: Path) -> Layer:
    """A TOML file; a missing one is an empty layer."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        text = content.decode("utf-8-sig")
        values = tomllib.loads(text) if len(content) <= _LARGEST else None
    except FileNotFoundError:
        return Layer(source, str(file))
    except OSError:
        return Layer(source, str(file), fault=Reason.FILE)
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, nested without end
        line = re.search(r"at line (\d+)", str(error))
        return Layer(source, str(file), fault=Reason.SYNTAX, fault_line=int(line[1]) if line else None)
    if values is None:
        return Layer(source, str(file), fault=Reason.SYNTAX)
    return Layer(source, str(file), values, _lines_of(text))


def _lines_of(text: str) -> dict[str, int]:
    """Line (from 1) of each key at the top level: TOML's own parser does not tell."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*(?:=|\.)""", line):
            lines.setdefault(match[1], number)
    return lines


def _is_exposed(file: Path, *, own: bool) -> bool:
    try:
        return ordinary_users_can_write(file, own=own)
    except OSError:
        return True
