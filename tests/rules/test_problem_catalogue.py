"""Every problem of the catalogue arises in one place of the program, or in one mapping row for each foreign cause."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from myna_app.errors import Kind, Problem

APP = Path(__file__).parents[2] / "myna_app"
Places = dict[str, list[str]]


class _Finder(ast.NodeVisitor):
    """Where `Problem.X` stands: as an argument of an exception that is made, or in a row of a table."""

    def __init__(self, file: str, raised: Places, mapped: Places) -> None:
        self._file = file
        self._raised = raised
        self._mapped = mapped

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name.endswith(("Error", "Report")) or name == "cls":
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                self._note(argument, self._raised)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            self._note(key, self._mapped)
            self._note(value, self._mapped)
        self.generic_visit(node)

    def _note(self, node: ast.expr | None, places: Places) -> None:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Problem":
            places[node.attr].append(f"{self._file}:{node.lineno}")


def _places() -> tuple[Places, Places]:
    raised: Places = defaultdict(list)
    mapped: Places = defaultdict(list)
    for path in sorted(APP.rglob("*.py")):
        file = str(path.relative_to(APP))
        if file.startswith(("ui/", "flow/")):
            continue  # they tell and follow problems; the one judgement of the flow is named below
        finder = _Finder(file, raised, mapped)
        tree = ast.parse(path.read_text("utf-8"))
        finder.visit(tree if file != "errors.py" else _only_methods(tree))
    return raised, mapped


def _only_methods(tree: ast.Module) -> ast.Module:
    """`errors.py` without its table of kinds: what its classes make counts, the table does not."""
    return ast.Module([node for node in tree.body if isinstance(node, ast.ClassDef)], [])


RAISED, MAPPED = _places()
BY_THE_FLOW = {Problem.VERDICT_UNKNOWN}
"""`flow.step` alone knows what may be shown."""


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_arises_in_one_place_or_in_mapping_rows(problem: Problem) -> None:
    raised, mapped = RAISED[problem.name], MAPPED[problem.name]
    assert len(raised) <= 1, f"made in several places: {raised}"
    assert raised or mapped or problem in BY_THE_FLOW, f"{problem.name} never arises"


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_has_a_kind(problem: Problem) -> None:
    assert isinstance(problem.kind, Kind)
