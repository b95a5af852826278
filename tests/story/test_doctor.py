"""`myna-app doctor --json` through a real pcscd: service, readers, whether extended APDUs pass, how that was found."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.personalise import Sandbox
from tests.parts import BIN, Pcscd, lying
from tests.story.reception import READER

Checks = dict[str, list[dict[str, str | None]]]


def doctor(home: Path) -> Checks:
    """What it says of PC/SC, by the checks' names."""
    done = subprocess.run(
        [BIN / "myna-app", "doctor", "--json"],
        env={**os.environ, "MYNA_APP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, "no backend is set here, so something is always wrong"
    found: Checks = {"service": [], "reader": [], "extended_apdu": []}
    for line in done.stdout.splitlines():
        check = json.loads(line)
        found.setdefault(check.pop("name"), []).append(check)
    return found


def good(found: str, *, about: str = READER) -> dict[str, str | None]:
    return check(found, "good", about=about)


def check(found: str, outcome: str, *, about: str = READER) -> dict[str, str | None]:
    return {"outcome": outcome, "found": found, "problem": None, "about": about}


@pytest.fixture
def sandbox(deck: object) -> Sandbox:
    return Sandbox()


@pytest.fixture
def service(pcscd: Pcscd) -> Iterator[Pcscd]:
    """The service, with its reader again after the test."""
    yield pcscd
    pcscd.restart()


@pytest.mark.parametrize(
    ("faults", "answer"), [([], "passes"), (["short"], "short only"), (["short=6700"], "short only")]
)
def test_with_a_card_extended_apdus_are_found_by_reading(
    pcscd: Pcscd, sandbox: Sandbox, tmp_path: Path, faults: list[str], answer: str
) -> None:
    with lying(FaultyCard(sandbox.card("p01"), [parse_fault(word) for word in faults])):
        found = doctor(tmp_path)
    assert found["service"] == [good("running", about="")]
    assert good("card") in found["reader"]
    assert good(f"{answer} (read)") in found["extended_apdu"]


def test_without_a_card_what_the_driver_does_not_declare_is_not_known(pcscd: Pcscd, tmp_path: Path) -> None:
    found = doctor(tmp_path)
    assert good("no card") in found["reader"]
    assert check("unknown", "unknown") in found["extended_apdu"]


def test_a_running_service_without_readers_is_told(service: Pcscd, tmp_path: Path) -> None:
    service.restart(with_reader=False)
    found = doctor(tmp_path)
    assert found["service"] == [good("running", about="")]
    assert [(one["outcome"], one["problem"]) for one in found["reader"]] == [("bad", "E-R01")]
    assert found["extended_apdu"] == []


def test_a_stopped_service_is_told_and_nothing_is_said_of_readers(service: Pcscd, tmp_path: Path) -> None:
    service.stop()
    found = doctor(tmp_path)
    assert [(one["outcome"], one["problem"]) for one in found["service"]] == [("bad", "E-R03")]
    assert (found["reader"], found["extended_apdu"]) == ([], [])
