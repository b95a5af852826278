"""The real parts of the whole story: one pcscd, one deck and one backend for all tests here, a terminal for each."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts import BIN, Pcscd, ReferenceBackend, needs_room
from tests.story.reception import Reception


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
def reception(pcscd: Pcscd, backend: ReferenceBackend, tmp_path: Path) -> Iterator[Reception]:
    """A fresh PC in front of the real parts; its key store entries are its own."""
    needs_room()
    desk = Reception(backend, tmp_path)
    yield desk
    desk.stop()
