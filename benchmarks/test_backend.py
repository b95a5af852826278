"""Complete visits a second on both stores, beside what the same machine can do at most.

The floor is what a visit cannot do without: its RSA verifications, and as many empty requests (`health`) over the same
connections, which is what HTTPS, the framework and the client cost by themselves. A first visit takes three requests
and four verifications, a later one two of each. The client works on the same cores, so seconds of the wall depend on
what else the machine does; the servers' own processor time a visit does not.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import delete

from benchmarks.table import Row, spread
from myna_backend.store.tables import LimitCount
from myna_backend.tls import make_server_certificate
from tests.backend import issuing
from tests.backend.issuing import Holder, person
from tests.backend.processes import Deployment, ports
from tests.backend.running import Server
from tests.parts import Program
from tests.postgresql import postgresql

DESKS = 8
FIRST_VISITS = 10
LATER_VISITS = 50
"""Of each desk; a terminal has 60 challenges a minute."""
_TICKS = os.sysconf("SC_CLK_TCK")

Work = Callable[[], object]


@dataclass(frozen=True)
class Deployed:
    """A backend of one process or more, and a way to each."""

    name: str
    servers: Sequence[Server]
    programs: Sequence[Program]

    @property
    def processor(self) -> float:
        """Seconds of processor time all its processes have used."""
        return sum(map(_processor, self.programs))

    @property
    def memory(self) -> Sequence[float]:
        """Megabytes each of its processes holds."""
        pages = [int(Path(f"/proc/{one.process.pid}/statm").read_text().split()[1]) for one in self.programs]
        return [number * os.sysconf("SC_PAGE_SIZE") / 1e6 for number in pages]

    def clear_limits(self) -> None:
        """The desks of a benchmark are faster than any real one."""
        with self.servers[0].backend.store.writing() as session:
            session.execute(delete(LimitCount))


def _processor(program: Program) -> float:
    words = Path(f"/proc/{program.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICKS


@pytest.fixture(params=[("sqlite", 1), ("postgresql", 1), ("postgresql", 2)], ids=lambda kind: f"{kind[0]}-{kind[1]}")
def deployed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployed]:
    store, processes = request.param
    make_server_certificate(tmp_path, "127.0.0.1")
    with ExitStack() as running:
        database = f"sqlite:///{tmp_path / 'backend.sqlite3'}"
        if store == "postgresql":
            server = running.enter_context(postgresql())
            database = server.url(server.make_database())
        deployment = Deployment(tmp_path, database, "https://backend.invalid")
        addresses = ports(processes)
        programs = [running.enter_context(deployment.start(port)) for port in addresses]
        servers = [running.enter_context(deployment.client(f"https://127.0.0.1:{port}")) for port in addresses]
        yield Deployed(f"{store}, {processes} process{'es' * (processes > 1)}", servers, programs)


@dataclass(frozen=True)
class Measured:
    """Of a number of visits, or of what stands for them."""

    a_second: float
    each: Sequence[float]
    """Seconds, from when it was due."""
    processor: float
    """Seconds of the servers for one."""


def measure(deployed: Deployed, desks: Sequence[Sequence[Work]], a_second: float | None = None) -> Measured:
    """Every desk does its work, one after another: at once, or so that all together keep a pace."""
    deployed.clear_limits()
    apart = len(desks) / a_second if a_second else 0.0
    used, begin = deployed.processor, time.perf_counter()

    def at_work(number: int, work: Sequence[Work]) -> list[float]:
        seconds = []
        due = begin + apart * number / len(desks)
        for one in work:
            time.sleep(max(0.0, due - time.perf_counter()) if apart else 0.0)
            start = due if apart else time.perf_counter()
            one()
            seconds.append(time.perf_counter() - start)
            due += apart
        return seconds

    with ThreadPoolExecutor(len(desks)) as pool:
        each = [seconds for some in pool.map(at_work, range(len(desks)), desks) for seconds in some]
    return Measured(len(each) / (time.perf_counter() - begin), each, (deployed.processor - used) / len(each))


def floor(deployed: Deployed, desks: Sequence[Sequence[Work]], requests: int, verifications: int) -> Measured:
    """The same number of visits of which only empty requests and verifications are left."""
    key, message = issuing.key("card").public_key(), b"any"
    signature = issuing.sign("card", message)

    def one(server: Server) -> None:
        for _ in range(requests):
            server.call("GET", "/v1/health")

    servers = [deployed.servers[number % len(deployed.servers)] for number in range(len(desks))]
    empty = measure(deployed, [[partial(one, server)] * len(work) for server, work in zip(servers, desks, strict=True)])
    begin = time.process_time()
    for _ in range(100 * verifications):
        key.verify(signature, message, PKCS1v15(), SHA256())
    verifying = (time.process_time() - begin) / 100
    return replace(empty, a_second=1 / (1 / empty.a_second + verifying), processor=empty.processor + verifying)


def test_visits_a_second(deployed: Deployed, tmp_path: Path, table: list[Row]) -> None:
    holders = [[Holder(serial=1000 + 100 * desk + one) for one in range(FIRST_VISITS)] for desk in range(DESKS)]
    for desk in range(DESKS):  # keys are made in one thread: two would make two of them
        issuing.key(f"card {desk}")
    issuing.birth_date_record()
    issuing.issuer_certificate()
    persons = [person(f"p{desk}", *mine) for desk, mine in enumerate(holders)]
    deployed.servers[0].load(tmp_path / "deck", *persons)
    terminals = [deployed.servers[desk % len(deployed.servers)].terminal() for desk in range(DESKS)]

    def first(desk: int, holder: Holder) -> None:
        card = f"card {desk}"
        answer = terminals[desk].first_visit(holder, card, issuing.birth_date_record(card=card))
        assert answer.status == 200, answer.body

    def later(desk: int) -> None:
        assert terminals[desk].visit(holders[desk][0], f"card {desk}").body["next"] == "done"

    firsts = [[partial(first, desk, holder) for holder in mine] for desk, mine in enumerate(holders)]
    laters = [[partial(later, desk)] * LATER_VISITS for desk in range(DESKS)]
    for what, requests, verifications, work in (("first", 3, 4, firsts), ("later", 2, 2, laters)):
        done, least = measure(deployed, work), floor(deployed, work, requests, verifications)
        table.append(
            Row(
                f"backend, {deployed.name}: {what} visits a second, all out",
                f"{done.a_second:.0f}; each {spread(done.each)}",
                f"{least.a_second:.0f} as its empty requests and verifications",
                "a third of the floor",
            )
        )
        table.append(
            Row(
                f"backend, {deployed.name}: processor time of the server for a {what} visit",
                f"{1000 * done.processor:.1f} ms",
                f"{1000 * least.processor:.1f} ms for its empty requests and verifications",
                "three times the floor",
            )
        )
    half = measure(deployed, laters, done.a_second / 2)
    middle, last = (1000 * statistics.quantiles(half.each, n=100)[point - 1] for point in (50, 99))
    table.append(
        Row(
            f"backend, {deployed.name}: a later visit at half of that load",
            f"p50 {middle:.0f} ms, p99 {last:.0f} ms",
            f"{half.a_second:.0f} visits a second",
            "p99 under 150 ms",
        )
    )
    held = ", ".join(f"{one:.0f}" for one in deployed.memory)
    table.append(Row(f"backend, {deployed.name}: memory of a process", f"{held} MB", "", ""))
