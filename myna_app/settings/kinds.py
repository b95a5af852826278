"""Kinds of setting values: what is accepted, and what the JSON schema says about it.

`parse` takes a value as TOML or the registry hold it, `from_text` one from the environment. Both raise `BadValueError`.
"""

import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, unique
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, urlsplit


@unique
class Reason(StrEnum):
    """What is wrong with a setting, for the list of managed settings and the doctor."""

    TYPE = "type"
    RANGE = "range"
    CHOICE = "choice"
    PATTERN = "pattern"
    ADDRESS = "address"
    FILE = "file"
    SYNTAX = "syntax"
    WRITABLE = "writable"
    UNKNOWN = "unknown"
    NOT_HERE = "not_here"


class BadValueError(ValueError):
    """A value that its key does not take."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Kind(Protocol):
    def parse(self, raw: object) -> object: ...

    def from_text(self, text: str) -> object: ...

    def schema(self) -> dict[str, object]:
        """JSON Schema 2020-12 of the value as it stands in a file."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, both included."""

    low: int
    high: int

    def parse(self, raw: object) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise BadValueError(Reason.TYPE)
        if not self.low <= raw <= self.high:
            raise BadValueError(Reason.RANGE)
        return raw

    def from_text(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise BadValueError(Reason.TYPE)
        return self.parse(int(text))

    def schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no. The registry has no boolean: 0 and 1 are taken as well."""

    def parse(self, raw: object) -> bool:
        if raw not in (0, 1) or not isinstance(raw, int):
            raise BadValueError(Reason.TYPE)
        return bool(raw)

    def from_text(self, text: str) -> bool:
        try:
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        except KeyError:
            raise BadValueError(Reason.TYPE) from None

    def schema(self) -> dict[str, object]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One member of an enumeration."""

    members: type[StrEnum]

    def parse(self, raw: object) -> StrEnum:
        try:
            return self.members(_text(raw))
        except ValueError as error:
            raise error if isinstance(error, BadValueError) else BadValueError(Reason.CHOICE) from None

    def from_text(self, text: str) -> StrEnum:
        return self.parse(text)

    def schema(self) -> dict[str, object]:
        return {"enum": [member.value for member in self.members]}


@dataclass(frozen=True, slots=True)
class Words:
    """Text of one line that matches `pattern` as a whole."""

    max_length: int
    pattern: str = r"[^\x00-\x1f\x7f]+"

    def parse(self, raw: object) -> str:
        text = _text(raw)
        if len(text) > self.max_length:
            raise BadValueError(Reason.RANGE)
        if not re.fullmatch(self.pattern, text):
            raise BadValueError(Reason.PATTERN)
        return text

    def from_text(self, text: str) -> str:
        return self.parse(text)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "maxLength": self.max_length, "pattern": f"^(?:{self.pattern})$"}


@dataclass(frozen=True, slots=True)
class Address:
    """A URL of host, optional port and, where `path_allowed`, a path; never with user, query or fragment.

    For the backend only ``https`` is taken: this program has no way to talk to it unprotected.
    """

    schemes: tuple[str, ...] = ("https",)
    path_allowed: bool = True

    def parse(self, raw: object) -> str:
        text = _text(raw)
        try:
            parts = urlsplit(text)
            good = self._is_good(text, parts)
        except ValueError:  # urlsplit: brackets of an IPv6 address, port out of range
            good = False
        if not good:
            raise BadValueError(Reason.ADDRESS)
        return text.rstrip("/")

    def _is_good(self, text: str, parts: SplitResult) -> bool:
        return (
            parts.scheme in self.schemes
            and re.fullmatch(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+", parts.hostname or "") is not None
            and (parts.port is None or parts.port > 0)
            and (self.path_allowed or not parts.path.strip("/"))
            and re.fullmatch(r"[A-Za-z0-9:/.\[\]_~%-]{1,2000}", text) is not None  # hence no user, query, fragment
        )

    def from_text(self, text: str) -> str:
        return self.parse(text)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "uri", "pattern": f"^(?:{'|'.join(self.schemes)})://[^@?#]+$"}


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """An absolute path of a PEM file with at least one certificate of an authority."""

    def parse(self, raw: object) -> Path:
        path = Path(_text(raw))
        if not path.is_absolute():
            raise BadValueError(Reason.PATTERN)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(path)
        except (OSError, ValueError):  # ssl.SSLError is an OSError; ValueError: a NUL in the path
            raise BadValueError(Reason.FILE) from None
        if not context.get_ca_certs():
            raise BadValueError(Reason.FILE)
        return path

    def from_text(self, text: str) -> Path:
        return self.parse(text)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, kept in UTC."""

    def parse(self, raw: object) -> datetime:
        if not isinstance(raw, datetime) or raw.tzinfo is None:
            raise BadValueError(Reason.TYPE)
        return raw.astimezone(UTC)

    def from_text(self, text: str) -> datetime:
        try:
            return self.parse(datetime.fromisoformat(text))
        except ValueError:
            raise BadValueError(Reason.TYPE) from None

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date-time"}


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise BadValueError(Reason.TYPE)
    return raw
