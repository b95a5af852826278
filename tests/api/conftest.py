"""A scripted backend and a client that trusts it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from myna_app.api import transport as module
from myna_app.api.client import BackendClient
from tests.api.scripted import Authority, Script, serving


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.new()


@pytest.fixture(scope="session")
def ca_file(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority.write(tmp_path_factory.mktemp("ca") / "ca.pem")


@pytest.fixture(scope="session")
def server_file(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority.issue(tmp_path_factory.mktemp("server") / "server.pem")


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def base_url(script: Script, server_file: Path) -> Iterator[str]:
    with serving(script, server_file) as address:
        yield address


def assertion(issuer: str, now: datetime) -> str:
    return f"assertion-for-{issuer}-at-{now:%Y-%m-%dT%H}"


@pytest.fixture
def client(base_url: str, ca_file: Path) -> Iterator[BackendClient]:
    made = BackendClient(base_url, assertion, ca_file=ca_file)
    yield made
    made.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are seconds in the field; their ends are what is tested."""
    monkeypatch.setattr(module, "_TIMEOUTS", (2.0, 0.3))
