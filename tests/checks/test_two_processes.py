"""Two processes on one PostgreSQL behind nginx: what may happen once happens once, whoever is asked."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from myna_backend.tls import make_server_certificate
from tests.backend.issuing import Holder
from tests.backend.processes import Deployment, nginx, ports
from tests.backend.running import Answer, Server, Terminal
from tests.postgresql import postgresql

ATTEMPTS = 300
HOLDER = Holder()


@pytest.fixture(scope="module")
def behind_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("two")
    make_server_certificate(data, "127.0.0.1")
    outside, *inside = ports(3)
    with ExitStack() as running:
        database = running.enter_context(postgresql())
        deployment = Deployment(data, database.url(database.make_database()), f"https://127.0.0.1:{outside}")
        for port in inside:
            running.enter_context(deployment.start(port))
        running.enter_context(nginx(data, data, outside, inside))
        yield running.enter_context(deployment.client(deployment.issuer))


@pytest.fixture
def terminal(behind_nginx: Server) -> Terminal:
    return behind_nginx.terminal()


def outcomes(terminal: Terminal, bodies: list[dict[str, Any]]) -> list[Answer]:
    with ThreadPoolExecutor(32) as pool:
        return list(pool.map(lambda body: terminal.call("POST", "/v1/visits", json=body), bodies))


def test_a_challenge_is_spent_once_by_hundreds_of_parallel_attempts(terminal: Terminal) -> None:
    challenge = terminal.challenge()
    bodies = [
        terminal.visit_body(HOLDER, challenge=challenge, face_check={"seconds_ago": one, "way": "photograph"})
        for one in range(ATTEMPTS)
    ]
    codes = Counter(answer.body.get("code", "done") for answer in outcomes(terminal, bodies))
    assert codes.pop("challenge_spent") == ATTEMPTS - 1
    assert codes.total() == 1


def test_one_body_sent_hundreds_of_times_gets_one_answer(terminal: Terminal) -> None:
    answers = outcomes(terminal, [terminal.visit_body(HOLDER)] * ATTEMPTS)
    assert len({(answer.status, answer.body["code"]) for answer in answers}) == 1


def test_an_assertion_is_used_once_by_parallel_attempts(terminal: Terminal) -> None:
    assertion = terminal.assertion()
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda _: terminal.fetch_token(assertion), range(24)))
    codes = Counter((answer.body.get("code") or "token") for answer in answers)
    assert codes == {"token": 1, "assertion_replayed": 23}


def test_an_account_is_taken_by_one_of_many_terminals_at_once(behind_nginx: Server) -> None:
    account = behind_nginx.account()
    terminals = [Terminal(behind_nginx, account) for _ in range(9)]
    with ThreadPoolExecutor(9) as pool:
        statuses = Counter(pool.map(lambda one: one.register().status, terminals))
    assert statuses[201] == 1
    assert statuses.total() == 9
