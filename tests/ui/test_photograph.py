"""M-16 and M-17: by keyboard alone, never confirmed unseen, and nothing of the photograph left behind."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from myna_app.flow import State
from myna_app.flow.events import Back, Cleared, Event
from myna_app.flow.photograph import (
    Objection,
    PersonCompared,
    PhotographCheck,
    PhotographSkipped,
    SecurityCodeTyped,
)
from myna_app.flow.states import Reading
from myna_app.formats.photograph import GreyPicture
from myna_app.formats.secret import Secret
from myna_app.ui.native import Sound
from myna_app.ui.pages.m16_photograph import PhotographPage
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.photograph import Photograph
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener, Silence
from tests.ui.looking import button, every_trace, named, settle, visible_text
from tests.ui.states import DESK, QUALIFICATION, SCREENS, answer

HALVES = GreyPicture(2, 2, bytes([0, 255, 0, 255]))
"""Black on the left, white on the right."""
FINAL = sorted(set(Objection) - {Objection.MISTYPED})


def press(window: MainWindow, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or window, key)


def type_into_focus(text: str) -> None:
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    QTest.keyClicks(focused, text)


def press_alt(window: MainWindow, key: Qt.Key) -> None:
    """Qt presses the button a moment later, so that it is seen to go down."""
    QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)


def code_field(window: MainWindow) -> QLineEdit:
    found = named(window, "M-16.code")
    assert isinstance(found, QLineEdit)
    return found


def show_photograph(window: MainWindow, clock: Clock, picture: GreyPicture = HALVES) -> None:
    window.show_state(State(PhotographCheck(answer(1, QUALIFICATION), picture), DESK))
    settle()
    clock.seconds += 1


def drawn_photographs(window: MainWindow) -> Iterable[QImage]:
    """As every widget that could show one would draw it, seen or not."""
    for widget in window.findChildren(Photograph):
        yield widget.grab().toImage()


def colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(image.width()) for y in range(0, image.height(), 10)}


# --- M-10 ---


@pytest.mark.parametrize("allowed", [True, False])
def test_where_the_digits_will_be_asked_for_staff_are_told_while_they_hold_the_card(
    open_window: Callable[[Kit], MainWindow], kit: Kit, allowed: bool
) -> None:
    window = open_window(replace(kit, options=replace(kit.options, allow_photograph=allowed)))
    window.show_state(SCREENS["M-10"])
    assert ("顔写真の下の4桁の数字も" in visible_text(window)) is allowed


# --- M-16 ---


def test_four_digits_and_enter_ask_for_the_photograph(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-16"])
    type_into_focus("1234")
    press(window, Qt.Key.Key_Return)
    assert journey.events == [SecurityCodeTyped(Secret("1234"))]


@pytest.mark.parametrize("typed", ["", "123", "12345", "12a4"])
def test_what_is_no_code_is_told_beside_the_field(window: MainWindow, journey: Listener, typed: str) -> None:
    window.show_state(SCREENS["M-16"])
    type_into_focus(typed)
    press(window, Qt.Key.Key_Return)
    assert journey.events == []
    assert "＊数字4桁を入力してください。" in visible_text(window)
    assert QApplication.focusWidget() is code_field(window)


def test_wide_digits_are_understood(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-16"])
    field = code_field(window)
    field.setText("１２ ３４")
    field.textEdited.emit(field.text())
    press(window, Qt.Key.Key_Return)
    assert journey.events == [SecurityCodeTyped(Secret("1234"))]


def test_a_mistyped_code_says_that_one_more_may_be_typed(window: MainWindow) -> None:
    window.show_state(SCREENS["M-16_mistyped"])
    assert "もう一度だけ入力できます。" in visible_text(window)
    type_into_focus("1")
    assert "もう一度だけ入力できます。" not in visible_text(window)


@pytest.mark.parametrize("objection", FINAL)
def test_where_no_photograph_can_be_had_enter_goes_on_without(
    window: MainWindow, journey: Listener, sounds: Silence, objection: Objection
) -> None:
    window.show_state(SCREENS[f"M-16_{objection}"])
    assert not code_field(window).isVisible()
    assert "今回は写真なしで進みます" in visible_text(window)
    assert sounds.played == [Sound.PROBLEM]
    press(window, Qt.Key.Key_Return)
    assert journey.events == [PhotographSkipped()]


@pytest.mark.parametrize("shape", ["M-16", "M-16_mistyped"])
def test_staff_may_go_on_without_the_photograph(
    window: MainWindow, journey: Listener, qtbot: QtBot, shape: str
) -> None:
    window.show_state(SCREENS[shape])
    press_alt(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: journey.events == [PhotographSkipped()])


def test_a_card_lifted_meanwhile_is_told_aloud(window: MainWindow, qtbot: QtBot) -> None:
    window.show_state(SCREENS["M-16"])
    type_into_focus("12")
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        window.show_state(SCREENS["M-16_lifted"])
    assert spoken.args is not None
    assert "カードが離れました。" in spoken.args[0]
    assert code_field(window).text() == ""


def test_the_typed_code_leaves_no_trace(window: MainWindow) -> None:
    window.show_state(SCREENS["M-16"])
    type_into_focus("5598")
    window.show_state(State(Reading(), DESK))
    settle()
    assert "5598" not in every_trace(window)
    assert "架空" not in every_trace(window)


# --- M-17 ---


def test_the_photograph_is_shown_whole_and_large(window: MainWindow, clock: Clock) -> None:
    show_photograph(window, clock)
    (image,) = drawn_photographs(window)
    assert image.height() >= 240
    assert abs(image.width() - image.height()) <= 2
    middle = image.height() // 2
    left, right = image.pixelColor(2, middle), image.pixelColor(image.width() - 3, middle)
    assert (left.lightness(), right.lightness()) == (0, 255)


def test_enter_confirms_the_person_but_never_unseen(window: MainWindow, journey: Listener, clock: Clock) -> None:
    window.show_state(SCREENS["M-17"])
    press(window, Qt.Key.Key_Return)
    clock.seconds += 0.79
    press(window, Qt.Key.Key_Return)
    assert journey.events == []
    clock.seconds += 0.02
    press(window, Qt.Key.Key_Return)
    assert journey.events == [PersonCompared(True, clock.seconds)]


def test_another_person_is_told_in_two_steps(window: MainWindow, journey: Listener, clock: Clock, qtbot: QtBot) -> None:
    show_photograph(window, clock)
    press_alt(window, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: "結果は出しません。" in visible_text(window))
    assert journey.events == []
    press_alt(window, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: journey.events == [PersonCompared(False, clock.seconds)])


@pytest.mark.parametrize("following", ["M-10", "M-12_eligibility", "M-13_care", "M-06", "M-24"])
def test_nothing_of_the_photograph_is_left_when_the_next_screen_comes(
    window: MainWindow, clock: Clock, following: str
) -> None:
    show_photograph(window, clock)
    assert [len(colours(image)) > 1 for image in drawn_photographs(window)] == [True]
    window.show_state(SCREENS[following])
    settle()
    assert [len(colours(image)) > 1 for image in drawn_photographs(window)] == [False]
    assert "架空" not in every_trace(window)


def test_nothing_of_the_photograph_is_left_in_a_closed_window(window: MainWindow, clock: Clock) -> None:
    show_photograph(window, clock)
    window.close()
    assert [len(colours(image)) > 1 for image in drawn_photographs(window)] == [False]


@pytest.mark.parametrize("shape", ["M-16", "M-17"])
@pytest.mark.parametrize("key, event", [(Qt.Key.Key_Escape, Back()), (Qt.Key.Key_F8, Cleared())], ids=["escape", "F8"])
def test_both_pages_can_be_left_at_once(
    window: MainWindow, journey: Listener, shape: str, key: Qt.Key, event: Event
) -> None:
    window.show_state(SCREENS[shape])
    press(window, key)
    assert journey.events == [event]


@pytest.mark.parametrize("shape", ["M-16", "M-17"])
def test_what_nobody_touches_is_cleared_and_announced_before(
    window: MainWindow, journey: Listener, qtbot: QtBot, shape: str
) -> None:
    window.show_state(SCREENS[shape])
    page = window._page
    assert page is not None
    idle = page._idle  # type: ignore[attr-defined] # of both pages, and of no other
    for _ in range(49):
        idle.pass_second()
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        idle.pass_second()
    assert spoken.args is not None
    assert spoken.args[0].startswith("あと10秒で消えます。")
    for _ in range(10):
        idle.pass_second()
    assert journey.events == [Cleared()]


def test_the_picture_is_named_and_nothing_of_the_visitor_is_spoken(
    window: MainWindow, clock: Clock, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        show_photograph(window, clock)
    assert spoken.args is not None
    assert "カードの中の顔写真と、目の前の方を見くらべてください。" in spoken.args[0]
    assert isinstance(window._page, PhotographPage)
    assert window._page._photograph.accessibleName() == "カードの中の顔写真"
    assert "架空" not in every_trace(window)
    assert button(window, "M-17.different").isVisible()
