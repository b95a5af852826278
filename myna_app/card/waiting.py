"""Waiting for a card on one reader, beside the thread that watches all readers."""

from threading import Condition, Event

from myna_app.card.readers import Readers
from myna_app.errors import CardError, Problem, ReaderError


class WaitCancelledError(Exception):
    """Nobody needs the card any more."""


class CardWait:
    """Fed with snapshots by the reader monitor, asked by a visit. Safe from any thread."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._readers: Readers | None = None

    def update(self, readers: Readers) -> None:
        with self._changed:
            self._readers = readers
            self._changed.notify_all()

    def wake(self) -> None:
        """Let every waiting visit look whether it was cancelled."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, remembered: str, seconds: float, cancelled: Event) -> str:
        """The present name of the reader with that remembered name, once a card lies on it.

        Raises `ReaderError` when there is no such reader, `CardError` CARD_MISSING after `seconds`,
        `WaitCancelledError` once `cancelled` is set and `wake` was called.
        """
        with self._changed:
            self._changed.wait_for(lambda: cancelled.is_set() or self._found(remembered) is not None, seconds)
            if cancelled.is_set():
                raise WaitCancelledError
            name = self._found(remembered)
        if name is None:
            raise CardError(Problem.CARD_MISSING, f"no card in {seconds:.0f} s")
        return name

    def _found(self, remembered: str) -> str | None:
        if self._readers is None:
            return None  # the monitor has not looked yet
        if self._readers.problem is not None:
            raise ReaderError(self._readers.problem, "smart-card service")
        reader = self._readers.find(remembered)
        if reader is None:
            raise ReaderError(Problem.READER_MISSING, "the chosen reader is not connected")
        return reader.name if reader.card_present and not reader.card_mute else None
