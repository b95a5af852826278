"""Copies for the receipt computer: a key, or a press, an item."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from myna_app.export.profiles import ProfileName
from myna_app.flow import State
from myna_app.flow.states import FaceCheck, Result
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.buttons import Button
from myna_app.ui.window import MainWindow
from tests.ui.looking import button, every_trace, named, settle, visible_text
from tests.ui.pressed import OWN_COPIES, OWN_PROFILES
from tests.ui.states import DESK, EVERYTHING, RESULTS, answer

OpenWindow = Callable[[Kit], MainWindow]


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def copied(window: MainWindow, digit: int) -> str:
    QGuiApplication.clipboard().clear()
    press(window, Qt.Key(Qt.Key.Key_0.value + digit), Qt.KeyboardModifier.ControlModifier)
    return QGuiApplication.clipboard().text()


def test_one_key_copies_one_value(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    assert [copied(window, digit) for digit in (1, 2, 5, 7)] == ["06990014", "９９０１", "架空　一郎", "19850412"]
    assert "保険者番号をコピーしました。" not in copied(window, 1)
    settle()
    assert "保険者番号をコピーしました。" in visible_text(window)


def test_zero_copies_all_in_the_chosen_profile(open_window: OpenWindow, kit: Kit) -> None:
    options = replace(kit.options, copy_profile=ProfileName.CLAIMS)
    window = open_window(replace(kit, options=options))
    window.show_state(RESULTS["valid"])
    assert "生年月日\t3600412" in copied(window, 0)
    assert copied(window, 1) == "ｶｸｳ ｲﾁﾛｳ"


def test_the_list_shows_what_each_key_copies(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    assert "Ctrl+1" not in visible_text(window)
    button(window, "M-13.copies").click()
    settle()
    assert "Ctrl+1　保険者番号" in visible_text(window)


def test_the_mouse_copies_too(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    button(window, "M-13.copies").click()
    settle()
    for place, text in ((1, "06990014"), (5, "架空　一郎")):
        button(window, f"M-13.copy{place}").click()
        assert QGuiApplication.clipboard().text() == text
    button(window, "M-13.copy0").click()
    assert "06990014" in QGuiApplication.clipboard().text()


def test_what_is_unfolded_comes_into_sight(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    button(window, "M-13.copies").click()
    settle()
    assert not button(window, "M-13.copy1").visibleRegion().isEmpty()


def test_items_beyond_the_keys_are_copied_from_the_list(window: MainWindow) -> None:
    window.show_state(State(Result(answer(1, EVERYTHING)), DESK))
    button(window, "M-13.copies").click()
    settle()
    assert "Ctrl+10" not in visible_text(window)
    there = {"負担割合": None, "高齢 負担割合": "2割", "住所": EVERYTHING.address}
    for name, text in there.items():
        offered = [
            one for one in window.findChildren(Button) if one.accessibleName() == f"{name}をコピー" and one.isVisible()
        ]
        assert len(offered) == (text is not None), "what the answer does not hold is not offered"
        for one in offered:
            one.click()
            assert QGuiApplication.clipboard().text() == text


def test_the_offices_own_profile_is_copied_and_shown_in_the_settings(open_window: OpenWindow, kit: Kit) -> None:
    options = replace(kit.options, copy_profiles=OWN_PROFILES, copy_profile=ProfileName.OWN)
    window = open_window(replace(kit, options=options))
    window.show_state(RESULTS["valid"])
    assert copied(window, 1) == "カクウ　イチロウ"
    assert copied(window, 0) == "カクウ　イチロウ\t昭和６０年４月１２日\t０６９９００１４\t１２３\t"
    assert copied(window, 6) == ""
    window.show_state(OWN_COPIES)
    settle()
    assert "全部：ミホン　イチロウ ⇥ 昭和６０年４月１２日 ⇥ ００９９０００１ ⇥ １２３ ⇥ ３割" in visible_text(window)


def test_of_several_matches_the_chosen_one_is_copied(window: MainWindow) -> None:
    window.show_state(RESULTS["multiple"])
    assert copied(window, 1) == ""
    named(window, "M-13.results").setFocus()
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Space)
    assert copied(window, 1) == "990036"


@pytest.mark.parametrize("shape", ["invalid", "not_found", "care"])
def test_what_could_be_billed_by_mistake_is_not_copied(window: MainWindow, shape: str) -> None:
    window.show_state(RESULTS[shape])
    assert [copied(window, digit) for digit in range(10)] == [""] * 10


def test_a_policy_can_forbid_copying(open_window: OpenWindow, kit: Kit) -> None:
    window = open_window(replace(kit, options=replace(kit.options, allow_copy=False)))
    window.show_state(RESULTS["valid"])
    assert copied(window, 1) == ""
    assert button(window, "M-13.copies").isHidden()


def test_a_closed_result_can_no_longer_be_copied_and_leaves_no_trace(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    button(window, "M-13.copies").click()
    window.show_state(State(FaceCheck(), DESK))
    settle()
    assert copied(window, 1) == ""
    assert "06990014" not in every_trace(window)


def test_hidden_numbers_can_be_copied(open_window: OpenWindow, kit: Kit) -> None:
    window = open_window(replace(kit, options=replace(kit.options, mask_numbers=True)))
    window.show_state(RESULTS["valid"])
    assert copied(window, 1) == "06990014"
