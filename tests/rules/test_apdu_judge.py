"""The judge of all APDUs must itself be able to find fault."""

import json
from pathlib import Path

from tests.apdu_judge import judge

SURFACE = "00A4040C0AD3921000310001010402"
TRIES = "00200091"
VERIFY = "0020009106363030343132"


def record(folder: Path, *lines: tuple[int, str, str, int]) -> Path:
    (folder / "p01-1.jsonl").write_text(
        "".join(
            json.dumps({"session": session, "command": command, "status": status, "counters": {"SURFACE.0011": left}})
            + "\n"
            for session, command, status, left in lines
        )
    )
    return folder


def test_a_visit_as_it_should_be_has_no_fault(tmp_path: Path) -> None:
    lines = [
        (1, SURFACE, "9000", 10),
        (1, TRIES, "63CA", 10),
        (1, VERIFY, "9000", 10),
        (1, "00B08100000000", "9000", 10),
    ]
    assert judge(record(tmp_path, *lines)).faults == []


def test_the_file_of_the_individual_number_is_a_fault(tmp_path: Path) -> None:
    assert judge(record(tmp_path, (1, SURFACE, "9000", 10), (1, "00B0850000", "6982", 10))).faults


def test_a_second_verify_in_a_session_is_a_fault(tmp_path: Path) -> None:
    lines = [(1, SURFACE, "9000", 10), (1, TRIES, "63CA", 10), (1, VERIFY, "63C9", 9), (1, TRIES, "63C9", 9)]
    assert judge(record(tmp_path, *lines)).faults == []
    assert judge(record(tmp_path, *lines, (1, VERIFY, "63C8", 8))).faults


def test_a_counter_taken_to_three_is_a_fault(tmp_path: Path) -> None:
    lines = [(1, SURFACE, "9000", 4), (1, TRIES, "63C4", 4), (1, VERIFY, "63C3", 3)]
    assert judge(record(tmp_path, *lines)).faults == ["p01-1.jsonl session 1: 00200091 took SURFACE.0011 down to 3"]


def test_what_was_selected_in_another_session_does_not_count(tmp_path: Path) -> None:
    assert judge(record(tmp_path, (1, SURFACE, "9000", 10), (2, TRIES, "63CA", 10))).faults
