"""The log: typed events alone, so that no personal data can get into it.

What may be written is a frozen dataclass below whose fields are numbers, switches, members of enumerations, or names of
our own code. There is no way to log a text: names, numbers, APDU bodies and whatever a library says stay out by
construction. One JSON object a line, in a file that rotates.
"""

import json
import logging
import traceback
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import Enum
from logging.handlers import RotatingFileHandler
from pathlib import Path

from myna_app.errors import Problem

_LARGEST = 1_000_000
_KEPT_FILES = 3
_FRAMES = 12
_logger = logging.getLogger("myna_app.events")


class CodeName(str):
    """A name that stands in a program's source: a version, class or function. Never made of anything read or typed."""

    __slots__ = ()


Value = int | float | Enum | CodeName | tuple["CodeName", ...] | None
_LOGGABLE = (int, float, Enum, CodeName, type(None))


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth a line. The name of the class is the name of the event."""

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            parts = value if isinstance(value, tuple) else (value,)
            if not all(isinstance(part, _LOGGABLE) for part in parts):
                raise TypeError(f"{type(self).__name__}.{one.name} cannot be logged")


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The program runs."""

    version: CodeName


@dataclass(frozen=True, slots=True)
class Stopped(Event):
    """The program ends as it should."""


@dataclass(frozen=True, slots=True)
class ProblemTold(Event):
    """A person was told a problem; `cause` is the class of the library's error behind it."""

    problem: Problem
    cause: CodeName | None = None
    status_word: int | None = None
    http_status: int | None = None


@dataclass(frozen=True, slots=True)
class VisitEnded(Event):
    """A visit ended, in whatever way; the outcome stands in the ledger."""

    duration_ms: int
    apdus: int


@dataclass(frozen=True, slots=True)
class UpdateRefused(Event):
    """An update was not taken."""

    reason: Enum


@dataclass(frozen=True, slots=True)
class Crashed(Event):
    """An error nobody expected: its class, and where in the code, innermost last. Its words are left out."""

    kind: CodeName
    where: tuple[CodeName, ...]


def name_of(kind: type) -> CodeName:
    """The name of a class."""
    return CodeName(f"{kind.__module__}.{kind.__qualname__}")


def crash(error: BaseException) -> Crashed:
    """The event of an unexpected error."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = (CodeName(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}") for frame in frames)
    return Crashed(name_of(type(error)), tuple(where))


def open_log(file: Path) -> None:
    """Write events to `file` from now on. A log that cannot be written is done without."""
    close_log()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _EventHandler(file, maxBytes=_LARGEST, backupCount=_KEPT_FILES, encoding="utf-8")
    except OSError:
        return
    _logger.setLevel(logging.INFO)
    _logger.propagate = False
    _logger.addHandler(handler)


def close_log() -> None:
    """Write no more events."""
    for handler in _logger.handlers[:]:
        _logger.removeHandler(handler)
        handler.close()


def write(event: Event) -> None:
    """Log `event`."""
    if _logger.handlers:
        _logger.info(_line(event))


class _EventHandler(RotatingFileHandler):
    """A full disk or a locked file costs lines, nothing else."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of the overridden method
        del record


def _line(event: Event) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    values = {one.name: _plain(getattr(event, one.name)) for one in fields(event)}
    return json.dumps({"at": now, "event": type(event).__name__, **values}, ensure_ascii=False)


def _plain(value: Value) -> object:
    return value.name if isinstance(value, Enum) else value
