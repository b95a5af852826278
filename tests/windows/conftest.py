"""A Windows for the frozen program and for Python."""

from collections.abc import Iterator

import pytest

from installer.package import BUILD
from installer.windows_python import make_windows_python
from installer.wine import Wine
from tests.parts import needs_room


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """A Windows 10 with the system libraries that Wine 8 lacks; the build's Python lies outside of it."""
    needs_room()
    wine = Wine(tmp_path_factory.mktemp("wine") / "prefix")
    make_windows_python(BUILD / "windows-python", wine)
    wine.kill()
    yield wine
    wine.kill()
