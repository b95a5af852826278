"""Waiting for another program's transaction without being held by it."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from myna_app.errors import AppError


def begin_within(seconds: float, begin: Callable[[], None], let_go: Callable[[], None]) -> bool:
    """Run `begin`, which PC/SC neither limits in time nor lets anyone cancel; whether it was done in time.

    It runs on a thread of its own. Too late, that thread calls `let_go` whenever `begin` ends: only there can the
    handle be given back, for PC/SC blocks every other call with it too. Raises what `begin` raised in time.
    """
    ended: SimpleQueue[AppError | None] = SimpleQueue()
    in_time = Lock()  # taken by whichever is first: the end of the wait, or its being given up

    def run() -> None:
        error = None
        try:
            begin()
        except AppError as failure:
            error = failure
        if in_time.acquire(blocking=False):
            ended.put(error)
        else:
            let_go()

    Thread(target=run, name="begin-transaction", daemon=True).start()
    try:
        error = ended.get(timeout=seconds)
    except Empty:
        if in_time.acquire(blocking=False):
            return False
        error = ended.get()
    if error is not None:
        raise error
    return True
