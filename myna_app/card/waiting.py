"""Waiting for a card on one reader, beside the thread that watches all readers."""

from collections.abc import Callable
from threading import Condition, Event

from myna_app.card.readers import Readers, ReaderState
from myna_app.errors import CardError, Problem, ReaderError

_MUTE_SECONDS = 3.0
"""A card that is put down askew becomes readable within this; two cards on one another never do."""


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

        Raises `ReaderError` when there is no such reader; `CardError` CARD_MISSING after `seconds`, or CARDS_TWO when
        something lies there that stays mute; `WaitCancelledError` once `cancelled` is set and `wake` was called.
        """
        with self._changed:
            if not self._until(lambda: self._lies_there(remembered), seconds, cancelled):
                raise CardError(Problem.CARD_MISSING, f"no card in {seconds:.0f} s")
            if not self._until(lambda: self._answers(remembered), min(seconds, _MUTE_SECONDS), cancelled):
                raise CardError(Problem.CARDS_TWO, "what lies on the reader does not answer")
            return self._reader(remembered).name

    def _until(self, condition: Callable[[], bool], seconds: float, cancelled: Event) -> bool:
        met = self._changed.wait_for(lambda: cancelled.is_set() or condition(), seconds)
        if cancelled.is_set():
            raise WaitCancelledError
        return met

    def _lies_there(self, remembered: str) -> bool:
        return self._readers is not None and self._reader(remembered).card_present

    def _answers(self, remembered: str) -> bool:
        reader = self._reader(remembered)
        return reader.card_present and not reader.card_mute

    def _reader(self, remembered: str) -> ReaderState:
        readers = self._readers or Readers()
        if readers.problem is not None:
            raise ReaderError(readers.problem, "smart-card service")
        reader = readers.find(remembered)
        if reader is None:
            raise ReaderError(Problem.READER_MISSING, "the chosen reader is not connected")
        return reader
