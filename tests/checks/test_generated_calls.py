"""Generated requests against the running server: schemathesis with all its checks, from the published OpenAPI."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backend.running import FakeClock, Server, serving
from myna_backend.settings import Settings
from myna_backend.store import limits
from myna_backend.tls import CA_FILE, make_server_certificate
from tests.parts import BIN

EXAMPLES = 1_900
"""An operation; eleven of them."""
LEAST_CASES = 20_000


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Its limits are out of the way: they would answer nearly every generated case."""
    for name in ("REGISTRATION_OF_ACCOUNT", "REGISTRATION_FROM_ADDRESS", "REAUTHENTICATION", "TOKENS", "CHALLENGES"):
        limit: limits.Limit = getattr(limits, name)
        monkeypatch.setattr(limits, name, limits.Limit(limit.name, 10**9, limit.period))
    make_server_certificate(tmp_path, "127.0.0.1")
    settings = Settings(
        issuer="https://backend.invalid", data=tmp_path, database=f"sqlite:///{tmp_path / 'backend.sqlite3'}"
    )
    with serving(settings, FakeClock(), tmp_path) as server:
        yield server


def run(server: Server, folder: Path, *options: str) -> str:
    environment = {**os.environ, "REQUESTS_CA_BUNDLE": str(folder / CA_FILE)}
    done = subprocess.run(
        [str(BIN / "schemathesis"), "run", f"{server.address}/openapi.json", "--checks", "all", "--no-color",
         "--phases", "coverage,fuzzing", "--request-timeout", "30", "--tls-verify", str(folder / CA_FILE), *options],
        capture_output=True, text=True, env=environment, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout
