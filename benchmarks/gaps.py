"""How long the event loop of the GUI thread kept people waiting, from a timer that wants to run all the time."""

import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer


def _seconds() -> "array[float]":
    return array("d")


@dataclass
class Turns:
    """When the timer ran: monotonic seconds, and seconds of processor time that the GUI thread had used by then.

    In arrays: a hundred thousand objects more would make the collections of garbage longer that are measured here.
    """

    moments: "array[float]" = field(default_factory=_seconds)
    worked: "array[float]" = field(default_factory=_seconds)

    def note(self) -> None:
        self.moments.append(time.perf_counter())
        self.worked.append(time.thread_time())

    def told(self) -> str:
        """The gaps, and the most that the thread itself worked within one: the rest it waited for the machine, or for
        another thread of the process."""
        gaps = _steps(self.moments)
        p99, worst, most = gaps[int(len(gaps) * 0.99)], gaps[-1], _steps(self.worked)[-1]
        return f"p99 {p99:.1f} ms, worst {worst:.1f} ms, worked at most {most:.1f} ms ({len(gaps)} turns)"


def _steps(seconds: "array[float]") -> list[float]:
    return sorted(1000 * (later - earlier) for earlier, later in pairwise(seconds))


@contextmanager
def ticking(owner: QObject, interval_ms: int = 0) -> Iterator[Turns]:
    """Every turn within the block. With an interval the thread sleeps between turns, as it does in use; without one it
    takes all the time it can get."""
    turns = Turns()
    timer = QTimer(owner, interval=interval_ms)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(turns.note)
    timer.start()
    yield turns
    timer.stop()
