"""Generated requests against the running server: schemathesis with all its checks, from the published OpenAPI."""

import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from myna_backend.settings import Settings
from myna_backend.store import limits
from myna_backend.tls import CA_FILE, make_server_certificate
from tests.backend.conftest import cheap_hashes
from tests.backend.running import FakeClock, Server, serving
from tests.parts import BIN

__all__ = ["cheap_hashes"]

EXAMPLES = 1_250
"""Of each of the operations, in each of the two runs; some have fewer. What the coverage phase makes comes on top."""
LEAST_CASES = 20_000
SEED = 20_261_120
"""The same cases in every run, so that a run does not fail by chance; another number finds other things."""
CONFIGURATION = """
[checks.negative_data_rejection]
expected-statuses = [401, 403, 404, 413, 415, 422]

[[operations]]
include-path-regex = "^/v1/visits"
checks.positive_data_acceptance.expected-statuses = [200, 204, 404, 401, 403, 409, 422, 429]
"""
"""What breaks a bound may be too large to be read at all (413). Bytes of the right form need be no certificate: the
contract answers 422 there, and says what is wrong."""


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
    folder.mkdir()
    (folder / "schemathesis.toml").write_text(CONFIGURATION, "utf-8")
    done = subprocess.run(
        [
            str(BIN / "schemathesis"), "run", f"{server.address}/openapi.json",
            "--tls-verify", str(server.backend.settings.data / CA_FILE), "--checks", "all", "--no-color",
            "--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES), "--seed", str(SEED),
            "--generation-database", "none", *options,
        ],
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.checks.schemathesis_bytes", "PYTHONPATH": str(Path.cwd())},
        capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
    counted = re.search(r"([0-9]+) generated", done.stdout)
    assert counted is not None, done.stdout
    return int(counted[1])


@pytest.mark.timeout(2400)
def test_no_generated_call_breaks_the_contract(server: Server, tmp_path: Path) -> None:
    """Once as nobody, once as a terminal, which must not give its account back on the way; side by side."""
    authorised = (
        "-H", f"Authorization: Bearer {server.terminal().token}",
        "--exclude-operation-id", "release_v1_terminals_me_delete",
    )  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        as_nobody = pool.submit(cases, server, tmp_path / "nobody")
        as_terminal = pool.submit(cases, server, tmp_path / "terminal", *authorised)
    assert as_nobody.result() + as_terminal.result() >= LEAST_CASES
