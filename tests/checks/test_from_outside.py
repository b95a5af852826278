"""A receptionist without mouse and screen: everything by keyboard, read and heard over AT-SPI, with the real parts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomli_w

from myna_sandbox.deck.person import Person
from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card.card import Card
from tests.parts import Pcscd, ReferenceBackend, lying
from tests.story.tree import Tree
from tests.story.window import PASSCODE, Window, titles
from tests.watched import Watched


@dataclass(frozen=True)
class Visitor:
    """Whose card, what is wrong with it, and which screen and words must come."""

    person: str
    screen: str
    words: str
    fault: str | None = None
    typed: str | None = None
    """The printed birth date, where M-15 asks for it; what was to come then comes."""


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
    Visitor("fourtries", "M-13", "判定、有効", typed="{birth:%Y%m%d}"),
]
"""One more comes last, whose card takes its time."""
MENU_PAGES = {"l": "M-11", "i": "M-21", "s": "M-22", "r": "M-26", "d": "M-24", "v": "M-23"}
FROM_THERE = {"M-22": ("alt+a", "M-27"), "M-24": ("alt+u", "M-28"), "M-23": ("alt+u", "M-25")}
"""Pages that other pages open."""
ASKED = "マイナンバーカードを、カードリーダーに置くか、差し込んでください。"
STEPS = {
    "2/4 読み取っています。カードを動かさないでください。": 1,
    "3/4 本物のカードか確かめています。カードを動かさないでください。": 3,
    "4/4 資格を確認しています。カードを動かさないでください。": 4,
}
"""What is said while the card, or at last the server, keeps the program waiting: the number of the command."""


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


def set_up(window: Window, tree: Tree, backend: ReferenceBackend) -> None:
    window.open("M-01")
    tree.hear("利用規約")
    tree.check("M-01")
    window.agree()
    tree.check("M-02")
    window.fill_in(backend.new_account())
    window.press("Return")
    window.until("M-03")
    tree.check("M-03")
    window.press("Return")
    window.until("M-04")
    tree.check("M-04")
    window.type(PASSCODE)
    window.press("Return")
    window.until("M-05")
    tree.check("M-05")
    window.type(PASSCODE)
    window.press("Return")
    window.until("M-07")
    tree.check("M-07")
    window.press("Return")
    window.until("M-11")
    tree.see("list item")
    tree.check("M-11")
    window.press("space")
    tree.hear("カードリーダーが選択されました")
    window.press("Return")
    window.until("M-10")


def traces(person: Person) -> set[str]:
    """What stands on a card or in an answer and must not be left, or said."""
    holder = person.holder
    born = holder.birth_date
    return {holder.name, *holder.name.split("　"), *holder.kana.split(), f"{born:%Y%m%d}", f"{born:%Y-%m-%d}"}


def visit(window: Window, tree: Tree, visitor: Visitor) -> None:
    sandbox = Sandbox()
    person = sandbox.person(visitor.person)
    window.press_until("M-12", "Return")  # the guard of the face check takes no key at first
    heard = len(tree.said())
    faults = [] if visitor.fault is None else [parse_fault(visitor.fault)]
    with lying(FaultyCard(sandbox.card(visitor.person, fresh=True), faults)):
        if visitor.typed is not None:
            window.until("M-15")
            tree.hear("生年月日を、入力してください", since=heard)
            tree.check("M-15")
            window.type(visitor.typed.format(birth=person.holder.birth_date))
            window.press("Return")
        window.until(visitor.screen)
        tree.hear(visitor.words, since=heard)
        tree.check(visitor.screen)
    window.press_until("M-10", "Escape")
    said = tree.said()[heard:]
    assert len([text for text in said if visitor.words in text]) == 1, (visitor, said)
    nothing_is_left(window, tree, person)


def nothing_is_left(window: Window, tree: Tree, person: Person) -> None:
    """Neither in what a screen reader finds or has heard, nor in a title."""
    left = "\n".join([*tree.said(), *(node.name for node in tree.nodes()), titles(window.pid)])
    assert [trace for trace in traces(person) if len(trace) > 1 and trace in left] == []


class Slow(Watched):
    """A card that answers its command of a number only when somebody has done what is to be done before."""

    def __init__(self, card: Card, before: Mapping[int, Callable[[], None]]) -> None:
        super().__init__(card)
        self._before = before

    def transmit(self, command: bytes) -> bytes:
        answer = super().transmit(command)
        self._before.get(len(self.seen), lambda: None)()
        return answer


def visit_slowly(window: Window, tree: Tree, backend: ReferenceBackend) -> None:
    """Card and server wait until a step has been said."""
    sandbox = Sandbox()
    tree.check("M-10")
    heard = len(tree.said())
    window.press_until("M-12", "Return")
    tree.hear(ASKED, since=heard)
    tree.check("M-12")
    reading, proving, asking = STEPS
    waits = {
        STEPS[reading]: lambda: tree.hear(reading, since=heard),
        STEPS[proving]: lambda: tree.hear(proving, since=heard),
        STEPS[asking]: backend.hold,
    }
    with lying(Slow(sandbox.card("p01"), waits)):
        try:
            tree.hear(asking, since=heard)
            tree.check("M-12")
        finally:
            backend.go_on()
        window.until("M-13")
        tree.hear("判定、有効", since=heard)
    window.press_until("M-10", "Escape")
    said = tree.said()[heard:]
    for words in (ASKED, *STEPS, "判定、有効"):
        assert len([text for text in said if words in text]) == 1, (words, said)


def walk_the_menu(window: Window, tree: Tree) -> None:
    for key, screen in MENU_PAGES.items():
        window.press("F10", key)
        window.until(screen)
        tree.check(screen)
        if screen in FROM_THERE:
            opens, following = FROM_THERE[screen]
            window.press_until(following, opens)
            tree.check(following)
        window.press_until("M-10", "Escape")
    window.press("F10", "h")
    tree.see("dialog")
    tree.check("M-29")
    window.press("Escape")
    tree.see_no("dialog")
    window.press("F10", "x")
    tree.see("dialog")
    tree.check("the question before the end")
    window.press("Escape")
    tree.see_no("dialog")
    window.press("F10", "k")
    window.until("M-06")
    tree.check("M-06")
    window.press_until("M-08", "alt+f")
    tree.check("M-08")
    window.press_until("M-06", "Escape")
    window.type(PASSCODE)
    window.until("M-10")


@pytest.mark.timeout(1800)
def test_a_shift_by_keyboard_alone_read_and_heard_from_outside(
    window: Window, tree: Tree, backend: ReferenceBackend, deck: Path
) -> None:
    del deck
    assert len(VISITORS) >= 20
    set_up(window, tree, backend)
    for visitor in VISITORS:
        visit(window, tree, visitor)
    visit_slowly(window, tree, backend)
    said = "\n".join(tree.said())
    assert "表示を消しました。" in said
    for trace in ("架空", "カクウ", "06990014", "昭和60"):
        assert trace not in said
    walk_the_menu(window, tree)
