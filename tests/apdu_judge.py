"""Judges what virtual cards received from this program during a test run."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from myna_app.card.spec import AllowList, ForbiddenApduError

FEWEST_TRIES = 4
"""No counter of a visitor's card may be taken below this by the program itself."""


@dataclass
class Judgement:
    """`faults`: a line each."""

    commands: int = 0
    sessions: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.commands} APDUs in {self.sessions} card sessions judged, {len(self.faults)} faults"


def judge(folder: Path) -> Judgement:
    """Finds commands off the stateful allow-list, and counters taken below four.

    Each card session (power-on to power-off) is judged by an allow-list of its own, in the order the card saw it.
    """
    judgement = Judgement()
    for file in sorted(folder.glob("*.jsonl")):
        _judge_card(file, judgement)
    return judgement


def _judge_card(file: Path, judgement: Judgement) -> None:
    sessions: dict[int, AllowList] = defaultdict(AllowList)
    counters: dict[str, int] = {}
    for line in file.read_text("utf-8").splitlines():
        entry = json.loads(line)
        judgement.commands += 1
        where = f"{file.name} session {entry['session']}: {entry['command'][:8]}"
        allowed = sessions[entry["session"]]
        try:
            allowed.check(bytes.fromhex(entry["command"]))
        except ForbiddenApduError:
            judgement.faults.append(f"{where} stands not on the allow-list")
        else:
            allowed.answered(int(entry["status"], 16))
        for name, left in entry["counters"].items():
            if left < counters.get(name, left) and left < FEWEST_TRIES:
                judgement.faults.append(f"{where} took {name} down to {left}")
        counters = entry["counters"]
    judgement.sessions += len(sessions)
