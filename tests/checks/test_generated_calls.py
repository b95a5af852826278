"""Generated requests against the running server: schemathesis with all its checks, from the published OpenAPI."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from myna_backend.settings import Settings
from myna_backend.store import limits
from myna_backend.tls import CA_FILE, make_server_certificate
from tests.backend.running import FakeClock, Server, serving
from tests.parts import BIN

EXAMPLES = 1_000
"""Of each of the operations, in each of the two runs; what the coverage phase makes comes on top."""
LEAST_CASES = 20_000
CONFIGURATION = """
[[operations]]
include-path-regex = "^/v1/visits"
checks.positive_data_acceptance.expected-statuses = [200, 204, 404, 401, 403, 409, 422, 429]
"""
"""Bytes of the right form need be no certificate: the contract answers 422 there, and says what is wrong."""


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


def cases(server: Server, folder: Path, *options: str) -> int:
    """Runs every check; fails with what was found. Returns how many cases were generated."""
    (folder / "schemathesis.toml").write_text(CONFIGURATION, "utf-8")
    done = subprocess.run(
        [
            str(BIN / "schemathesis"), "run", f"{server.address}/openapi.json", "--tls-verify", str(folder / CA_FILE),
            "--checks", "all", "--max-examples", str(EXAMPLES), "--workers", "2", "--no-color",
            "--phases", "examples,coverage,fuzzing", "--generation-database", "none", *options,
        ],
        capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:]
    counted = re.search(r"([0-9]+) generated", done.stdout)
    assert counted is not None, done.stdout
    return int(counted[1])


@pytest.mark.timeout(3000)
def test_no_generated_call_breaks_the_contract(server: Server, tmp_path: Path) -> None:
    """Once as nobody, once as a terminal, which must not give its account back on the way."""
    token = server.terminal().token
    as_nobody = cases(server, tmp_path)
    authorised = ("-H", f"Authorization: Bearer {token}", "--exclude-operation-id", "release_v1_terminals_me_delete")
    as_terminal = cases(server, tmp_path, *authorised)
    assert as_nobody + as_terminal >= LEAST_CASES
