"""A receptionist without mouse and screen: everything by keyboard, read and heard over AT-SPI, with the real parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomli_w

from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.personalise import Sandbox
from tests.parts import Pcscd, ReferenceBackend, lying
from tests.story.tree import Tree
from tests.story.window import PASSCODE, Window


@dataclass(frozen=True)
class Visitor:
    """Whose card, what is wrong with it, and which screen and words must come."""

    person: str
    screen: str
    words: str
    fault: str | None = None


VISITORS = [
    Visitor("p01", "M-13", "判定、有効"),
    Visitor("p07", "M-13", "判定、無効"),
    Visitor("p08", "M-13", "判定、新しい資格あり"),
    Visitor("x2", "M-13", "判定、該当なし"),
    Visitor("p09multi", "M-13", "判定、複数該当"),
    Visitor("p01", "M-14", "エラー。", "pull@2"),
    Visitor("copied", "M-14", "エラー。"),
    Visitor("p02", "M-13", "判定、有効"),
    Visitor("blank", "M-14", "エラー。"),
    Visitor("x1unticketed", "M-13", "判定、有効、未登録"),
    Visitor("p03", "M-13", "判定、有効"),
    Visitor("revoked", "M-14", "エラー。"),
    Visitor("expired", "M-14", "エラー。"),
    Visitor("p04", "M-13", "判定、有効"),
    Visitor("nocert", "M-14", "エラー。"),
    Visitor("p06", "M-13", "判定、有効"),
    Visitor("partial", "M-15", "生年月日を、入力してください"),
    Visitor("p01", "M-14", "エラー。", "mute@2"),
    Visitor("soon", "M-13", "判定、有効"),
    Visitor("p01", "M-13", "判定、有効", "delay=1500"),
]
MENU_PAGES = {"l": "M-11", "i": "M-21", "s": "M-22", "r": "M-26", "d": "M-24", "v": "M-23"}
FROM_THERE = {"M-22": ("alt+a", "M-27"), "M-24": ("alt+u", "M-28")}
"""Pages that other pages open."""
SLOW_STEPS = ("読み取っています。動かさないでください。", "本物のカードか確かめています。動かさないでください。")
"""What is said of a card that takes its time; a step of milliseconds is not spoken, the next one is."""


@pytest.fixture
def tree() -> Iterator[Tree]:
    tree = Tree()
    yield tree
    tree.close()


@pytest.fixture
def window(pcscd: Pcscd, backend: ReferenceBackend, tmp_path: Path) -> Iterator[Window]:
    del pcscd
    (tmp_path / "policy").mkdir()
    policy = {"backend_url": backend.address, "ca_file": str(backend.ca_file)}
    (tmp_path / "policy" / "policy.toml").write_text(tomli_w.dumps(policy), "utf-8")
    window = Window(home=tmp_path, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1")
    yield window
    window.close()


def look(tree: Tree, screen: str) -> None:
    """Every control that takes the keyboard has a name and a role; no markup and no access key is read out."""
    nodes = tree.nodes()
    assert any(node.role == "heading" for node in nodes), screen
    for node in nodes:
        if node.focusable and node.role not in ("list item", "frame"):
            assert node.name.strip(), (screen, node)
            assert node.role not in ("unknown", "invalid", ""), (screen, node)
            assert "<" not in node.name, (screen, node)
            assert "&" not in node.name, (screen, node)


def set_up(window: Window, tree: Tree, backend: ReferenceBackend) -> None:
    window.open("M-01")
    tree.hear("利用規約")
    look(tree, "M-01")
    window.agree()
    look(tree, "M-02")
    window.fill_in(backend.new_account())
    window.press("Return")
    window.until("M-03")
    window.press("Return")
    window.until("M-04")
    look(tree, "M-04")
    window.choose_passcode()
    window.press("Return")
    window.until("M-11")
    tree.see("list item")
    look(tree, "M-11")
    window.press("space")
    tree.hear("カードリーダーが選択されました")
    window.press("Return")
    window.until("M-10")


def visit(window: Window, tree: Tree, visitor: Visitor) -> None:
    window.press_until("M-12", "Return")  # the guard of the face check takes no key at first
    heard = len(tree.said())
    card = Sandbox().card(visitor.person, fresh=True)
    faults = [] if visitor.fault is None else [parse_fault(visitor.fault)]
    with lying(FaultyCard(card, faults)):
        window.until(visitor.screen)
        tree.hear(visitor.words, since=heard)
        look(tree, visitor.screen)
    window.press_until("M-10", "Escape")
    said = tree.said()[heard:]
    assert len([text for text in said if visitor.words in text]) == 1, (visitor, said)
    if visitor.fault is not None and visitor.fault.startswith("delay"):
        for words in SLOW_STEPS:
            assert len([text for text in said if words in text]) == 1, (words, said)


def test_a_shift_by_keyboard_alone_read_and_heard_from_outside(
    window: Window, tree: Tree, backend: ReferenceBackend, deck: Path
) -> None:
    del deck
    set_up(window, tree, backend)
    for visitor in VISITORS:
        visit(window, tree, visitor)
    said = "\n".join(tree.said())
    assert "表示を消しました。" in said
    for trace in ("架空", "一郎", "カクウ", "06990014", "1985", "昭和60"):
        assert trace not in said
    for key, screen in MENU_PAGES.items():
        window.press("F10", key)
        window.until(screen)
        look(tree, screen)
        if screen in FROM_THERE:
            opens, following = FROM_THERE[screen]
            window.press_until(following, opens)
            look(tree, following)
        window.press_until("M-10", "Escape")
    window.press("F10", "k")
    window.until("M-06")
    look(tree, "M-06")
    window.type(PASSCODE)
    window.until("M-10")
