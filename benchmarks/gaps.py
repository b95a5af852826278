"""How long the event loop of the GUI thread kept people waiting, from a timer that wants to run all the time."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer


@contextmanager
def ticking(owner: QObject, interval_ms: int = 0) -> Iterator[list[float]]:
    """Monotonic seconds of every turn within the block. With an interval the thread sleeps between turns, as it does in
    use; without one it takes all the time it can get."""
    moments: list[float] = []
    timer = QTimer(owner, interval=interval_ms)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: moments.append(time.perf_counter()))
    timer.start()
    yield moments
    timer.stop()


def told(moments: Sequence[float]) -> str:
    gaps = sorted(1000 * (later - earlier) for earlier, later in pairwise(moments))
    return f"p99 {gaps[int(len(gaps) * 0.99)]:.1f} ms, worst {gaps[-1]:.1f} ms ({len(gaps)} turns)"
