"""A store of each kind, a clock that tests set, and a server over HTTPS."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from myna_backend import accounts
from myna_backend.settings import Settings
from myna_backend.tls import make_server_certificate
from tests.backend.running import FakeClock, Server, serving
from tests.postgresql import Postgresql, postgresql

Serve = Callable[..., Server]


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """argon2id at its least cost inside this process; the command's own tests run it at full cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    make_server_certificate(folder, "127.0.0.1")
    return folder


@dataclass(frozen=True)
class Database:
    url: str
    destroy: Callable[[], object]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Postgresql]:
    with postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        folder = tmp_path / "store"
        folder.mkdir()
        yield Database(f"sqlite:///{folder / 'backend.sqlite3'}", partial(folder.rename, tmp_path / "gone"))
        return
    server: Postgresql = request.getfixturevalue("postgresql_server")
    name = server.make_database()
    yield Database(server.url(name), partial(server.drop_database, name))
    server.drop_database(name)


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
