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

from tests.parts import wait_until

_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
_USER = "nobody"
"""PostgreSQL refuses to run as root, which the tests' room makes of everybody."""
_SETTINGS = ("-c", "fsync=off", "-c", "listen_addresses=", "-c", "max_connections=300")
_ROOM = Path("/run")
"""Belongs to the tests' room alone and vanishes with it."""


@dataclass
class Postgresql:
    """A running server. It ends with the process that started it, however that ends."""

    folder: Path
    _process: subprocess.Popen[bytes] | None = None

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
        data, log = self.folder / "data", self.folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                _as_ordinary_user("postgres", "-D", str(data), "-k", str(self.folder), *_SETTINGS),
                cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        state = data / "postmaster.pid"
        wait_until(lambda: state.exists() and state.read_text().rstrip().endswith("ready"), "PostgreSQL is ready")

    def stop(self, mode: str = "immediate") -> None:
        words = ("-D", str(self.folder / "data"), "-w", "-s", "stop", "-m", mode)
        subprocess.run(_as_ordinary_user("pg_ctl", *words), check=True, cwd="/")
        if self._process is not None:
            self._process.wait()

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
    folder = Path(mkdtemp(prefix="myna-pg-", dir=_ROOM if os.environ.get("MYNA_TEST_ROOM") == "inside" else None))
    shutil.chown(folder, _USER)
    server = Postgresql(folder)
    try:
        options = ("--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username", _USER)
        initialise = _as_ordinary_user("initdb", "-D", str(folder / "data"), *options)
        subprocess.run(initialise, check=True, cwd="/", stdout=subprocess.DEVNULL)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _as_ordinary_user(program: str, *words: str) -> list[str]:
    """The command; it is told to quit when the thread that runs it is gone."""
    change = (f"--reuid={_USER}", "--regid=nogroup", "--clear-groups") if os.geteuid() == 0 else ()
    return ["setpriv", *change, "--pdeathsig", "QUIT", str(_PROGRAMS / program), *words]
