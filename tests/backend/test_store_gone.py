"""A database that goes away and comes back, and one that cannot be brought to this program's tables."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from myna_backend.evidence.modes import Mode
from myna_backend.settings import Settings
from myna_backend.store.engine import Store, alembic, engine_for, open_store
from tests.backend.running import Answer, FakeClock, Server, serving
from tests.parts import wait_until
from tests.postgresql import postgresql


@dataclass(frozen=True)
class Outage:
    """A server over a database that `begin` takes away and `end` gives back as it was."""

    server: Server
    begin: Callable[[], object]
    end: Callable[[], object]


@pytest.fixture(params=["sqlite", "postgresql"])
def outage(request: pytest.FixtureRequest, clock: FakeClock, tls: Path, tmp_path: Path) -> Iterator[Outage]:
    with ExitStack() as running:

        def serve(database: str) -> Server:
            settings = Settings(issuer="https://backend.invalid", data=tmp_path, database=database)
            return running.enter_context(serving(settings, clock, tls))

        if request.param == "postgresql":
            database = running.enter_context(postgresql())
            yield Outage(serve(database.url(database.make_database())), database.stop, database.start)
            return
        folder, away = tmp_path / "store", tmp_path / "away"
        folder.mkdir()
        server = serve(f"sqlite:///{folder / 'backend.sqlite3'}")

        def begin() -> None:
            server.backend.store.engine.dispose()  # an open file stays readable wherever its folder goes
            folder.rename(away)

        yield Outage(server, begin, lambda: away.rename(folder))


def test_a_database_that_is_gone_is_told_and_back_it_is_used_by_itself(outage: Outage) -> None:
    terminal = outage.server.terminal()
    assert terminal.call("POST", "/v1/challenges").status == 201
    outage.begin()
    for method, path in (("GET", "/v1/health"), ("GET", "/v1/terminals/me"), ("POST", "/v1/challenges")):
        answer = terminal.call(method, path)
        assert (answer.status, answer.code) == (503, "store_unavailable")
        assert answer.headers["Retry-After"] == str(answer.body["retry_after"])
    outage.end()

    def challenge() -> Answer:
        return terminal.call("POST", "/v1/challenges")

    wait_until(lambda: challenge().status == 201, "the database is used again")
    assert challenge().status == 201, "and not by chance"


def test_a_writer_that_never_ends_is_told_as_a_database_that_is_gone(
    clock: FakeClock, tls: Path, tmp_path: Path
) -> None:
    """SQLite has one writer; here another program is it. PostgreSQL locks rows, which no other program holds."""
    database = f"sqlite:///{tmp_path / 'backend.sqlite3'}"
    settings = Settings(issuer="https://backend.invalid", data=tmp_path, database=database)
    with serving(settings, clock, tls) as server:
        terminal = server.terminal()
        other = create_engine(database)
        with other.connect() as connection:
            connection.execute(text("BEGIN IMMEDIATE"))
            assert terminal.call("POST", "/v1/challenges").code == "store_unavailable"
            connection.rollback()
        other.dispose()
        assert terminal.call("POST", "/v1/challenges").status == 201


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def test_a_migration_that_fails_leaves_the_old_tables_and_what_stands_in_them(database: str) -> None:
    """0002 makes its last table where one of that name is in the way."""
    store = Store(engine_for(database))
    with store.engine.execution_options(writing=True).begin() as connection:
        command.upgrade(alembic(connection), "0001")
        connection.execute(text("INSERT INTO meta VALUES ('mode', 'sandbox')"))
        connection.execute(text("CREATE TABLE sandbox_mails (id INTEGER)"))
        before = tables(connection)
    for _ in range(2):
        with pytest.raises(DBAPIError, match="sandbox_mails"):
            open_store(database, Mode.SANDBOX)
        with store.engine.begin() as connection:
            assert tables(connection) == before
            assert connection.scalars(text("SELECT version_num FROM alembic_version")).all() == ["0001"]
            assert connection.scalars(text("SELECT value FROM meta")).all() == ["sandbox"]
    with store.engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("DROP TABLE sandbox_mails"))
    store.engine.dispose()
    open_store(database, Mode.SANDBOX).engine.dispose()
