"""Keeps every command a virtual card receives, for tests that judge a program by what it sent.

With ``MYNA_CARD_RECORD_DIR`` set, each card of each process appends to a JSON-lines file of its own in that folder.
VERIFY data of invented persons may stand in it.
"""

import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

RECORD_DIR = "MYNA_CARD_RECORD_DIR"

_sessions = itertools.count(1)
_writing = threading.Lock()


class Recorder:
    """Writes ``time``, ``card``, ``session``, ``command``, ``status`` and ``counters``, a line a command.

    `session` counts power-ons in this process, so that lines of one card session belong together.
    """

    def __init__(self, card: str) -> None:
        self._card = card
        self._session = 0

    def begin_session(self) -> None:
        self._session = next(_sessions)

    def record(self, command: bytes, status: bytes, counters: Callable[[], Mapping[str, int]]) -> None:
        folder = os.environ.get(RECORD_DIR)
        if not folder:
            return
        line = {
            "time": time.time(),
            "card": self._card,
            "session": self._session,
            "command": command.hex().upper(),
            "status": status.hex().upper(),
            "counters": counters(),
        }
        with _writing, (Path(folder) / f"{self._card}-{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
