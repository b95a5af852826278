"""Waiting for another program's transaction without being held by it."""

from _thread import start_new_thread
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock

from myna_app.errors import AppError


class Deputy:
    """A thread that makes the calls which PC/SC neither limits in time nor cancels, one after another, until `dismiss`.

    One for all calls of a card session: handing a call over takes a third of what starting a thread for it does.
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        start_new_thread(self._run, ())  # not Thread: its `start` waits until the thread runs

    def within(self, seconds: float, call: Callable[[], None], let_go: Callable[[], None]) -> None:
        """Return or raise as `call` does, or `TimeoutError`.

        Too late, the deputy runs `let_go` whenever `call` ends: only then can its handles be given back, for PC/SC
        blocks every other use of them until it does.
        """
        ended: SimpleQueue[AppError | None] = SimpleQueue()
        first = Lock()  # taken by whichever comes first: the end of the call, or its being given up

        def run() -> None:
            failure = None
            try:
                call()
            except AppError as error:
                failure = error
            if first.acquire(blocking=False):
                ended.put(failure)
            else:
                let_go()

        self._calls.put(run)
        try:
            failure = ended.get(timeout=seconds)
        except Empty:
            if first.acquire(blocking=False):
                raise TimeoutError from None
            failure = ended.get()
        if failure is not None:
            raise failure

    def dismiss(self) -> None:
        """Let the thread end, after the call it is at."""
        self._calls.put(None)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
