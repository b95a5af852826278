"""Every screen in every shape, verdict, step and problem, as a screen reader in another process finds and hears it."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from myna_app.resources import resources_folder
from myna_app.ui.texts import Language, Texts
from tests.parts import needs_room
from tests.story.tree import Tree
from tests.ui.states import PROBLEMS, SCREENS

TEXTS = Texts.load(Language.JAPANESE, resources_folder() / "text")
VERDICTS = {
    "M-13_valid": "判定、有効。",
    "M-13_invalid": "判定、無効。",
    "M-13_superseded": "判定、新しい資格あり。",
    "M-13_not_found": "判定、該当なし。",
    "M-13_multiple": "判定、複数該当。",
    "M-13_unregistered": "判定、有効、未登録。",
    "M-13_care": "判定、本人確認ができました。",
}
STEPS = {
    "M-12_place": "マイナンバーカードを、カードリーダーに置いてください。",
    "M-12_read": "2/4 読み取っています。カードを動かさないでください。",
    "M-12_prove": "3/4 本物のカードか確かめています。カードを動かさないでください。",
    "M-12_eligibility": "4/4 資格を確認しています。",
}


class Slides:
    """The program's window in a process of its own, shown one screen after another."""

    def __init__(self) -> None:
        needs_room()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.slides"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"},
        )

    def show(self, name: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline().strip() == name

    def close(self) -> None:
        with self._process as process:
            process.kill()


@pytest.fixture(scope="module")
def slides() -> Iterator[Slides]:
    slides = Slides()
    yield slides
    slides.close()


@pytest.fixture
def tree() -> Iterator[Tree]:
    tree = Tree()
    yield tree
    tree.close()


@pytest.mark.timeout(1800)
def test_every_control_that_takes_the_keyboard_has_a_name_and_a_role(tree: Tree, slides: Slides) -> None:
    for name in (*SCREENS, *PROBLEMS):
        slides.show(name)
        tree.check(name)


def heard(tree: Tree, slides: Slides, name: str, words: str) -> None:
    before = len(tree.said())
    slides.show(name)
    tree.hear(words, since=before)
    said = tree.said()[before:]
    assert len([text for text in said if words in text]) == 1, said


@pytest.mark.parametrize("name", VERDICTS)
def test_every_verdict_is_announced_once(tree: Tree, slides: Slides, name: str) -> None:
    slides.show("M-10")
    heard(tree, slides, name, VERDICTS[name])


def test_each_progress_step_is_announced_once(tree: Tree, slides: Slides) -> None:
    slides.show("M-10")
    for name, words in STEPS.items():
        heard(tree, slides, name, words)


def test_a_reading_that_is_stopped_and_a_reader_that_goes_are_announced(tree: Tree, slides: Slides) -> None:
    slides.show("M-12_read")
    heard(tree, slides, "M-10", "読み取りをやめました。")
    heard(tree, slides, "M-10_no_reader", "カードリーダーは、つながっていません")


def test_every_problem_is_announced_with_the_first_thing_to_do(tree: Tree, slides: Slides) -> None:
    for name, state in PROBLEMS.items():
        slides.show("M-10")
        words = TEXTS.problem(state.screen.report.problem, {"contact": state.desk.contact or ""})  # type: ignore[union-attr] # all of them are M-14
        first = words.steps[0].partition("\n")[0]
        heard(tree, slides, name, f"エラー。{words.title}。{first}")
