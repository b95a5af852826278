"""Every problem of the catalogue is named where it arises, and has its words."""

import re
from pathlib import Path

import pytest

from myna_app.errors import Kind, Problem

APP = Path(__file__).parents[2] / "myna_app"
SOURCES = {path: path.read_text("utf-8") for path in APP.rglob("*.py") if path.name != "errors.py"}
RAISING = re.compile(
    r"(?:Error\(\s*(?:problem=)?Problem\.(\w+))"  # an exception is made
    r"|(?:^\s*[^#\n]*?:\s*Problem\.(\w+),?\s*$)"  # a row of a mapping: foreign cause → problem
    r"|(?:Report\(\s*Problem\.(\w+))",  # the flow's own judgement of an answer
    re.MULTILINE,
)


def places(problem: Problem) -> list[str]:
    found = []
    for path, text in SOURCES.items():
        for match in RAISING.finditer(text):
            if problem.name in match.groups():
                found.append(f"{path.relative_to(APP)}:{text.count(chr(10), 0, match.start()) + 1}")
    return found


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_arises_somewhere(problem: Problem) -> None:
    assert places(problem), f"{problem.name} is never raised"


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_has_a_kind(problem: Problem) -> None:
    assert isinstance(problem.kind, Kind)
