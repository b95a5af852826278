"""What must hold on every screen, in every shape it can take."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import get_args

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow.states import AccountEntry, FaceCheck, Reading, Screen, Starting
from myna_app.ui.pages import PAGES
from myna_app.ui.ports import Kit
from myna_app.ui.texts import Language
from myna_app.ui.theme import TextSize
from myna_app.ui.window import MainWindow
from tests.ui.gallery import make_kit
from tests.ui.looking import named, nodes, settle, visible_text
from tests.ui.states import PROBLEMS, SCREENS, trouble

OpenWindow = Callable[[Kit], MainWindow]
EVERYTHING: Mapping[str, State] = {**SCREENS, **PROBLEMS}
SMALL = (
    pytest.param((900, 640), TextSize.STANDARD, id="900x640"),
    pytest.param((960, 492), TextSize.STANDARD, id="960x492"),
    pytest.param((900, 640), TextSize.LARGEST, id="largest text"),
)


def test_every_screen_of_the_journey_has_a_page() -> None:
    assert set(PAGES) == set(get_args(Screen))
    numbers = [page.number for page in PAGES.values()]
    assert len(set(numbers)) == len(numbers)


def test_every_page_is_shown_in_some_shape() -> None:
    assert {type(state.screen) for state in EVERYTHING.values()} == set(PAGES)


def test_every_screen_enters_shows_its_number_and_leaves(window: MainWindow) -> None:
    for name, state in EVERYTHING.items():
        window.show_state(state)
        number = PAGES[type(state.screen)].number
        assert f"画面番号：{number}" in visible_text(window), name
        assert number in window.windowTitle(), name
        assert "&" not in window.windowTitle(), name


def test_every_screen_can_be_reached_from_every_other(window: MainWindow) -> None:
    """Twice round, the second time backwards: nothing is left over that breaks the next page."""
    states = list(EVERYTHING.values())
    for state in [*states, *reversed(states)]:
        window.show_state(state)


def test_every_screen_explains_itself(window: MainWindow) -> None:
    for page in PAGES.values():
        assert window._kit.texts.has(f"{page.number}.help"), page.number


@pytest.mark.parametrize("language", Language)
def test_assistive_technology_finds_every_control_named_and_large_enough(
    open_window: OpenWindow, language: Language
) -> None:
    window = open_window(make_kit(language))
    faults = []
    for shape, state in EVERYTHING.items():
        window.show_state(state)
        settle()
        for node in nodes(window):
            if not node.state().focusable or node.role() in _PARTS:
                continue
            name = node.text(QAccessible.Text.Name)
            if not name.strip() or re.search(r"[<>&]|\([A-Z]\)$", name):
                faults.append((shape, node.role().name, name))
            if node.rect().height() < 44:
                faults.append((shape, name, f"{node.rect().height()} px"))
    assert faults == []


_PARTS = {QAccessible.Role.Window, QAccessible.Role.ListItem, QAccessible.Role.ScrollBar, QAccessible.Role.Client}


def test_every_screen_has_a_heading(window: MainWindow) -> None:
    for name, state in EVERYTHING.items():
        window.show_state(state)
        settle()
        assert any(node.role() is QAccessible.Role.Heading for node in nodes(window)), name


@pytest.mark.parametrize("language", Language)
def test_no_two_visible_controls_share_an_access_key(open_window: OpenWindow, language: Language) -> None:
    """With two equal keys Qt presses neither."""
    window = open_window(make_kit(language))
    faults = {}
    for name, state in EVERYTHING.items():
        window.show_state(state)
        settle()
        keys: Counter[str] = Counter()
        for widget in window.findChildren(QWidget):
            if isinstance(widget, QPushButton | QLabel) and widget.isVisible():
                keys.update(re.findall(r"&(\w)", widget.text()))
        doubled = [key for key, count in keys.items() if count > 1]
        if doubled:
            faults[name] = doubled
    assert faults == {}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size, text_size", SMALL)
def test_no_text_is_cut_and_nothing_scrolls_sideways(
    open_window: OpenWindow, language: Language, size: tuple[int, int], text_size: TextSize
) -> None:
    window = open_window(make_kit(language, text_size=text_size))
    window.resize(*size)
    faults = []
    for name, state in EVERYTHING.items():
        window.show_state(state)
        settle()
        faults += [(name, text) for text in cut_texts(window)]
    assert faults == []


def cut_texts(window: QWidget) -> list[str]:
    cut = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        match widget:
            case QLabel() if widget.wordWrap():
                if widget.heightForWidth(widget.width()) > widget.height() + 1:
                    cut.append(widget.text())
            case QLabel() | QPushButton():
                hint = widget.sizeHint()
                if hint.width() > widget.width() + 1 or hint.height() > widget.height() + 1:
                    cut.append(widget.text())
            case QScrollArea():
                if widget.horizontalScrollBar().maximum() > 0:
                    cut.append("sideways")
    return cut


@pytest.mark.parametrize("shape", ["M-10", "M-12_place", "M-13_valid", "M-06", "M-02", "M-14_E-C02", "M-21"])
def test_what_is_seen_every_day_needs_no_scrolling(window: MainWindow, shape: str) -> None:
    window.show_state(EVERYTHING[shape])
    settle()
    area = window._frame._stack.currentWidget()
    assert isinstance(area, QScrollArea)
    assert area.verticalScrollBar().maximum() == 0


def test_a_low_window_becomes_compact_and_keeps_what_was_typed(window: MainWindow) -> None:
    window.show_state(SCREENS["M-02"])
    field = named(window, "M-02.user_id")
    assert isinstance(field, QLineEdit)
    field.setText("W0000001")
    window.resize(960, 492)
    settle()
    assert window._kit.theme.compact
    assert field.text() == "W0000001"
    window.resize(900, 640)
    settle()
    assert not window._kit.theme.compact


def test_another_language_is_worn_at_once(window: MainWindow, kit: Kit) -> None:
    window.show_state(SCREENS["M-10"])
    window.renew(replace(kit, texts=make_kit(Language.ENGLISH).texts))
    assert "Confirm the face" in visible_text(window)
    assert "認証選択" not in visible_text(window)


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_shows_its_four_parts_and_its_code(window: MainWindow, problem: Problem) -> None:
    window.show_state(PROBLEMS[f"M-14_{problem.value}"])
    words = window._kit.texts.problem(problem, {"contact": "見本県国保連合会 000-000-0000"})
    settle()
    seen = visible_text(window)
    ways = [part for step in words.steps for part in step.split("\n・")]  # each with its mark beside it
    for part in (words.title, words.what, *ways, words.say or words.title):
        assert part in seen
    assert f"エラーコード：{problem.value}　2026-11-20 01:02:15" in seen
    assert "（M-12 で発生）" in seen


def test_a_problem_before_the_first_screen_names_no_origin(window: MainWindow) -> None:
    window.show_state(trouble(Problem.STORED_DATA_DAMAGED, origin=Starting()))
    assert "で発生" not in visible_text(window)


def test_a_failed_registration_leads_back_to_the_form_whatever_failed(window: MainWindow) -> None:
    window.show_state(trouble(Problem.BACKEND_UNREACHABLE, origin=AccountEntry()))
    assert "入力にもどる(&R)" in visible_text(window)
    window.show_state(trouble(Problem.BACKEND_UNREACHABLE, origin=Reading()))
    assert "もう一度(&R)" in visible_text(window)


def test_the_next_problem_of_the_same_page_replaces_the_first(window: MainWindow) -> None:
    window.show_state(trouble(Problem.CARD_REMOVED))
    window.show_state(trouble(Problem.CARD_OTHER))
    seen = visible_text(window)
    assert "E-C03" in seen
    assert "E-C02" not in seen


def test_a_page_that_is_left_and_entered_again_starts_fresh(window: MainWindow) -> None:
    window.show_state(SCREENS["M-04_weak"])
    assert "同じ数字" in visible_text(window)
    window.show_state(State(FaceCheck()))
    window.show_state(SCREENS["M-04"])
    assert "同じ数字" not in visible_text(window)
