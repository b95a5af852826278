"""利用記録: one row a visit in the user's data folder, nothing of the visitor.

It also remembers, over restarts, whether birth-date keys may still be presented without staff typing the date.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from enum import StrEnum, unique
from pathlib import Path
from threading import Lock

from myna_app.flow.beside import TURNED_DOWN
from myna_app.settings.files import disk_full, set_aside, stored_data_damaged

_SCHEMA = """
CREATE TABLE IF NOT EXISTS visits (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    outcome TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    reader TEXT NOT NULL,
    apdus INTEGER NOT NULL,
    verify TEXT NOT NULL CHECK (verify IN ('none', 'accepted', 'refused'))
) STRICT
"""
_CANNOT = (sqlite3.Error, OSError)
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""Torn, not SQLite's, or with other tables than ours."""
_REFUSALS_THAT_STOP = 2
"""Refusals in so many consecutive visits with VERIFY stop automatic VERIFY on the terminal."""


@unique
class Verify(StrEnum):
    """What became of the birth-date key at the card."""

    NONE = "none"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """`outcome`: ``verdict 1`` …, ``care``, a problem's code, or `TURNED_DOWN`; `duration_ms` from card to answer."""

    at: datetime
    outcome: str
    duration_ms: int
    reader: str
    apdus: int
    verify: Verify


class Ledger:
    """The ledger of one profile; used by several workers. A full disk takes the records, not the visits, away."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._recording = True

    def record(self, row: VisitRow) -> int:
        """Keep a visit; the number of its row. Raises `SettingsError`: DISK_FULL when there is no room,
        STORED_DATA_DAMAGED when the ledger was damaged, set aside, and begun anew with this row."""
        with self._lock:
            self._recording = False
            try:
                number = self._insert(row)
            except _CANNOT as error:
                if not _is_damage(error):
                    raise disk_full(self._file) from error
                kept = set_aside(self._file)
                self._insert(row)
                self._recording = True
                raise stored_data_damaged(self._file, kept) from error
            self._recording = True
            return number

    def turn_down(self, number: int) -> None:
        """That visit's answer was turned down by staff. Raises `SettingsError`."""
        try:
            with self._lock, self._opened() as store, store:
                store.execute("UPDATE visits SET outcome = ? WHERE id = ?", (TURNED_DOWN, number))
        except _CANNOT as error:
            raise disk_full(self._file) from error

    def automatic_verify_allowed(self) -> bool:
        """Not after refusals in two consecutive visits with VERIFY, nor while visits cannot be recorded: a refusal that
        is not remembered must not happen."""
        with self._lock:
            if not self._recording:
                return False
            try:
                with self._opened() as store:
                    last = store.execute(
                        "SELECT verify FROM visits WHERE verify != ? ORDER BY id DESC LIMIT ?",
                        (Verify.NONE, _REFUSALS_THAT_STOP),
                    ).fetchall()
            except _CANNOT:
                return False
        return last != [(Verify.REFUSED,)] * _REFUSALS_THAT_STOP

    def rows(self, since: datetime) -> tuple[VisitRow, ...]:
        """Visits since then, newest first; none from a ledger that cannot be read."""
        try:
            with self._lock, self._opened() as store:
                found = store.execute(
                    "SELECT at, outcome, duration_ms, reader, apdus, verify FROM visits WHERE at >= ? ORDER BY id DESC",
                    (since.timestamp(),),
                ).fetchall()
        except _CANNOT:
            return ()
        return tuple(
            VisitRow(datetime.fromtimestamp(at, UTC), outcome, duration_ms, reader, apdus, Verify(verify))
            for at, outcome, duration_ms, reader, apdus, verify in found
        )

    def forget_before(self, moment: datetime) -> None:
        """Take out the visits before `moment`, except those by which `automatic_verify_allowed` judges. What cannot be
        taken out now is another time."""
        with suppress(*_CANNOT), self._lock, self._opened() as store, store:
            store.execute(
                "DELETE FROM visits WHERE at < ? AND id NOT IN"
                " (SELECT id FROM visits WHERE verify != ? ORDER BY id DESC LIMIT ?)",
                (moment.timestamp(), Verify.NONE, _REFUSALS_THAT_STOP),
            )

    def _insert(self, row: VisitRow) -> int:
        at, *rest = astuple(row)
        with self._opened() as store, store:
            (number,) = store.execute(
                "INSERT INTO visits (at, outcome, duration_ms, reader, apdus, verify) VALUES (?, ?, ?, ?, ?, ?)"
                " RETURNING id",
                (at.timestamp(), *rest),
            ).fetchone()
        return int(number)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection for one use: a row a visit needs no faster way, and nothing is left open at exit."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=5)) as store:
            store.execute("PRAGMA synchronous = FULL")
            store.execute(_SCHEMA)
            yield store


def _is_damage(error: Exception) -> bool:
    """Whether the file is no ledger (any more), in contrast to a disk that cannot be written."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) in _DAMAGE
