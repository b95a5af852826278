"""The real parts as fixtures, for the whole run: registered once, in the root conftest.

A fixture that is imported into several conftests would be made several times, and there can be only one pcscd.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from tests.parts import BIN, Pcscd, ReferenceBackend


@pytest.fixture(scope="session")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The persons as files for a backend; their keys are made once for all tests of this run."""
    os.environ["MYNA_SANDBOX_HOME"] = str(tmp_path_factory.mktemp("sandbox"))
    folder = tmp_path_factory.mktemp("deck")
    subprocess.run([str(BIN / "myna-sandbox"), "deck", "export", str(folder)], check=True)
    return folder


@pytest.fixture(scope="session")
def pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pcscd]:
    service = Pcscd(tmp_path_factory.mktemp("no-readers"))
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def backend(deck: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceBackend]:
    server = ReferenceBackend(tmp_path_factory.mktemp("backend"), deck)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def machine_policy(backend: ReferenceBackend) -> Iterator[None]:
    """What an administrator writes, for frozen programs, which take the way to the backend from nowhere else.

    /etc is the room's own copy.
    """
    folder = Path("/etc/myna-app")
    folder.mkdir()
    content = {"backend_url": backend.address, "ca_file": str(backend.ca_file)}
    (folder / "policy.toml").write_text(tomli_w.dumps(content), "utf-8")
    yield
    (folder / "policy.toml").unlink()
    folder.rmdir()
