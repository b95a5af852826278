"""`kill -9` under load and started again: no account works twice, no challenge is spent twice, nothing is half done."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from myna_backend.accounts import IssuedAccount
from myna_backend.store.tables import Audit, LimitCount, OpenVisit, Pin
from myna_backend.store.tables import Terminal as TerminalRow
from myna_backend.tls import make_server_certificate
from tests.backend import issuing
from tests.backend.issuing import Holder, person
from tests.backend.processes import Deployment, ports
from tests.backend.running import Answer, Server, Terminal
from tests.parts import Program
from tests.postgresql import postgresql

HOLDER = Holder()
DIED = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
"""How a server looks that was killed before or within its answer."""
SPENT = {"challenge_spent", "challenge_unknown", "challenge_expired"}


@dataclass
class Backend:
    deployment: Deployment
    port: int
    server: Server
    program: Program

    def kill_and_start(self) -> None:
        self.program.kill()
        self.program = self.deployment.start(self.port)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    make_server_certificate(tmp_path, "127.0.0.1")
    (port,) = ports(1)
    with ExitStack() as running:
        database = f"sqlite:///{tmp_path / 'backend.sqlite3'}"
        if request.param == "postgresql":
            server = running.enter_context(postgresql())
            database = server.url(server.make_database())
        deployment = Deployment(tmp_path, database, f"https://127.0.0.1:{port}")
        program = deployment.start(port)
        client = running.enter_context(deployment.client(deployment.issuer))
        backend = Backend(deployment, port, client, program)
        yield backend
        backend.program.stop()


def test_an_account_is_whole_and_on_one_terminal_whenever_the_server_died(backend: Backend) -> None:
    accounts: Sequence[IssuedAccount] = [backend.server.account() for _ in range(6)]
    rivals = [Terminal(backend.server, account) for account in accounts for _ in range(3)]
    first = threading.Event()

    def register(terminal: Terminal) -> None:
        with suppress(*DIED):
            if terminal.register().status == 201:  # a rival may hear his 409 before the one who won is answered
                first.set()

    with ThreadPoolExecutor(len(rivals)) as pool:
        tries = [pool.submit(register, terminal) for terminal in rivals]
        assert first.wait(60)
        backend.kill_and_start()
        for one in tries:
            one.result()
    held = {id(terminal): terminal.terminal_id for terminal in rivals if terminal.terminal_id}
    assert held, "somebody was answered before the end"
    for account in accounts:
        mine = [terminal for terminal in rivals if terminal.account is account]
        statuses = [terminal.register().status for terminal in mine]
        assert statuses.count(201) == 1, "one terminal has the account, whoever is asked"
    for terminal in rivals:
        assert held.get(id(terminal), terminal.terminal_id) == terminal.terminal_id
    with backend.server.backend.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(TerminalRow)) == len(accounts)


@dataclass
class Desk:
    """A terminal at work, and what it last sent."""

    terminal: Terminal
    answered: int = 0
    bodies: list[dict[str, Any]] = field(default_factory=list)


def test_a_challenge_spent_before_the_server_died_is_spent_afterwards(backend: Backend) -> None:
    desks = [Desk(backend.server.terminal()) for _ in range(4)]
    busy = threading.Semaphore(0)

    def work(desk: Desk) -> None:
        with suppress(*DIED):
            for _ in range(40):
                body = desk.terminal.visit_body(HOLDER)
                desk.bodies.append(body)
                assert desk.terminal.call("POST", "/v1/visits", json=body).status < 500
                desk.answered += 1
                busy.release()

    with ThreadPoolExecutor(len(desks)) as pool:
        working = [pool.submit(work, desk) for desk in desks]
        for _ in range(20):
            assert busy.acquire(timeout=60)
        backend.kill_and_start()
        for one in working:
            one.result()
    for desk in desks:
        assert desk.terminal.fetch_token().status == 200
        for number, body in enumerate(desk.bodies):
            other = {**body, "face_check": {"seconds_ago": 6, "way": "photograph"}}
            first, second = (
                desk.terminal.call("POST", "/v1/visits", json=one).body.get("code") for one in (other, body)
            )
            if number < desk.answered:
                assert first in SPENT
            else:  # nobody knows how far it came; but one body has it, not both
                assert (first in SPENT) != (second in SPENT)
    sent = sum(len(desk.bodies) for desk in desks)
    with backend.server.backend.store.reading() as session:
        audited = session.scalar(select(func.count()).select_from(Audit))
    assert audited is not None
    assert sum(desk.answered for desk in desks) <= audited <= sent


@dataclass
class Proof:
    """A visit whose proof was sent, and perhaps answered before the server died."""

    terminal: Terminal
    visit_id: str
    answered: bool = False

    def send(self) -> Answer:
        return self.terminal.prove(self.visit_id)


def test_a_proof_counts_once_and_wholly_whenever_the_server_died(backend: Backend, tmp_path: Path) -> None:
    """A proof's traces stand together or not at all; a visit that stands after the start takes its proof, no other."""
    holders = [[Holder(serial=1000 * (desk + 1) + number) for number in range(40)] for desk in range(3)]
    other_proof = issuing.birth_date_record(issuer="somebody else")
    issuing.issuer_certificate()  # keys are made in one thread: two would make two of them
    server = backend.server
    server.load(tmp_path / "deck", person("p01", *chain(*holders)))
    terminals = [server.terminal() for _ in holders]
    proofs: list[Proof] = []
    answered = threading.Semaphore(0)

    def work(terminal: Terminal, mine: Sequence[Holder]) -> None:
        with suppress(*DIED):
            for holder in mine:
                proof = Proof(terminal, terminal.visit(holder).body["visit_id"])
                proofs.append(proof)
                assert proof.send().status == 200
                proof.answered = True
                answered.release()

    with ThreadPoolExecutor(len(holders)) as pool:
        working = [pool.submit(work, *one) for one in zip(terminals, holders, strict=True)]
        for _ in range(5):
            assert answered.acquire(timeout=60)
        backend.kill_and_start()
        for one in working:
            one.result()

    before, standing = confirmed(server)
    assert before >= {proof.visit_id for proof in proofs if proof.answered}
    for proof in proofs:
        expected = 200 if proof.visit_id in standing else 409
        assert [proof.send().status for _ in range(2)] == [expected] * 2
        assert proof.terminal.prove(proof.visit_id, other_proof).code == "visit_closed"
    after, _ = confirmed(server)
    assert after == before | {proof.visit_id for proof in proofs if proof.visit_id in standing}


def confirmed(server: Server) -> tuple[set[str], set[str]]:
    """Visits that were confirmed, and visits that stand. Audit row, pin and the key's count stand together or not."""
    with server.backend.store.reading() as session:
        audited = set(session.scalars(select(Audit.visit_id).where(Audit.outcome == "confirmed")))
        standing = session.scalars(select(OpenVisit)).all()
        pinned = {(pin.issuer_key_id, pin.serial) for pin in session.scalars(select(Pin))}
        counts = session.scalars(select(LimitCount.count).where(LimitCount.kind == "keys_of_certificate")).all()
    for visit in standing:
        whole = (visit.visit_id in audited, visit.proved, (visit.issuer_key_id, visit.serial) in pinned)
        assert len(set(whole)) == 1, "a proof is half done"
    assert len(pinned) == len(audited)
    assert sum(counts) == len(counts) - len(audited), "a key is counted until its proof is whole"
    return {str(visit_id) for visit_id in audited}, {str(visit.visit_id) for visit in standing}
