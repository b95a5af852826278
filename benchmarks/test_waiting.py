"""What the real program costs while it waits for a card, beside a process that only sleeps."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import Row
from tests.parts import Program, ReferenceBackend
from tests.story.conftest import home, window
from tests.story.window import Window

__all__ = ["home", "window"]

SECONDS = 20


@dataclass(frozen=True)
class Use:
    """Of all threads of a process since it began."""

    wake_ups: int
    ticks: int

    @classmethod
    def of(cls, pid: int) -> "Use":
        wake_ups = 0
        for task in Path(f"/proc/{pid}/task").iterdir():
            for line in (task / "status").read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    wake_ups += int(line.split()[1])
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return cls(wake_ups, int(fields[11]) + int(fields[12]))


def measured(pid: int) -> str:
    before = Use.of(pid)
    time.sleep(SECONDS)
    after = Use.of(pid)
    percent = 100 * (after.ticks - before.ticks) / os.sysconf("SC_CLK_TCK") / SECONDS
    return f"{(after.wake_ups - before.wake_ups) / SECONDS:.2f} wake-ups/s, {percent:.2f} % CPU"


def test_waiting_for_a_card(window: Window, backend: ReferenceBackend, table: list[Row]) -> None:
    window.set_up(backend.new_account())
    time.sleep(2)  # the terminal's standing is being asked
    at_home = measured(window.pid)
    window.press_until("M-12", "Return")
    waiting = measured(window.pid)
    with Program(sys.executable, "-c", "print('up', flush=True); import time; time.sleep(300)") as sleeper:
        sleeper.line("up")
        idle = measured(sleeper.process.pid)
    aim = "under 2 wake-ups/s and 0.2 % CPU"
    table.append(Row("the whole program waiting for a card (M-12)", waiting, f"sleeping Python: {idle}", aim))
    table.append(Row("the whole program at the face check (M-10)", at_home, f"sleeping Python: {idle}", aim))
