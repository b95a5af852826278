"""What all tests share: the record of every APDU, judged when the run ends.

Tests that need pcscd, a key store or the backend get them from `tests/fixtures.py`. They exist only inside
`tests/run` (namespaces of its own); a part that cannot be had fails the test, it is never skipped.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.apdu_judge import Judgement, judge

# A slow machine is no fault of the code, and what lands must not hang on the luck of a run: every run draws the same
# examples. MYNA_EXPLORE=1 draws others each time, to find what these do not show.
settings.register_profile("landing", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("MYNA_EXPLORE") else "landing")

pytest_plugins = ["tests.fixtures"]
_judgement = Judgement()


@pytest.fixture(scope="session", autouse=True)
def apdu_records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Every virtual card of this run, in whatever process, writes here what it received from the program."""
    folder = tmp_path_factory.mktemp("apdu-records")
    os.environ["MYNA_CARD_RECORD_DIR"] = str(folder)
    yield folder
    vars(_judgement).update(vars(judge(folder)))
    assert not _judgement.faults, "must never reach a visitor's card:\n" + "\n".join(_judgement.faults[:20])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(str(_judgement))
