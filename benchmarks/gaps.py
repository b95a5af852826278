"""How long the event loop of the GUI thread kept people waiting, from a timer that wants to run all the time."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer


class Turn(NamedTuple):
    """When the timer ran: monotonic seconds, and seconds of processor time that the GUI thread had used by then."""

    moment: float
    worked: float


@contextmanager
def ticking(owner: QObject, interval_ms: int = 0) -> Iterator[list[Turn]]:
    """Every turn within the block. With an interval the thread sleeps between turns, as it does in use; without one it
    takes all the time it can get."""
    turns: list[Turn] = []
    timer = QTimer(owner, interval=interval_ms)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: turns.append(Turn(time.perf_counter(), time.thread_time())))
    timer.start()
    yield turns
    timer.stop()


def told(turns: Sequence[Turn]) -> str:
    """The gaps, and the most that the thread itself worked within one: the rest it waited for the machine, or for
    another thread of the process."""
    gaps = sorted(1000 * (later.moment - earlier.moment) for earlier, later in pairwise(turns))
    most = max(1000 * (later.worked - earlier.worked) for earlier, later in pairwise(turns))
    p99 = gaps[int(len(gaps) * 0.99)]
    return f"p99 {p99:.1f} ms, worst {gaps[-1]:.1f} ms, worked at most {most:.1f} ms ({len(gaps)} turns)"
