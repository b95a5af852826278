"""Nobody confirms a face unseen: a confirmation counts only some time after there was something to see."""

from collections.abc import Callable

GUARD_SECONDS = 0.8
"""A habitual second press of Enter, or a double click where 「次の方」 was, must not confirm a face."""


class FaceGuard:
    """One appearance of a face check."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._appeared_at = 0.0

    def appear(self) -> None:
        self._appeared_at = self._clock()

    def confirmed_at(self) -> float | None:
        """Monotonic seconds of a confirmation now; None where it comes too early."""
        now = self._clock()
        return now if now - self._appeared_at >= GUARD_SECONDS else None
