"""What is needed at once is seen at once, in the smallest windows there are; long words are broken well."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QPushButton, QScrollArea, QWidget

from myna_app.ui.pages.m13_result import ResultPage
from myna_app.ui.phrases import Words, phrased
from myna_app.ui.ports import Kit
from myna_app.ui.texts import Language
from myna_app.ui.theme import TextSize
from myna_app.ui.widgets.advice import Advice
from myna_app.ui.widgets.wrapping_row import WrappingRow
from myna_app.ui.window import MainWindow
from tests.ui.gallery import make_kit
from tests.ui.looking import lines_of, named, settle
from tests.ui.pressed import PRESSED
from tests.ui.rare_states import RARE
from tests.ui.states import PROBLEMS, SCREENS

OpenWindow = Callable[[Kit], MainWindow]
LONG_BY_NATURE = ("M-13", "M-22", "M-23", "M-26", "M-02_refused", "M-09_long_contact", "M-14_long_contact")
"""Screens, or shapes of them, that hold more than a small window; of M-13 the shapes of every day still have to fit."""
EVERY_DAY = (
    "M-13_valid",
    "M-13_care",
    "M-13_invalid_bare",
    "M-13_not_found",
    "M-13_multiple",
    "M-13_handed_over",
    "M-13_not_handed_over",
)
TO_DO = ("M-13_invalid", "M-13_superseded", "M-13_unregistered")
"""They hold more than a small window; but what to do and what to say stand before the values."""


@pytest.mark.parametrize("size", [(900, 640), (960, 492)], ids=str)
@pytest.mark.parametrize("language", Language)
def test_what_to_do_and_what_to_say_are_seen_without_scrolling(
    open_window: OpenWindow, language: Language, size: tuple[int, int]
) -> None:
    window = open_window(make_kit(language))
    window.resize(*size)
    hidden = {}
    for shape, state in {**SCREENS, **RARE, **PROBLEMS}.items():
        if shape.startswith(LONG_BY_NATURE) and shape not in (*EVERY_DAY, *TO_DO):
            continue
        window.show_state(state)
        settle()
        if shape in TO_DO:
            advice = window.findChild(ResultPage).findChild(Advice)  # type: ignore[union-attr] # the page is shown
            whole = advice.visibleRegion().boundingRect()
            assert whole.size() == advice.size(), shape
            continue
        area = next(one for one in window.findChildren(QScrollArea) if one.isVisible())
        if area.verticalScrollBar().maximum():
            hidden[shape] = area.verticalScrollBar().maximum()
    assert hidden == {}


@pytest.mark.parametrize("size", [(900, 640), (960, 492)], ids=str)
@pytest.mark.parametrize("language", Language)
def test_a_card_that_is_left_moves_nothing_sideways(
    open_window: OpenWindow, language: Language, size: tuple[int, int]
) -> None:
    window = open_window(make_kit(language))
    window.resize(*size)
    window.show_state(PRESSED["M-13_card_left"].state)
    PRESSED["M-13_card_left"].act(window)
    settle()
    area = next(one for one in window.findChildren(QScrollArea) if one.isVisible())
    assert area.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("size", [(900, 640), (960, 492)], ids=str)
@pytest.mark.parametrize("language", Language)
def test_the_verdict_and_every_key_that_copies_are_seen_together(
    open_window: OpenWindow, language: Language, size: tuple[int, int]
) -> None:
    window = open_window(make_kit(language))
    window.resize(*size)
    window.show_state(PRESSED["M-13_copies_many"].state)
    PRESSED["M-13_copies_many"].act(window)
    settle()
    area = next(one for one in window.findChildren(QScrollArea) if one.isVisible())
    assert area.verticalScrollBar().value() == 0
    for place in range(10):
        copy = named(window, f"M-13.copy{place}")
        assert copy.visibleRegion().boundingRect().size() == copy.size(), place


@pytest.mark.parametrize("text_size", [TextSize.STANDARD, TextSize.LARGEST])
def test_no_word_is_cut_that_was_held_together(open_window: OpenWindow, text_size: TextSize) -> None:
    window = open_window(make_kit(text_size=text_size))
    window.resize(960, 492)
    cut = set()
    for shape, state in {**SCREENS, **RARE, **PROBLEMS}.items():
        window.show_state(state)
        settle()
        for label in window.findChildren(Words):
            if label.isVisible() and label.wordWrap() and widest(label) > label.contentsRect().width() + 1:
                cut.add((shape, label.text()))
    assert cut == set()


def widest(label: QLabel) -> float:
    return max((end for _words, end in lines_of(label)), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "カードリーダーに|マイナンバーカードを|置いてください。",
        "患者さまに|お返しください。",
        "もう一度、カードを|読み取ってください。",
        "もう一度|読み取れます。",
        "数字|4桁を|入力すると、すぐに|開きます。",
        "別の|方法で|確認できます。",
        "同じ方だと|確認してから",
        "「資格情報のお知らせ」",
        "ほかに|保険が|ありますか。",
        "Windowsの|カードを|読む|機能（Smart Card）が",
        "市区町村で|更新して|もらって|ください。",
        "ほかに|保険が|わかるものは|ありますか。",
        "アクティベーション|コードは",
        "Put the card on the reader.",
    ],
)
def test_japanese_breaks_between_phrases(text: str) -> None:
    words = text.split("|")
    held = phrased("".join(words))
    assert [part.replace("\u2060", "") for part in _pieces(held)] == words


def _pieces(held: str) -> list[str]:
    """Cut wherever Japanese would break between two letters, and nothing holds them together."""
    letters = "[ぁ-ヿ一-鿿0-9A-Za-z]"
    return re.split(f"(?<={letters})(?={letters})(?<![0-9A-Za-z](?=[0-9A-Za-z]))", held)


@given(st.text())
def test_nothing_is_lost_of_a_text_by_holding_its_words_together(text: str) -> None:
    assert phrased(text).replace("\u2060", "") == text.replace("\u2060", "")


def test_who_reads_or_hears_a_label_gets_its_words_as_they_are(qapp: QApplication) -> None:
    label = Words()
    label.setWordWrap(True)
    label.setText("もう一度読み取ってください。")
    interface = QAccessible.queryAccessibleInterface(label)
    assert interface is not None
    assert label.text() == interface.text(QAccessible.Text.Name) == "もう一度読み取ってください。"
    assert QLabel.text(label) != label.text()
    label.setText("")
    assert (QLabel.text(label), label.accessibleName()) == ("", "")


def test_buttons_go_on_in_the_next_line_where_the_page_is_narrow(qapp: QApplication) -> None:
    buttons = [QPushButton(f"button {number}") for number in range(3)]
    page = QWidget()
    row = WrappingRow(*buttons)
    page.setLayout(row)
    width = row.minimumSize().width()
    one_line, three_lines = row.heightForWidth(10 * width), row.heightForWidth(width)
    assert three_lines > 3 * one_line
    row.setGeometry(QRect(0, 0, 10 * width, one_line))
    assert len({button.y() for button in buttons}) == 1
    row.setGeometry(QRect(0, 0, width, three_lines))
    assert [button.x() for button in buttons] == [0, 0, 0]
    assert len({button.y() for button in buttons}) == 3
    buttons[0].hide()
    assert row.heightForWidth(width) < three_lines


@pytest.mark.parametrize("shape, rows", [("M-13_multiple_long", "M-13.results"), ("M-11_many", "M-11.readers")])
def test_long_names_in_a_list_are_shown_whole(window: MainWindow, shape: str, rows: str) -> None:
    window.show_state(RARE[shape])
    settle()
    listed = named(window, rows)
    assert isinstance(listed, QListWidget)
    wide = listed.viewport().width()
    heights = [listed.visualItemRect(listed.item(row)).height() for row in range(listed.count())]
    longest = max(range(listed.count()), key=lambda row: len(listed.item(row).text()))
    assert heights[longest] > min(heights)
    assert all(listed.visualItemRect(listed.item(row)).right() <= wide for row in range(listed.count()))
