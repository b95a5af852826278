"""A terminal for each test of the story."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts import Pcscd, ReferenceBackend, needs_room
from tests.story.reception import Reception


@pytest.fixture
def reception(pcscd: Pcscd, backend: ReferenceBackend, tmp_path: Path) -> Iterator[Reception]:
    """A fresh PC in front of the real parts; its key store entries are its own."""
    needs_room()
    desk = Reception(backend, tmp_path)
    yield desk
    desk.stop()
