"""A store of each kind, a clock that tests set, and a server over HTTPS."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from myna_backend.settings import Settings
from myna_backend.tls import make_server_certificate
from tests.backend.running import FakeClock, Server, serving

POSTGRESQL = "MYNA_TEST_POSTGRESQL"
"""URL of a PostgreSQL server where databases may be made; the whole suite runs on it too when it is set."""
STORES = ["sqlite", "postgresql"] if POSTGRESQL in os.environ else ["sqlite"]

Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    make_server_certificate(folder, "127.0.0.1")
    return folder


@dataclass(frozen=True)
class Database:
    url: str
    destroy: Callable[[], object]


@pytest.fixture(params=STORES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        folder = tmp_path / "store"
        folder.mkdir()
        yield Database(f"sqlite:///{folder / 'backend.sqlite3'}", partial(folder.rename, tmp_path / "gone"))
        return
    url, name = make_url(os.environ[POSTGRESQL]).set(drivername="postgresql+psycopg"), f"tests_{token_hex(8)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def run(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))

    def destroy() -> None:
        run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    run(f"CREATE DATABASE {name}")
    yield Database(url.set(database=name).render_as_string(hide_password=False), destroy)
    destroy()
    engine.dispose()


@pytest.fixture
def database(empty_database: Database) -> str:
    """URL of a database of the test's own."""
    return empty_database.url


@pytest.fixture
def destroy_database(empty_database: Database) -> Callable[[], object]:
    return empty_database.destroy


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def serve(database: str, clock: FakeClock, tls: Path, tmp_path: Path) -> Iterator[Serve]:
    """Starts servers on the test's database, with settings of the test's choice."""
    with ExitStack() as running:

        def start(**changes: Any) -> Server:
            settings = {"issuer": "https://backend.invalid", "data": tmp_path, "database": database, **changes}
            return running.enter_context(serving(Settings(**settings), clock, tls))

        yield start


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve()
