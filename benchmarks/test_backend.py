"""Complete visits a second of one server process, on both stores, beside what the same machine can do at most.

The floor is the same number of empty requests (`health`) over the same connections: what HTTPS, the framework and the
client cost by themselves. A first visit takes three requests and four RSA verifications, a later one two of each.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from benchmarks.table import Row, spread
from myna_backend.tls import make_server_certificate
from tests.backend import issuing
from tests.backend.issuing import Holder, person
from tests.backend.processes import Deployment, ports
from tests.backend.running import Server, Terminal
from tests.postgresql import postgresql

CLIENTS = 8
FIRST_VISITS = 5
"""A terminal's birth-date keys of an hour."""
LATER_VISITS = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Server]]:
    make_server_certificate(tmp_path, "127.0.0.1")
    (port,) = ports(1)
    with ExitStack() as running:
        database = f"sqlite:///{tmp_path / 'backend.sqlite3'}"
        if request.param == "postgresql":
            server = running.enter_context(postgresql())
            database = server.url(server.make_database())
        deployment = Deployment(tmp_path, database, f"https://127.0.0.1:{port}")
        program = deployment.start(port)
        running.callback(program.stop)
        yield request.param, running.enter_context(deployment.client(deployment.issuer))


def rate(desks: Sequence[Sequence[Callable[[], object]]]) -> tuple[float, list[float]]:
    """How many a second when every desk does its own one after another, and the seconds each took."""

    def timed(one: Callable[[], object]) -> float:
        begin = time.perf_counter()
        one()
        return time.perf_counter() - begin

    begin = time.perf_counter()
    with ThreadPoolExecutor(len(desks)) as pool:
        each = [seconds for desk in pool.map(lambda work: [timed(one) for one in work], desks) for seconds in desk]
    return len(each) / (time.perf_counter() - begin), each


def test_visits_a_second(store: tuple[str, Server], tmp_path: Path, table: list[Row]) -> None:
    name, server = store
    holders = [[Holder(serial=1000 + 100 * one + other) for other in range(FIRST_VISITS)] for one in range(CLIENTS)]
    persons = [person(f"b{holder.serial}", holder) for some in holders for holder in some]
    server.load(tmp_path / "deck", *persons)
    terminals = [server.terminal() for _ in range(CLIENTS)]
    desks = list(zip(terminals, holders, strict=True))

    def first(terminal: Terminal, holder: Holder) -> None:
        card = f"card {holder.serial}"
        answer = terminal.first_visit(holder, card, issuing.birth_date_record(card=card))
        assert answer.status == 200, answer.body

    def later(terminal: Terminal, holder: Holder) -> None:
        assert terminal.visit(holder, f"card {holder.serial}").body["next"] == "done"

    for some in holders:  # keys are made beforehand, and in one thread: two would make two of them
        for holder in some:
            issuing.birth_date_record(card=f"card {holder.serial}")
    issuing.issuer_certificate()
    firsts = [[partial(first, terminal, holder) for holder in some] for terminal, some in desks]
    laters = [[partial(later, terminal, some[0])] * LATER_VISITS for terminal, some in desks]
    for what, requests, work in (("first visits", 3, firsts), ("later visits", 2, laters)):
        done, each = rate(work)
        empty, _ = rate([[partial(server.call, "GET", "/v1/health")] * (requests * len(some)) for some in work])
        table.append(
            Row(
                f"backend, {name}: {what} a second (one process, its client on the same cores)",
                f"{done:.0f}; each {spread(each)}",
                f"{empty / requests:.0f} as empty requests",
                "a third of the floor",
            )
        )
