"""Everything by keyboard: Enter, Esc, Tab, F-keys, and the guard in front of the face check."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow.beside import SidePage
from myna_app.flow.events import (
    AboutAsked,
    Back,
    Cleared,
    Confirmed,
    Event,
    FaceConfirmed,
    LockAsked,
    ReaderChoiceAsked,
    Retried,
    TerminalIdAsked,
    TermsAgreed,
)
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import FaceCheck, Locked
from myna_app.formats.facility import FaceCheckWay
from myna_app.ui.menu import Menu
from myna_app.ui.pages.m29_help import HelpPanel
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener
from tests.ui.looking import button, named, settle, visible_text
from tests.ui.states import DESK, LOCKED, PROBLEMS, RESULTS, SCREENS, trouble


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


def show_face_check(window: MainWindow, clock: Clock) -> None:
    window.show_state(SCREENS["M-10"])
    clock.seconds += 1


ENTER = [
    ("M-03", Confirmed()),
    ("M-07", Confirmed()),
    ("M-09_stopped", Retried(1000.0)),
    ("M-11", Confirmed()),
    ("M-13_valid", Cleared()),
    ("M-13_not_found", Cleared()),
    ("M-21", Confirmed()),
    ("M-23", Confirmed()),
    ("M-14_E-C02", Retried(1000.0)),
    ("M-14_E-R04", ReaderChoiceAsked()),
]


@pytest.mark.parametrize("shape, event", ENTER)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_main_button(
    window: MainWindow, journey: Listener, shape: str, event: Event, key: Qt.Key
) -> None:
    window.show_state({**SCREENS, **PROBLEMS}[shape])
    press(window, key)
    assert journey.events == [event]


ESCAPE = [
    ("M-05", [Back()]),
    ("M-08", [Back()]),
    ("M-11", [Back()]),
    ("M-12_read", [Back()]),
    ("M-15_not_known", [Back()]),
    ("M-13_valid", [Cleared()]),
    ("M-14_E-C02", [Back()]),
    ("M-21", [Confirmed()]),
    ("M-03", [Confirmed()]),
    ("M-01", []),
    ("M-06", []),
    ("M-10", []),
]


@pytest.mark.parametrize("shape, events", ESCAPE)
def test_escape_goes_back_or_stops(window: MainWindow, journey: Listener, shape: str, events: list[Event]) -> None:
    window.show_state({**SCREENS, **PROBLEMS}[shape])
    press(window, Qt.Key.Key_Escape)
    assert journey.events == events


def test_enter_in_the_terms_agrees_to_nothing(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-01"])
    assert QApplication.focusWidget() is named(window, "M-01.text")
    press(window, Qt.Key.Key_Return)
    assert journey.events == []
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Space)
    assert journey.events == [TermsAgreed()]


def test_enter_while_a_card_is_read_skips_nothing(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-10"])
    window.show_state(SCREENS["M-12_read"])
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Space)
    assert journey.events == []
    assert not window._ring.isVisible()


def test_nobody_confirms_a_face_unseen(window: MainWindow, journey: Listener, clock: Clock) -> None:
    window.show_state(SCREENS["M-10"])
    press(window, Qt.Key.Key_Return)
    clock.seconds += 0.79
    press(window, Qt.Key.Key_Return)
    button(window, "main").click()
    assert journey.events == []
    clock.seconds += 0.02
    press(window, Qt.Key.Key_Return)
    assert journey.events == [FaceConfirmed(clock.seconds, FaceCheckWay.PHOTOGRAPH)]


def test_the_guard_starts_anew_for_the_next_visitor(window: MainWindow, journey: Listener, clock: Clock) -> None:
    show_face_check(window, clock)
    window.show_state(RESULTS["valid"])
    window.show_state(SCREENS["M-10"])
    press(window, Qt.Key.Key_Return)
    assert journey.events == []


def test_the_guard_does_not_start_anew_when_a_reader_comes_or_goes(
    window: MainWindow, journey: Listener, clock: Clock
) -> None:
    show_face_check(window, clock)
    window.show_state(SCREENS["M-10_no_reader"])
    press(window, Qt.Key.Key_Return)
    assert journey.events == [FaceConfirmed(clock.seconds)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_held_down_confirms_nothing(window: MainWindow, journey: Listener, clock: Clock, key: Qt.Key) -> None:
    show_face_check(window, clock)
    target = QApplication.focusWidget() or window
    for _ in range(3):
        repeat = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
        QApplication.sendEvent(target, repeat)
    assert journey.events == []


def test_a_card_without_photograph_is_confirmed_in_its_own_way(
    window: MainWindow, journey: Listener, clock: Clock
) -> None:
    show_face_check(window, clock)
    assert not button(window, "M-10.no_photo_confirm").isVisible()
    button(window, "M-10.no_photo").click()
    button(window, "M-10.no_photo_confirm").click()
    assert journey.events == [FaceConfirmed(clock.seconds, FaceCheckWay.ACCOMPANIED)]


def test_what_to_do_with_another_person_is_told_on_demand(window: MainWindow) -> None:
    window.show_state(SCREENS["M-10"])
    assert "責任者に伝えてください" not in visible_text(window)
    button(window, "M-10.different").click()
    assert "責任者に伝えてください" in visible_text(window)


@pytest.mark.parametrize(
    "shape, inside",
    [
        (
            "M-02",
            [
                "M-02.institution_code",
                "M-02.care_code",
                "M-02.user_id",
                "M-02.password",
                "M-02.password_show",
                "M-02.activation_code",
                "main",
                "second",
                "menu",
                "M-02.paste",
            ],
        ),
        ("M-06", ["M-06.passcode", "M-06.forgotten", "menu"]),
        ("M-11", ["M-11.readers", "M-11.search", "M-11.test", "main", "back", "menu"]),
        ("M-10", ["main", "menu", "M-10.choose_reader", "M-10.different", "M-10.no_photo"]),
        ("M-14_E-C02", ["main", "second", "menu", "M-14.details", "M-14.diagnosis"]),
    ],
)
def test_tab_goes_through_the_body_then_the_buttons_and_wraps(
    window: MainWindow, shape: str, inside: list[str]
) -> None:
    window.show_state({**SCREENS, **PROBLEMS}[shape])
    seen = []
    for _ in range(len(inside) + 1):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        press(window, Qt.Key.Key_Tab)
    assert seen == [*inside, inside[0]]


def test_f8_clears_a_result_at_once(window: MainWindow, journey: Listener) -> None:
    window.show_state(RESULTS["valid"])
    press(window, Qt.Key.Key_F8)
    assert journey.events == [Cleared()]


def test_f5_tries_again(window: MainWindow, journey: Listener, clock: Clock) -> None:
    window.show_state(trouble(Problem.BACKEND_UNREACHABLE))
    press(window, Qt.Key.Key_F5)
    assert journey.events == [Retried(clock.seconds)]


def test_f1_explains_the_screen_and_goes_away(qtbot: QtBot, window: MainWindow) -> None:
    window.show_state(SCREENS["M-10"])
    press(window, Qt.Key.Key_F1)
    panel = window.findChild(HelpPanel)
    assert panel is not None
    assert "お顔を見くらべる画面です" in visible_text(panel)
    assert "M-29" in visible_text(panel)
    panel.accept()
    qtbot.waitUntil(lambda: window.findChild(HelpPanel) is None)


def test_a_panel_does_not_outlive_its_screen(qtbot: QtBot, window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    press(window, Qt.Key.Key_F1)
    window.show_state(State(Locked(), LOCKED))
    qtbot.waitUntil(lambda: window.findChild(QDialog) is None)


def test_f4_says_the_last_announcement_again(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.announcer.announced):
        window.show_state(SCREENS["M-10"])
    with qtbot.waitSignal(window.announcer.announced) as again:
        press(window, Qt.Key.Key_F4)
    assert "見くらべて" in again.args[0]


def menu_of(window: MainWindow) -> Menu:
    press(window, Qt.Key.Key_F10)
    settle()
    found = window.findChildren(Menu)
    assert found
    return found[-1]


def entries(menu: Menu) -> dict[str, bool]:
    return {a.text().partition("(")[0]: a.isEnabled() for a in menu.actions() if a.text()}


def test_the_menu_offers_what_can_be_opened(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-10"])
    menu = menu_of(window)
    assert entries(menu) == {
        "カードリーダー選択": True,
        "端末固有IDの表示": True,
        "設定": True,
        "記録": True,
        "診断（困ったとき）": True,
        "利用規約・バージョン": True,
        "この画面の説明": True,
        "画面をロックする": True,
        "終了する": True,
    }
    for action in menu.actions():
        if "説明" not in action.text() and "終了" not in action.text():
            action.trigger()
    assert journey.events == [
        ReaderChoiceAsked(),
        TerminalIdAsked(),
        PageAsked(SidePage.SETTINGS),
        PageAsked(SidePage.RECORD),
        PageAsked(SidePage.DIAGNOSIS),
        AboutAsked(),
        LockAsked(),
    ]
    menu.close()


def test_before_consent_the_menu_offers_only_what_helps_and_the_end(window: MainWindow) -> None:
    window.show_state(SCREENS["M-01"])
    menu = menu_of(window)
    assert entries(menu) == {
        "設定": True,  # the way to the terms may need a proxy
        "診断（困ったとき）": True,
        "利用規約・バージョン": True,
        "この画面の説明": True,
        "終了する": True,
    }
    menu.close()


def test_while_a_card_is_read_the_menu_opens_the_diagnosis_alone(window: MainWindow) -> None:
    window.show_state(SCREENS["M-12_read"])
    menu = menu_of(window)
    assert {name for name, enabled in entries(menu).items() if enabled} == {
        "診断（困ったとき）",
        "この画面の説明",
        "画面をロックする",
        "終了する",
    }
    menu.close()


def test_leaving_is_asked_and_staying_is_the_default(qtbot: QtBot, window: MainWindow) -> None:
    window.show_state(SCREENS["M-01"])
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    button(window, "second").click()
    dialog = window.findChild(QDialog)
    assert dialog is not None
    assert "アプリを終了しますか？" in visible_text(dialog)
    QTest.keyClick(named(dialog, "dialog.safe"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(QDialog) is None)
    assert closed == []
    button(window, "second").click()
    dialog = window.findChild(QDialog)
    assert dialog is not None
    button(dialog, "dialog.act").click()
    assert closed == [True]


def test_the_focus_ring_follows_the_keyboard(window: MainWindow) -> None:
    window.show_state(SCREENS["M-10"])
    press(window, Qt.Key.Key_Tab)
    settle()
    focused = QApplication.focusWidget()
    assert focused is not None
    ring = window._ring
    assert ring.isVisible()
    inside = focused.rect().translated(focused.mapTo(window, focused.rect().topLeft()))
    assert ring.geometry() == inside.adjusted(-6, -6, 6, 6)


def test_page_keys_scroll_a_long_page(window: MainWindow) -> None:
    window.show_state(RESULTS["valid_long"])
    settle()
    area = window._frame._stack.currentWidget()
    assert isinstance(area, QScrollArea)
    bar = area.verticalScrollBar()
    press(window, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    press(window, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_the_desk_locks_itself_after_idle_minutes(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-10"])
    for _ in range(10 * 60 - 1):
        window._idle.pass_second()
    assert journey.events == []
    window._idle.pass_second()
    assert journey.events == [LockAsked()]


def test_a_key_or_a_placed_card_keeps_the_desk_open(window: MainWindow, journey: Listener, clock: Clock) -> None:
    acts: list[Callable[[], None]] = [
        lambda: press(window, Qt.Key.Key_Tab),
        lambda: window.show_state(State(FaceCheck(), SCREENS["M-10_card_left"].desk)),
    ]
    for act in acts:
        window.show_state(SCREENS["M-10"])
        window._idle.restart()
        for _ in range(10 * 60 - 1):
            window._idle.pass_second()
        act()
        window._idle.pass_second()
        assert journey.events == []


def test_a_locked_desk_is_not_locked_again(window: MainWindow, journey: Listener) -> None:
    window.show_state(State(FaceCheck(), DESK))
    window.show_state(State(Locked(), LOCKED))
    assert not window._idle._second.isActive()
