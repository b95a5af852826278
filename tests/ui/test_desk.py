"""Readers, reading, terminal id, standing, terms: what staff see around a visit."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from myna_app.flow import State
from myna_app.flow.events import Back, Confirmed, ReaderPicked
from myna_app.flow.states import Desk, FaceCheck, Reader, ReaderChoice, Reading, Suspended, TermsScreen, VisitStep
from myna_app.ui.native import Sound
from myna_app.ui.pages.m10_face_check import FaceCheckPage
from myna_app.ui.pages.m11_readers import ReaderChoicePage
from myna_app.ui.pages.m12_reading import LONGER_AFTER_MS, ReadingPage
from myna_app.ui.widgets.reader_list import ReaderList
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener, Silence
from tests.ui.looking import button, named, settle, visible_text
from tests.ui.states import DESK, FRESH, PROBLEMS, READER, SCREENS, TERMS


def readers_of(window: MainWindow) -> ReaderList:
    found = named(window, "M-11.readers")
    assert isinstance(found, ReaderList)
    return found


def spoken_rows(readers: ReaderList) -> list[str]:
    return [readers.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(readers.count())]


def test_readers_say_what_they_can_do_and_which_is_chosen(window: MainWindow) -> None:
    window.show_state(SCREENS["M-11"])
    readers = readers_of(window)
    assert spoken_rows(readers) == [
        "SONY FeliCa RC-S300/P、選択中、使えます（長いデータ：対応）",
        "ACS ACR39U ICC Reader、使えます（少し時間がかかります）",
        "Windows Hello for Business 1、使えません（マイナンバーカード非対応）",
    ]
    assert readers.item(0).text().startswith("★")
    assert not readers.item(1).text().startswith("★")


def test_arrow_and_space_choose_a_reader(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-11"])
    readers = readers_of(window)
    QTest.keyClick(readers, Qt.Key.Key_Down)
    QTest.keyClick(readers, Qt.Key.Key_Space)
    assert journey.events == [ReaderPicked("ACS ACR39U ICC Reader")]


def test_a_click_chooses_a_reader_but_never_an_unusable_one(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-11"])
    settle()
    readers = readers_of(window)
    for row in (2, 1):
        place = readers.visualItemRect(readers.item(row)).center()
        QTest.mouseClick(readers.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert journey.events == [ReaderPicked("ACS ACR39U ICC Reader")]


def test_deciding_takes_the_row_under_the_cursor_then_goes_on(window: MainWindow, journey: Listener) -> None:
    """A newcomer sees the only reader marked, presses 「決定」, and must not stand at the face check without one."""
    window.show_state(State(ReaderChoice(), replace(DESK, chosen_reader=None)))
    button(window, "main").click()
    assert journey.events == [ReaderPicked(READER.name)]
    window.show_state(State(ReaderChoice(), DESK))
    settle()
    assert journey.events == [ReaderPicked(READER.name), Confirmed()]


def test_a_choice_is_confirmed_in_words(window: MainWindow) -> None:
    window.show_state(State(ReaderChoice(), replace(DESK, chosen_reader=None)))
    assert "カードリーダーが選択されました。" not in visible_text(window)
    window.show_state(State(ReaderChoice(), DESK))
    assert "カードリーダーが選択されました。" in visible_text(window)


def test_readers_come_and_go_while_the_cursor_stays(qtbot: QtBot, window: MainWindow) -> None:
    window.show_state(SCREENS["M-11"])
    readers = readers_of(window)
    readers.setCurrentRow(1)
    with qtbot.waitSignal(window.announcer.announced):
        pass
    more = replace(DESK, readers=(Reader("A new reader"), *DESK.readers))
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        window.show_state(State(ReaderChoice(), more))
    assert spoken.args[0] == "カードリーダー A new reader がつながりました。"
    assert readers.current() == "ACS ACR39U ICC Reader"
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        window.show_state(State(ReaderChoice(), DESK))
    assert spoken.args[0] == "カードリーダー A new reader が外れました。"


def test_without_a_reader_the_cure_stands_in_place_of_an_empty_list(window: MainWindow) -> None:
    window.show_state(SCREENS["M-11_empty"])
    assert "USBケーブルを差しなおして" in visible_text(window)
    assert not readers_of(window).isVisible()
    window.show_state(SCREENS["M-11_service"])
    assert "パソコンを再起動してください" in visible_text(window)
    assert isinstance(window._page, ReaderChoicePage)


@pytest.mark.parametrize(
    "desk, words",
    [
        (DESK, "● 使えます（SONY FeliCa RC-S300/P）"),
        (
            replace(DESK, readers=(replace(READER, card_present=True),)),
            "● カードが置かれています（SONY FeliCa RC-S300/P）",
        ),
        (replace(DESK, readers=()), "○ つながっていません（SONY FeliCa RC-S300/P）"),
        (replace(DESK, chosen_reader=None), "○ 選んでいません"),
        (replace(DESK, readers=(replace(READER, usable=False),)), "▲ 使えません"),
        (replace(DESK, readers=(), service_running=False), "▲ Windowsのカードを読む機能が止まっています"),
    ],
)
def test_the_home_screen_says_how_the_reader_stands(window: MainWindow, desk: Desk, words: str) -> None:
    window.show_state(State(FaceCheck(), desk))
    assert words in visible_text(window)


def test_a_card_left_is_told_and_heard_when_next_was_pressed(window: MainWindow, sounds: Silence) -> None:
    window.show_state(State(FaceCheck(), SCREENS["M-10_card_left"].desk))
    assert "前の方のカードが残っています。" in visible_text(window)
    assert sounds.played == []
    window.show_state(SCREENS["M-10_card_left"])
    assert sounds.played == [Sound.REMINDER]
    window.show_state(State(FaceCheck(), DESK))
    assert "前の方のカード" not in visible_text(window)


def test_a_card_that_lies_on_after_its_result_was_closed_is_told_and_heard_once(
    window: MainWindow, sounds: Silence
) -> None:
    window.show_state(State(FaceCheck(), SCREENS["M-10_card_left"].desk))
    page = window._page
    assert isinstance(page, FaceCheckPage)
    assert page._left_long.isActive()
    page._left_long.timeout.emit()
    assert (sounds.played, page._left_long.isActive()) == ([Sound.REMINDER], False)
    window.show_state(State(FaceCheck(), SCREENS["M-10_card_left"].desk))
    assert not page._left_long.isActive(), "once"


def test_who_takes_the_card_in_time_is_not_reminded(window: MainWindow, sounds: Silence) -> None:
    window.show_state(State(FaceCheck(), SCREENS["M-10_card_left"].desk))
    window.show_state(State(FaceCheck(), DESK))
    page = window._page
    assert isinstance(page, FaceCheckPage)
    assert (page._left_long.isActive(), sounds.played) == (False, [])


def test_every_further_press_of_next_is_answered_while_the_card_lies_there(
    window: MainWindow, sounds: Silence, clock: Clock
) -> None:
    window.show_state(SCREENS["M-10_card_left"])
    assert "同じ方をもう一度読み取るときも" in visible_text(window)
    clock.seconds += 1
    for presses in (2, 3):
        button(window, "main").click()
        assert sounds.played == [Sound.REMINDER] * presses


def test_reading_is_told_in_four_steps(qtbot: QtBot, window: MainWindow, sounds: Silence) -> None:
    window.show_state(SCREENS["M-12_place"])
    assert "マイナンバーカードを、カードリーダーに置いてください。" in visible_text(window)
    assert "動かさないでください" not in visible_text(window)
    with qtbot.waitSignal(window.announcer.announced):
        pass
    for step, words in (
        (VisitStep.READ, "読み取っています。"),
        (VisitStep.PROVE, "本物のカードか確かめています。"),
        (VisitStep.ELIGIBILITY, "資格を確認しています。"),
    ):
        with qtbot.waitSignal(window.announcer.announced) as spoken:
            window.show_state(State(Reading(step), DESK))
        assert spoken.args == [f"{step.value}/4 {words}カードを動かさないでください。", False]
        assert words in visible_text(window)
        assert "カードを動かさないでください" in visible_text(window)
    assert sounds.played == [Sound.CARD]
    steps = [label.accessibleName() for label in window.findChildren(QLabel) if "4つのうち" in label.accessibleName()]
    assert steps == [
        "4つのうち1つ目、置く、終わりました",
        "4つのうち2つ目、読み取る、終わりました",
        "4つのうち3つ目、確かめる、終わりました",
        "4つのうち4つ目、資格の確認、いま",
    ]


def test_a_long_wait_for_the_answer_is_told(qtbot: QtBot, window: MainWindow) -> None:
    window.show_state(SCREENS["M-12_eligibility"])
    page = window._page
    assert isinstance(page, ReadingPage)
    assert page._longer.interval() == LONGER_AFTER_MS == 8000
    page._longer.start(0)
    qtbot.waitUntil(lambda: "もう少しかかります。" in visible_text(window))


def test_who_has_laid_a_card_down_is_not_told_to_while_the_server_is_slow(qtbot: QtBot, window: MainWindow) -> None:
    laid = replace(DESK, readers=(replace(READER, card_present=True),))
    window.show_state(State(Reading(), laid))
    page = window._page
    assert isinstance(page, ReadingPage)
    assert "カードを見つけました。動かさないでください。" in visible_text(window)
    assert page._server.isActive()
    page._server.start(0)
    qtbot.waitUntil(lambda: "サーバーの返事を待っています。" in visible_text(window))
    window.show_state(State(Reading(), DESK))
    assert "カードリーダーに置いてください。" in visible_text(window)
    assert not page._server.isActive()
    window.show_state(State(Reading(), laid))
    window.show_state(State(Reading(VisitStep.READ), laid))
    assert not page._server.isActive()


def test_stop_is_the_only_button_while_reading(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-12_read"])
    assert not named(window, "main").isVisible()
    button(window, "second").click()
    assert journey.events == [Back()]


def test_asking_once_more_how_the_account_stands_is_answered_in_words(window: MainWindow) -> None:
    stopped = SCREENS["M-09_stopped"]
    assert isinstance(stopped.screen, Suspended)
    window.show_state(stopped)
    assert "に確認しました" not in visible_text(window)
    window.show_state(replace(stopped, screen=replace(stopped.screen, checking=True)))
    window.show_state(stopped)
    assert "に確認しました。まだ使えません。" in visible_text(window)


@pytest.mark.parametrize(
    "shape, title, way",
    [
        ("M-09_stopped", "アカウントが止められています", "もう一度確認する(&K)"),
        ("M-09_ended", "アカウントの利用が終わっています", "登録しなおす(&R)"),
        ("M-09_not_started", "2026年12月1日から使えます", "もう一度確認する(&K)"),
    ],
)
def test_a_stopped_office_is_told_whom_to_call(window: MainWindow, shape: str, title: str, way: str) -> None:
    window.show_state(SCREENS[shape])
    seen = visible_text(window)
    assert title in seen
    assert way in seen
    assert "見本県国保連合会 000-000-0000" in seen


def test_terms_cannot_be_agreed_to_before_they_are_there(window: MainWindow) -> None:
    window.show_state(State(TermsScreen(), FRESH))
    assert not named(window, "main").isVisible()
    window.show_state(State(TermsScreen(TERMS), FRESH))
    settle()
    assert named(window, "main").isVisible()
    assert "版：1.2　2026年4月1日" in visible_text(window)


def test_changed_terms_say_so(window: MainWindow) -> None:
    window.show_state(SCREENS["M-01_changed"])
    assert "利用規約が変わりました" in visible_text(window)
    window.show_state(SCREENS["M-01"])
    assert "利用規約が変わりました" not in visible_text(window)


def test_details_of_a_problem_are_folded_and_can_be_copied(window: MainWindow) -> None:
    window.show_state(PROBLEMS["M-14_E-C02"])
    assert "SW 6A82" not in visible_text(window)
    button(window, "M-14.details").click()
    settle()
    assert "内容：SW 6A82" in visible_text(window)
    button(window, "M-14.copy").click()
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines() == [
        "エラーコード：E-C02",
        "日時：2026-11-20 01:02:15",
        "画面番号：M-12",
        "アプリの版：0.1.0",
        "内容：SW 6A82",
        "カードリーダー：SONY FeliCa RC-S300/P",
    ]
