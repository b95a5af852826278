"""A terminal for each test of the story."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from tests.parts import Pcscd, ReferenceBackend, needs_room
from tests.story.reception import Reception
from tests.story.window import Window


@pytest.fixture
def reception(pcscd: Pcscd, backend: ReferenceBackend, tmp_path: Path) -> Iterator[Reception]:
    """A fresh PC in front of the real parts; its key store entries are its own."""
    needs_room()
    desk = Reception(backend, tmp_path)
    yield desk
    desk.stop()


@pytest.fixture
def home(tmp_path: Path, backend: ReferenceBackend) -> Path:
    """A profile whose policy names the backend."""
    (tmp_path / "policy").mkdir()
    policy = {"backend_url": backend.address, "ca_file": str(backend.ca_file)}
    (tmp_path / "policy" / "policy.toml").write_text(tomli_w.dumps(policy), "utf-8")
    return tmp_path


@pytest.fixture
def window(home: Path, pcscd: Pcscd) -> Iterator[Window]:
    """The real program on that profile; nothing is started yet."""
    window = Window(home=home)
    yield window
    window.close()
