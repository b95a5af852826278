"""What is seen and heard of problems that end by themselves, and of the buttons that lead out of the others."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow.beside import Announcement, SidePage
from myna_app.flow.events import AboutAsked, Back, Event, ReaderChoiceAsked, Retried
from myna_app.flow.report import Report
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import AccountEntry, DiagnosisScreen, FaceCheck, ReaderChoice, Reading, Resumption, Trouble
from myna_app.ui.pages import m14_trouble
from myna_app.ui.pages.m14_trouble import TroublePage
from myna_app.ui.reader_way import ReaderWay, reader_way
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener, Silence
from tests.ui.looking import button, named, settle, visible_text
from tests.ui.states import DESK, FRESH, LOCKED, READER, RESULTS, SCREENS, trouble

NOTICE = Announcement("点検", "今夜は、夜中に止まります。")


def said_by(window: MainWindow, qtbot: QtBot, act: Callable[[], None]) -> str:
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        act()
    return str(spoken.args[0])


def busy(seconds: int | None = 30) -> State:
    return trouble(Problem.RATE_LIMITED) if seconds is None else trouble(Problem.RATE_LIMITED, seconds=seconds)


def page_of(window: MainWindow) -> TroublePage:
    page = window._page
    assert isinstance(page, TroublePage)
    return page


# --- E-N05 ---


def test_a_busy_server_is_asked_again_when_its_time_has_come_and_not_before(
    window: MainWindow, journey: Listener, clock: Clock
) -> None:
    window.show_state(busy())
    assert "あと30秒で、自動でもう一度確認します。" in visible_text(window)
    for _ in range(29):
        clock.seconds += 1
        page_of(window).tell_wait()
    assert "あと1秒で、自動でもう一度確認します。" in visible_text(window)
    assert not named(window, "main").isVisible()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F5):
        QTest.keyClick(QApplication.focusWidget() or window, key)
    assert journey.events == []
    clock.seconds += 1
    page_of(window).tell_wait()
    assert journey.events == [Retried(clock.seconds)]


def test_who_cannot_wait_for_a_busy_server_stops(window: MainWindow, journey: Listener) -> None:
    window.show_state(busy(3600))
    assert "あと60分" in visible_text(window)
    assert button(window, "second").text() == "やめる"
    button(window, "second").click()
    assert journey.events == [Back()]


def test_a_busy_server_that_does_not_say_how_long_is_left_alone_for_a_while(window: MainWindow) -> None:
    window.show_state(busy(None))
    assert "あと30秒で" in visible_text(window)


def test_the_wait_goes_on_behind_the_diagnosis(window: MainWindow, clock: Clock) -> None:
    there = busy()
    window.show_state(there)
    window.show_state(State(DiagnosisScreen(there.screen), DESK))
    clock.seconds += 20
    window.show_state(there)
    assert "あと10秒で" in visible_text(window)


def test_a_wait_ends_with_its_screen(window: MainWindow, journey: Listener) -> None:
    window.show_state(busy())
    page = page_of(window)
    window.show_state(SCREENS["M-10"])
    assert not page._second.isActive()
    window.show_state(trouble(Problem.BACKEND_SLOW))
    assert named(window, "main").isVisible()


# --- what has mended itself ---


def test_what_mended_itself_is_said_and_written_once(window: MainWindow, qtbot: QtBot) -> None:
    window.show_state(trouble(Problem.READER_LOST))
    mended = State(FaceCheck(), DESK, mended=True)
    said = said_by(window, qtbot, lambda: window.show_state(mended))
    assert said.startswith("直りました。続けられます。画面番号 M-10。")
    assert "直りました。続けられます。" in visible_text(window)
    window.show_state(SCREENS["M-12_place"])
    assert "直りました" not in visible_text(window)


def test_the_same_occurrence_is_told_once_whatever_becomes_of_the_card(
    window: MainWindow, sounds: Silence, qtbot: QtBot
) -> None:
    told = trouble(Problem.BACKEND_UNREACHABLE)
    assert isinstance(told.screen, Trouble)
    said_by(window, qtbot, lambda: window.show_state(told))
    heard: list[str] = []
    window.announcer.announced.connect(lambda text, _assertive: heard.append(text))
    window.show_state(replace(told, screen=replace(told.screen, again=Resumption(FaceCheck()))))
    assert len(sounds.played) == 1
    anew = Report(Problem.BACKEND_UNREACHABLE)
    window.show_state(replace(told, screen=replace(told.screen, report=anew)))
    assert len(sounds.played) == 2
    qtbot.waitUntil(lambda: len(heard) == 1)


# --- buttons ---

LEADS: dict[str, tuple[State, Event | None, Event | None]] = {
    "E-N03": (trouble(Problem.PROXY_AUTHENTICATION), PageAsked(SidePage.SETTINGS), Retried(1000.0)),
    "E-N03, locked": (trouble(Problem.PROXY_AUTHENTICATION, desk=LOCKED), Retried(1000.0), Back()),
    "E-N03, not registered": (
        trouble(Problem.PROXY_AUTHENTICATION, desk=FRESH, origin=AccountEntry()),
        PageAsked(SidePage.SETTINGS),
        Retried(1000.0),
    ),
    "E-N07 without a notice": (trouble(Problem.MAINTENANCE), Retried(1000.0), Back()),
    "E-N08 elsewhere": (trouble(Problem.CLOCK_OFF), Retried(1000.0), Back()),
    "E-A02": (trouble(Problem.ACCOUNT_STOPPED, desk=FRESH), AboutAsked(), Back()),
    "E-R01": (trouble(Problem.READER_MISSING), Retried(1000.0), ReaderChoiceAsked()),
}


@pytest.mark.parametrize("case", LEADS)
def test_the_buttons_of_a_problem_lead_where_its_steps_say(window: MainWindow, journey: Listener, case: str) -> None:
    state, main, second = LEADS[case]
    window.show_state(state)
    button(window, "main").click()
    button(window, "second").click()
    assert journey.events == [main, second]


def test_the_notice_of_a_maintenance_is_read_where_it_is_told(window: MainWindow, journey: Listener) -> None:
    window.show_state(trouble(Problem.MAINTENANCE, desk=replace(DESK, announcements=(NOTICE,))))
    assert NOTICE.text not in visible_text(window)
    assert button(window, "second").text() == "お知らせを開く(&A)"
    button(window, "second").click()
    settle()
    assert NOTICE.text in visible_text(window)
    assert journey.events == []


def test_on_windows_the_clock_is_one_press_away(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(m14_trouble, "has_clock_settings", lambda: True)
    monkeypatch.setattr(m14_trouble, "open_clock_settings", lambda: opened.append("clock"))
    window.show_state(trouble(Problem.CLOCK_OFF))
    assert button(window, "second").text() == "日付と時刻を開く(&T)"
    button(window, "second").click()
    assert opened == ["clock"]


def test_another_reader_is_chosen_from_the_home_screen(window: MainWindow, journey: Listener, qtbot: QtBot) -> None:
    window.show_state(SCREENS["M-10"])
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: journey.events == [ReaderChoiceAsked()])  # Qt presses it a moment later


# --- what is heard ---


def test_two_things_that_happen_at_once_are_both_said(window: MainWindow, qtbot: QtBot) -> None:
    said_by(window, qtbot, lambda: window.show_state(SCREENS["M-11"]))
    said = said_by(window, qtbot, lambda: window.show_state(SCREENS["M-11_empty"]))
    for reader in DESK.readers:
        assert said.count(f"カードリーダー {reader.name} が外れました。") == 1


def test_a_search_for_readers_is_answered_also_where_nothing_has_changed(window: MainWindow, qtbot: QtBot) -> None:
    said_by(window, qtbot, lambda: window.show_state(SCREENS["M-11"]))
    said_by(window, qtbot, lambda: window.show_state(State(ReaderChoice(searching=True), DESK)))
    said = said_by(window, qtbot, lambda: window.show_state(SCREENS["M-11"]))
    assert said == "使えるカードリーダーは、2台です。"
    assert said in visible_text(window)


def test_what_was_not_said_before_its_screen_went_is_not_said_any_more(window: MainWindow, qtbot: QtBot) -> None:
    window.show_state(SCREENS["M-12_read"])
    window.show_state(SCREENS["M-12_prove"])
    said = said_by(window, qtbot, lambda: window.show_state(RESULTS["valid"]))
    assert said == "読み取りが終わりました。判定、有効。"


def test_a_reader_that_goes_and_comes_back_is_said_and_a_card_is_not(window: MainWindow, qtbot: QtBot) -> None:
    said_by(window, qtbot, lambda: window.show_state(SCREENS["M-10"]))
    gone = said_by(window, qtbot, lambda: window.show_state(State(FaceCheck(), replace(DESK, readers=()))))
    assert gone == f"カードリーダーは、つながっていません（{READER.name}）。"
    back = said_by(window, qtbot, lambda: window.show_state(SCREENS["M-10"]))
    assert back == f"カードリーダーは、使えます（{READER.name}）。"
    laid = replace(DESK, readers=(replace(READER, card_present=True),))
    window.show_state(State(FaceCheck(), laid))
    assert not window.announcer._timer.isActive()


def test_a_reading_that_was_stopped_is_said_and_written(window: MainWindow, qtbot: QtBot) -> None:
    window.show_state(SCREENS["M-12_read"])
    said = said_by(window, qtbot, lambda: window.show_state(SCREENS["M-10"]))
    assert said.startswith("読み取りをやめました。画面番号 M-10。")
    assert "読み取りをやめました。" in visible_text(window)


def test_a_card_that_lies_there_already_is_said_to_be_found(window: MainWindow, qtbot: QtBot) -> None:
    said_by(window, qtbot, lambda: window.show_state(SCREENS["M-12_place"]))
    laid = State(Reading(), replace(DESK, readers=(replace(READER, card_present=True),)))
    said = said_by(window, qtbot, lambda: window.show_state(laid))
    assert said == "カードを見つけました。動かさないでください。"
    window.show_state(SCREENS["M-10"])
    said = said_by(window, qtbot, lambda: window.show_state(laid))
    assert said.endswith("カードを見つけました。動かさないでください。")


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("SONY FeliCa RC-S300/P", ReaderWay.LAID),
        ("Sony FeliCa Port/PaSoRi 4.0 0", ReaderWay.LAID),
        ("ACS ACR1252 Dual Reader PICC 0", ReaderWay.LAID),
        ("Identiv uTrust 4700 F CL Reader 1", ReaderWay.LAID),
        ("Identiv uTrust 4700 F Contact Reader 0", ReaderWay.INSERTED),
        ("ACS ACR39U ICC Reader", ReaderWay.INSERTED),
        ("SCM Microsystems Inc. SCR33x USB Smart Card Reader 0", ReaderWay.INSERTED),
        ("Generic Contactless and ICC Reader", ReaderWay.EITHER),
        ("Virtual PCD 00 00", ReaderWay.EITHER),
        ("", ReaderWay.EITHER),
    ],
)
def test_how_a_card_is_put_on_a_reader_is_known_by_its_name_or_left_open(name: str, way: ReaderWay) -> None:
    assert reader_way(name) is way
