"""`make bench`: figures, each beside something comparable of the same run; nothing is asserted of them."""

from collections.abc import Iterator

import pytest

from benchmarks.table import Row, lines
from tests.fixtures import backend, deck, machine_policy, pcscd

__all__ = ["backend", "deck", "machine_policy", "pcscd"]
_rows: list[Row] = []


@pytest.fixture
def table() -> Iterator[list[Row]]:
    """Rows added to it are printed when everything has run."""
    yield _rows


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in lines(_rows):
        terminalreporter.write_line(line)
