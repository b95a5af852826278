"""利用記録: one row a visit, nothing of the visitor."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from pathlib import Path


@unique
class Verify(StrEnum):
    """What became of the birth-date key at the card."""

    NONE = "none"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """`outcome`: ``verdict 1`` .. or a problem's code; `duration_ms` from card to answer."""

    at: datetime
    outcome: str
    duration_ms: int
    reader: str
    apdus: int
    verify: Verify


class Ledger:
    def __init__(self, file: Path) -> None:
        raise NotImplementedError

    def record(self, row: VisitRow) -> None:
        """Raise `SettingsError` DISK_FULL when it cannot be kept; the visit itself is not affected."""
        raise NotImplementedError

    def automatic_verify_allowed(self) -> bool:
        """Not after refusals in two consecutive visits with VERIFY, nor while nothing can be recorded."""
        raise NotImplementedError

    def rows(self, since: datetime) -> tuple[VisitRow, ...]:
        """Newest first."""
        raise NotImplementedError
