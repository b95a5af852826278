"""The store: migrations, modes, limits, what is forgotten when."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from myna_app.formats.facility import FacilityKind
from myna_backend.backend import load_server_key
from myna_backend.evidence.modes import Mode
from myna_backend.pins import forget_pins, unpin
from myna_backend.problems import Refusal
from myna_backend.retention import purge
from myna_backend.store import limits
from myna_backend.store.engine import Store, WrongModeError, open_store, put_once
from myna_backend.store.tables import (
    AccessTokenHash,
    Audit,
    CardKey,
    Challenge,
    LastRead,
    LimitCount,
    Meta,
    Pin,
    RefusedKey,
    Table,
    UsedAssertion,
)
from tests.backend.issuing import NOW, Holder, person
from tests.backend.running import FakeClock, Server

HOLDER = Holder()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = open_store(database, Mode.SANDBOX)
    yield store
    store.engine.dispose()


def test_the_migrations_make_the_tables_of_the_program(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_servers_starting_at_once_migrate_once(database: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(database, Mode.SANDBOX), range(4)))
    for store in stores:
        store.engine.dispose()


def test_a_database_of_one_mode_is_not_opened_in_another(store: Store, database: str) -> None:
    with pytest.raises(WrongModeError, match="sandbox"):
        open_store(database, Mode.PRODUCTION)


def test_sqlite_waits_keeps_foreign_keys_and_writes_ahead(store: Store) -> None:
    if store.kind != "sqlite":
        return
    with store.engine.connect() as connection:
        values = [
            connection.scalar(text(f"PRAGMA {name}")) for name in ("busy_timeout", "foreign_keys", "journal_mode")
        ]
    assert values == [5000, 1, "wal"]


def test_a_row_without_its_parent_is_refused(store: Store) -> None:
    row = AccessTokenHash(digest=b"x", terminal_id="7K3D9QXM2H4TVB83", expires_at=NOW)
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add(row)


def test_parameters_of_statements_stay_out_of_exceptions(store: Store) -> None:
    with pytest.raises(IntegrityError) as caught, store.writing() as session:
        for _ in range(2):
            session.add(Meta(key="mode", value="架空　一郎"))
            session.flush()
            session.expunge_all()
    assert "架空" not in str(caught.value)


def test_of_many_inserts_of_one_key_one_wins(store: Store) -> None:
    start = threading.Barrier(8)

    def insert(_: int) -> bool:
        start.wait()
        with store.writing() as session:
            return put_once(session, UsedAssertion, digest=b"x", expires_at=NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(insert, range(8))) == [False] * 7 + [True]


def test_a_limit_holds_for_many_at_once(store: Store) -> None:
    start = threading.Barrier(12)

    def take(_: int) -> bool:
        start.wait()
        try:
            with store.writing() as session:
                limits.require(session, limits.REAUTHENTICATION, "terminal", NOW)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(take, range(12))) == limits.REAUTHENTICATION.most


def test_a_count_given_back_in_a_later_window_does_not_lower_that_window(store: Store) -> None:
    with store.writing() as session:
        limits.require(session, limits.REAUTHENTICATION, "terminal", NOW)
        limits.require(session, limits.REAUTHENTICATION, "terminal", NOW + limits.HOUR)
        limits.give_back(session, limits.REAUTHENTICATION, "terminal", NOW)
        assert session.scalars(select(LimitCount.count)).one() == 1


def test_everything_is_forgotten_when_its_time_is_over(server: Server, tmp_path: Path, clock: FakeClock) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal(FacilityKind.CARE)
    store = server.backend.store
    visit_id = terminal.visit(HOLDER).body["visit_id"]
    terminal.refuse_key(visit_id)
    assert terminal.first_visit(HOLDER).status == 200
    terminal.challenge()

    def standing() -> set[type[Table]]:
        kinds = (AccessTokenHash, UsedAssertion, LimitCount, Challenge, LastRead, Audit, Pin, CardKey, RefusedKey)
        with store.reading() as session:
            return {kind for kind in kinds if session.scalars(select(kind)).first() is not None}

    everything = standing()
    assert len(everything) == 9
    times: list[tuple[timedelta, set[type[Table]]]] = [
        (timedelta(seconds=119), set()),
        (timedelta(minutes=10), {AccessTokenHash, UsedAssertion, Challenge, LastRead}),
        (timedelta(days=1), {LimitCount}),
        (timedelta(days=89), set()),
        (timedelta(days=90), {Audit}),
        (HOLDER.not_after + timedelta(days=60) - NOW, set()),
        (HOLDER.not_after + timedelta(days=130) - NOW, {Pin, CardKey, RefusedKey}),
    ]
    for after, gone in times:
        purge(store, NOW + after)
        everything -= gone
        assert standing() == everything, after


def test_a_released_terminal_leaves_its_audit_rows_and_nothing_else(server: Server, tmp_path: Path) -> None:
    server.load(tmp_path / "deck", person())
    terminal = server.terminal(FacilityKind.CARE)
    assert terminal.first_visit(HOLDER).status == 200
    assert terminal.call("DELETE", "/v1/terminals/me").status == 204
    with server.backend.store.reading() as session:
        for kind in (AccessTokenHash, Challenge, LastRead):
            assert session.scalars(select(kind)).all() == []
        assert [row.terminal_id for row in session.scalars(select(Audit))] == [terminal.terminal_id]


def test_a_key_is_kept_while_a_certificate_is_pinned_to_it(server: Server, tmp_path: Path) -> None:
    renewed = Holder(serial=0xDEF)
    server.load(tmp_path / "deck", person("p01", HOLDER, renewed))
    for holder in (HOLDER, renewed):
        assert server.terminal().first_visit(holder).status == 200
    store = server.backend.store
    with store.writing() as session:
        forget_pins(session, Pin.serial == HOLDER.row["serial"])
        assert len(session.scalars(select(CardKey)).all()) == 1
        unpin(session, "p01")
        assert session.scalars(select(CardKey)).all() == []


def test_the_server_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    key = load_server_key(tmp_path)
    assert load_server_key(tmp_path) == key
    assert (tmp_path / "server.key").stat().st_mode & 0o777 == 0o600
    assert key.value.hex() not in repr(key)
