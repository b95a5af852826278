"""What all tests share: the record of every APDU, and real parts around the program.

Tests that need pcscd, a key store or the backend get them from the fixtures below. They exist only inside `tests/run`
(its own network and mount namespace); a part that cannot be had fails the test, it is never skipped.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

RECORDS = "MYNA_CARD_RECORD_DIR"


@pytest.fixture(scope="session", autouse=True)
def apdu_records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Every virtual card of this run, in whatever process, writes what it received here; judged at the end."""
    folder = tmp_path_factory.mktemp("apdu-records")
    os.environ[RECORDS] = str(folder)
    yield folder
    from tests.apdu_judge import judge  # noqa: PLC0415 - only needed once there is something to judge

    faults = judge(folder)
    assert not faults, "commands that must never reach a visitor's card:\n" + "\n".join(faults[:20])
