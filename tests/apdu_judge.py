"""Judges what virtual cards received from this program during a test run."""

import json
from collections import defaultdict
from pathlib import Path

from myna_app.card.spec import AllowList, ForbiddenApduError

FEWEST_TRIES = 4
"""No counter of a visitor's card may be taken below this by the program itself."""


def judge(folder: Path) -> list[str]:
    """One line a fault: a command off the stateful allow-list, or a counter taken below four.

    Each card session (power-on to power-off) is judged by an allow-list of its own, in the order the card saw it.
    """
    faults: list[str] = []
    for file in sorted(folder.glob("*.jsonl")):
        sessions: dict[int, AllowList] = defaultdict(AllowList)
        counters: dict[str, int] = {}
        for line in file.read_text("utf-8").splitlines():
            entry = json.loads(line)
            where = f"{file.name} session {entry['session']}: {entry['command'][:8]}"
            allowed = sessions[entry["session"]]
            try:
                allowed.check(bytes.fromhex(entry["command"]))
            except ForbiddenApduError:
                faults.append(f"{where} stands not on the allow-list")
            else:
                allowed.answered(int(entry["status"], 16))
            for name, left in entry["counters"].items():
                if left < counters.get(name, left) and left < FEWEST_TRIES:
                    faults.append(f"{where} took {name} down to {left}")
            counters = entry["counters"]
    return faults
