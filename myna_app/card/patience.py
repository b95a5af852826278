"""Waiting for another program's transaction without being held by it."""

from _thread import start_new_thread
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TypeVar

from myna_app.errors import AppError

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T], let_go: Callable[[], None]) -> T:
    """What `call` returns or raises, or `TimeoutError`. For calls that PC/SC neither limits in time nor cancels.

    `call` runs on a thread of its own. Too late, that thread runs `let_go` whenever `call` ends: only then can its
    handles be given back, for PC/SC blocks every other use of them until it does.
    """
    ended: SimpleQueue[T | AppError] = SimpleQueue()
    first = Lock()  # taken by whichever comes first: the end of the call, or its being given up

    def run() -> None:
        result: T | AppError
        try:
            result = call()
        except AppError as failure:
            result = failure
        if first.acquire(blocking=False):
            ended.put(result)
        else:
            let_go()

    start_new_thread(run, ())  # not Thread: its `start` waits for the thread to run, in every transaction of a visit
    try:
        result = ended.get(timeout=seconds)
    except Empty:
        if first.acquire(blocking=False):
            raise TimeoutError from None
        result = ended.get()
    if isinstance(result, AppError):
        raise result
    return result
