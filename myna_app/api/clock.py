"""The server's time as this PC knows it: its own clock plus the offset of the last verified answer."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

CLOCK_TOLERANCE = 300.0
"""Seconds that a PC may be off before the backend refuses its assertions (`docs/contract.md`)."""
_BELIEVABLE = timedelta(days=3650)
"""A `Date` further away is an error of the server, not of this PC."""


class ServerClock:
    """Learns from the `Date` of every answer that came over verified TLS."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.wall = wall
        self._monotonic = monotonic
        self._offset = timedelta()
        self._seen: tuple[datetime, float] | None = None

    def observe(self, date: str | None) -> None:
        """Take over a `Date` header; one that cannot be read changes nothing."""
        try:
            server = parsedate_to_datetime(date or "")
            offset = server.astimezone(UTC) - self.wall()
        except (ValueError, OverflowError):
            return
        if abs(offset) <= _BELIEVABLE:
            self._offset = offset
            self._seen = self.wall() + offset, self._monotonic()

    def now(self) -> datetime:
        """The server's time, UTC."""
        return self.wall() + self._offset

    def seconds_off(self) -> float:
        """How far this PC's clock is ahead (negative: behind), as far as known.

        Counted on the monotonic clock from the last verified answer, so that it also tells of a clock that was set
        since. Needed where no answer can come: certificates are judged by the PC's own clock, so TLS fails when that
        is wrong, and a server that is not verified cannot tell the time.
        """
        if self._seen is None:
            return 0.0
        server, ticks = self._seen
        return (self.wall() - server).total_seconds() - (self._monotonic() - ticks)
