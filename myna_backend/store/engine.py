"""The database: opening, migrating, transactions.

SQLite runs in WAL mode with foreign keys on; its writing transactions take the write lock at once (``BEGIN
IMMEDIATE``), so that none has to start over. PostgreSQL runs at READ COMMITTED. What must happen once (a challenge, a
``jti``, an account) is decided on both by a conditional update, a key or a row's lock, never by a look beforehand.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, CursorResult, Engine, Executable, Update, create_engine, event, make_url, text
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from myna_backend.evidence.modes import Mode
from myna_backend.store.tables import Meta, Table

_BUSY_TIMEOUT = 5_000
"""Milliseconds a writer of SQLite waits for another one."""
CONNECTIONS = 4
"""And as many worker threads of the HTTP side, so that none waits for a connection. More would only wait for each
other: Python runs one at a time, and the rest of a call is waiting for the database."""
_POSTGRESQL_OPTIONS = {"connect_timeout": _BUSY_TIMEOUT // 1000, "tcp_user_timeout": _BUSY_TIMEOUT}
"""For libpq, in seconds and milliseconds: a server that is gone without a word is told as gone, not waited for."""
_MIGRATION_LOCK = 0x6D796E61
"""PostgreSQL's advisory lock that lets one of several starting servers migrate."""


class WrongModeError(RuntimeError):
    """The database belongs to another trust mode."""


@dataclass(frozen=True, slots=True)
class Store:
    """Two ways in: `reading` sees one snapshot and takes no lock, `writing` commits at the end or not at all."""

    engine: Engine
    _turn: Lock = field(default_factory=Lock, repr=False)

    @property
    def kind(self) -> str:
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._in_turn(), Session(self.engine.execution_options(writing=True)) as session, session.begin():
            yield session

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Threads that write to SQLite stand in line: among themselves they would sleep and try again, and starve."""
        if self.kind != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=_BUSY_TIMEOUT / 1000):
            raise PoolTimeoutError("the writer before never ended")
        try:
            yield
        finally:
            self._turn.release()


def open_store(url: str, mode: Mode) -> Store:
    """The store at `url`, migrated to this program's tables. Raises `WrongModeError`."""
    store = Store(engine_for(url))
    try:
        _migrate(store)
        _require_mode(store, mode)
    except BaseException:
        store.engine.dispose()
        raise
    return store


def _migrate(store: Store) -> None:
    with store.engine.execution_options(writing=True).begin() as connection:
        if store.kind == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        command.upgrade(alembic(connection), "head")


def _require_mode(store: Store, mode: Mode) -> None:
    with store.writing() as session:
        put_once(session, Meta, key="mode", value=mode.value)
        held = session.get_one(Meta, "mode").value
    if held != mode.value:
        raise WrongModeError(f"the database belongs to mode {held}")


def put_once(session: Session, kind: type[Table], /, **values: object) -> bool:
    """Inserts a row unless its key stands already. In a race one caller gets True."""
    return _changed_one(session, _insert(session, kind).values(values).on_conflict_do_nothing())


def put(session: Session, kind: type[Table], key: Mapping[str, object], /, **values: object) -> None:
    """Inserts a row, or changes these values of the one whose key stands already."""
    statement = _insert(session, kind).values(**key, **values)
    _changed_one(session, statement.on_conflict_do_update(index_elements=list(key), set_=values))


def add_once(session: Session, row: Table) -> bool:
    """As `put_once`, for a row whose number is made by the database: it stands in `row` afterwards."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def update_one(session: Session, statement: Update) -> bool:
    """Whether a conditional update found its row."""
    return _changed_one(session, statement)


def _insert(session: Session, kind: type[Table]) -> sqlite.Insert:
    """Both dialects know the same words here; they share no class that has them."""
    table = cast(SqlTable, kind.__table__)
    if session.get_bind().dialect.name == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)


def _changed_one(session: Session, statement: Executable) -> bool:
    options = {"synchronize_session": False, "preserve_rowcount": True}
    result = session.execute(statement, execution_options=options)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def engine_for(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    # Parameters of statements hold personal data; they must not get into exceptions.
    options = _POSTGRESQL_OPTIONS if parsed.get_backend_name() == "postgresql" else {}
    engine = create_engine(parsed, hide_parameters=True, pool_size=CONNECTIONS, connect_args=options)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy begins transactions, not the driver
        for pragma in (f"busy_timeout={_BUSY_TIMEOUT}", "journal_mode=WAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "myna_backend:migrations")
    config.attributes["connection"] = connection
    return config
