"""Whether a server that runs for a day holds more in the evening: its memory over many visits.

The calls are made below HTTPS, in one process, because the client would take most of the time; everything that could
keep something of a visit (sessions, caches of statements and anchors, the store's connections) is at work.
"""

import hashlib
import os
from pathlib import Path
from uuid import UUID

import pytest

from benchmarks.table import Row
from myna_app.formats.visit_message import visit_message
from myna_backend import contract, tokens, visits
from myna_backend.settings import Settings
from myna_backend.tls import make_server_certificate
from tests.backend import issuing
from tests.backend.conftest import cheap_hashes
from tests.backend.issuing import Holder, person
from tests.backend.running import FakeClock, Server, Terminal, serving

__all__ = ["cheap_hashes"]

VISITS = 100_000
WARM = 2_000
"""Visits after which caches are full."""
HOLDER = Holder()


def megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def visit(server: Server, terminal: Terminal) -> None:
    """A later visit; a second after the one before, as limits want it."""
    server.clock.advance(seconds=1)
    caller = tokens.caller_with(server.backend, terminal.token)
    challenge = visits.make_challenge(server.backend, caller)
    message = visit_message(challenge.challenge_id, challenge.nonce, caller.terminal_id, HOLDER.certificate)
    request = contract.VisitRequest(
        challenge_id=UUID(str(challenge.challenge_id)),
        certificate=HOLDER.certificate,
        signature=issuing.sign("card", message),
        face_check=contract.FaceCheck(seconds_ago=3, way="photograph"),
    )
    answer = visits.visit(server.backend, caller, request, hashlib.sha256(message).digest())
    assert answer.next == "done"


@pytest.mark.timeout(7200)
def test_memory_over_many_visits(tmp_path: Path, table: list[Row]) -> None:
    make_server_certificate(tmp_path, "127.0.0.1")
    settings = Settings(
        issuer="https://backend.invalid", data=tmp_path, database=f"sqlite:///{tmp_path / 'backend.sqlite3'}"
    )
    with serving(settings, FakeClock(), tmp_path) as server:
        server.load(tmp_path / "deck", person())
        terminal = server.terminal()
        assert terminal.first_visit(HOLDER).status == 200
        seen = []
        for number in range(VISITS + 1):
            if number % 500 == 0:
                terminal.fetch_token()
            if number in (WARM, VISITS // 2, VISITS):
                seen.append(megabytes())
            visit(server, terminal)
    early, middle, late = seen
    table.append(
        Row(
            f"backend: memory after {WARM:,}, {VISITS // 2:,} and {VISITS:,} visits",
            f"{early:.1f}, {middle:.1f}, {late:.1f} MB",
            "the process of the benchmark",
            "no growth",
        )
    )
