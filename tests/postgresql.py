"""A PostgreSQL server of the tests' own: Debian's programs, a temporary folder, a socket instead of a network."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp

from sqlalchemy import URL, create_engine, text

_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
_USER = "nobody"
"""PostgreSQL refuses to run as root, which the tests' room makes of everybody."""
_SETTINGS = "-c fsync=off -c listen_addresses= -c max_connections=300"


@dataclass(frozen=True)
class Postgresql:
    """A running server."""

    folder: Path

    def url(self, database: str) -> str:
        host = {"host": str(self.folder)}
        return URL.create("postgresql", _USER, database=database, query=host).render_as_string()

    def make_database(self) -> str:
        """Name of a new, empty database."""
        name = f"tests_{token_hex(8)}"
        self._run(f"CREATE DATABASE {name}")
        return name

    def drop_database(self, name: str) -> None:
        """Whoever is connected is thrown out."""
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def start(self) -> None:
        options = f"{_SETTINGS} -k {self.folder}"
        self._control("start", "-o", options, "-l", str(self.folder / "log"))

    def stop(self, mode: str = "immediate") -> None:
        self._control("stop", "-m", mode)

    def _control(self, *words: str) -> None:
        _as_ordinary_user("pg_ctl", "-D", str(self.folder / "data"), "-w", "-s", *words)

    def _run(self, statement: str) -> None:
        engine = create_engine(
            self.url("postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """A server that ends, with its folder, at the end of the block."""
    folder = Path(mkdtemp(prefix="myna-pg-"))
    shutil.chown(folder, _USER)
    server = Postgresql(folder)
    try:
        options = ("--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username", _USER)
        _as_ordinary_user("initdb", "-D", str(folder / "data"), *options)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _as_ordinary_user(program: str, *words: str) -> None:
    change = ["setpriv", f"--reuid={_USER}", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    # Not captured: the server that pg_ctl starts would keep the pipe open.
    subprocess.run(
        [*change, str(_PROGRAMS / program), *words],
        check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
