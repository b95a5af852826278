"""What staff type: passcode, password, birth date; by keyboard and by IME."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from myna_app.flow import State
from myna_app.flow.events import (
    BirthDateTyped,
    PasscodeForgotten,
    PasscodeTyped,
    PasswordTyped,
    Retried,
)
from myna_app.flow.states import Locked, PasscodeChoice, PasscodeKept, Reauthentication, Registered
from myna_app.formats.secret import Secret
from myna_app.ui.pages.m06_locked import LockedPage
from myna_app.ui.ports import Kit
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener
from tests.ui.looking import button, commit, edit, every_trace, named, settle, visible_text
from tests.ui.states import CARE_DESK, DESK, LOCKED, SCREENS

OpenWindow = Callable[[Kit], MainWindow]


# --- passcode ---


def type_digits(window: MainWindow, page: str, digits: str) -> None:
    for digit in digits:
        QTest.keyClick(named(window, f"{page}.passcode"), Qt.Key(ord(digit)))


def test_four_digits_and_enter_choose_a_passcode(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-04"])
    type_digits(window, "M-04", "2580")
    assert journey.events == []
    QTest.keyClick(named(window, "M-04.passcode"), Qt.Key.Key_Return)
    assert journey.events == [PasscodeTyped(Secret("2580"))]


def test_full_width_digits_of_an_ime_are_taken(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-06"])
    commit(named(window, "M-06.passcode"), "２５８０")
    assert journey.events == [PasscodeTyped(Secret("2580"))]


def test_the_keypad_writes_and_erases(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-06"])
    for key in ("passcode.1", "passcode.2", "passcode.erase_one", "passcode.erase_all"):
        next(k for k in window.findChildren(QPushButton, key) if k.isVisible()).click()
    assert "0 / 4" in visible_text(window)
    type_digits(window, "M-06", "2580")
    assert journey.events == [PasscodeTyped(Secret("2580"))]


def test_backspace_and_delete_erase(window: MainWindow) -> None:
    window.show_state(SCREENS["M-04"])
    field = named(window, "M-04.passcode")
    type_digits(window, "M-04", "258")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.accessibleName() == "パスコード、4桁、2桁入力ずみ"
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert field.accessibleName() == "パスコード、4桁、0桁入力ずみ"


def test_more_than_four_and_other_characters_are_ignored(window: MainWindow) -> None:
    window.show_state(SCREENS["M-04"])
    field = named(window, "M-04.passcode")
    commit(field, "2x5あ8０1234")
    assert field.accessibleName() == "パスコード、4桁、4桁入力ずみ"


def test_digits_are_never_shown_named_or_announced(qtbot: QtBot, window: MainWindow) -> None:
    window.show_state(SCREENS["M-04"])
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        type_digits(window, "M-04", "7")
    assert "7桁" not in spoken.args[0]
    field = named(window, "M-04.passcode")
    texts = (
        field.accessibleName()
        + field.accessibleDescription()
        + "".join(c.text() for c in field.findChildren(QWidget) if hasattr(c, "text"))
    )
    assert "7" not in texts


def test_too_few_digits_are_told_not_sent(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-04"])
    type_digits(window, "M-04", "25")
    button(window, "main").click()
    assert journey.events == []
    assert "＊数字4桁を入力してください。" in visible_text(window)


@pytest.mark.parametrize(
    "objection, words",
    [
        ("same_digits", "＊同じ数字が続いています。"),
        ("mismatch", "＊パスコードが同じではありません。"),
        ("something_new", "＊わかりやすい数字です。"),
    ],
)
def test_an_objection_is_told_until_the_next_digit(window: MainWindow, objection: str, words: str) -> None:
    window.show_state(SCREENS["M-04"])
    type_digits(window, "M-04", "1111")
    window.show_state(State(PasscodeChoice(objection), LOCKED))
    assert words in visible_text(window)
    assert "0 / 4" in visible_text(window)
    type_digits(window, "M-04", "2")
    assert words not in visible_text(window)


def test_a_wrong_passcode_says_how_many_tries_are_left(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-06"])
    type_digits(window, "M-06", "1234")
    window.show_state(State(Locked(checking=True), LOCKED))
    window.show_state(State(Locked(wrong=True, tries_left=3), LOCKED))
    assert "あと3回まちがえると" in visible_text(window)
    assert "0 / 4" in visible_text(window)


def test_while_waiting_no_digit_is_taken_and_the_end_is_told(
    window: MainWindow, journey: Listener, clock: Clock
) -> None:
    window.show_state(State(Locked(wrong=True, wait_seconds=90), LOCKED))
    assert "あと2分入力できません" in visible_text(window)
    assert "数字4桁を入力すると" not in visible_text(window)
    type_digits(window, "M-06", "2580")
    assert journey.events == []
    page = window._page
    assert isinstance(page, LockedPage)
    clock.seconds += 60.5
    page._tell_wait()
    assert "あと30秒入力できません" in visible_text(window)
    clock.seconds += 30
    page._tell_wait()
    assert journey.events == [Retried(clock.seconds)]


def test_after_ten_errors_only_the_password_opens(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-06_password"])
    type_digits(window, "M-06", "2580")
    assert journey.events == []
    button(window, "M-06.forgotten").click()
    assert journey.events == [PasscodeForgotten()]


@pytest.mark.parametrize(
    "typed, events, message",
    [
        ("secret word", [PasswordTyped(Secret("secret word"))], ""),
        ("", [], "＊パスワードを入力してください。"),
        ("ｓｅｃ", [], "＊全角の文字が入っています。"),
    ],
)
def test_the_password_of_the_account_is_asked(
    window: MainWindow, journey: Listener, typed: str, events: list[object], message: str
) -> None:
    window.show_state(SCREENS["M-08"])
    commit(edit(window, "M-08.password"), typed)
    button(window, "main").click()
    assert journey.events == events
    assert message in visible_text(window)


def test_a_wrong_password_is_told_and_wiped(window: MainWindow) -> None:
    window.show_state(SCREENS["M-08"])
    commit(edit(window, "M-08.password"), "wrong")
    window.show_state(State(Reauthentication(sending=True), LOCKED))
    window.show_state(State(Reauthentication(error="password"), LOCKED))
    assert "＊パスワードが違います。" in visible_text(window)
    assert edit(window, "M-08.password").text() == ""


def test_a_message_about_a_password_goes_with_the_next_letter(window: MainWindow) -> None:
    window.show_state(SCREENS["M-08"])
    button(window, "main").click()
    assert "＊パスワードを入力してください。" in visible_text(window)
    commit(edit(window, "M-08.password"), "s")
    assert "＊" not in visible_text(window).replace("※", "")


def test_whose_password_is_asked_is_told_by_the_end_of_the_user_id(window: MainWindow) -> None:
    window.show_state(State(Reauthentication(), replace(LOCKED, user_id="W0000123")))
    assert "ユーザIDの終わりが「123」のもの" in visible_text(window)
    assert "W0000123" not in every_trace(window)


def test_digits_typed_after_a_hasty_next_reach_the_passcode(window: MainWindow) -> None:
    window.show_state(SCREENS["M-04"])
    main = button(window, "main")
    main.setFocus()
    main.click()
    assert "＊数字4桁を入力してください。" in visible_text(window)
    QTest.keyClicks(QApplication.focusWidget(), "48")
    assert "2 / 4" in visible_text(window)


def test_care_offices_are_told_that_the_web_service_wants_the_terminal_id(window: MainWindow) -> None:
    window.show_state(State(Registered(), CARE_DESK))
    assert "「端末固有IDの表示」の番号を、WEBサービスに登録してください。" in visible_text(window)
    window.show_state(State(Registered(), DESK))
    assert "WEBサービス" not in visible_text(window)


def test_a_reader_that_is_chosen_is_not_announced_as_the_next_step(window: MainWindow) -> None:
    window.show_state(State(PasscodeKept(), DESK))
    assert "カードリーダーを選びます" not in visible_text(window)
    window.show_state(State(PasscodeKept(), replace(DESK, chosen_reader=None)))
    assert "カードリーダーを選びます" in visible_text(window)


# --- birth date ---


@pytest.mark.parametrize("typed", ["昭和60年4月12日", "Ｓ６０．４．１２", "19850412", "1985/4/12"])
def test_a_birth_date_is_understood_in_both_calendars_and_told_back(
    window: MainWindow, journey: Listener, typed: str
) -> None:
    window.show_state(SCREENS["M-15_not_known"])
    commit(edit(window, "M-15.birth_date"), typed)
    assert "昭和60年4月12日（1985-04-12） として確認します。" in visible_text(window)
    QTest.keyClick(edit(window, "M-15.birth_date"), Qt.Key.Key_Return)
    assert journey.events == [BirthDateTyped(date(1985, 4, 12))]


@pytest.mark.parametrize(
    "typed, message",
    [
        ("", "＊年・月・日がわかるように"),
        ("60年4月12日", "＊年・月・日がわかるように"),
        ("平成31年5月1日", "＊その元号に、その日はありません。"),
        ("令和20年1月1日", "＊今日より後の日付です。"),
    ],
)
def test_a_date_that_cannot_be_is_not_sent(window: MainWindow, journey: Listener, typed: str, message: str) -> None:
    window.show_state(SCREENS["M-15_few_tries"])
    commit(edit(window, "M-15.birth_date"), typed)
    button(window, "main").click()
    assert journey.events == []
    assert message in visible_text(window)


def test_a_typed_birth_date_leaves_no_trace(window: MainWindow) -> None:
    window.show_state(SCREENS["M-15_refused_before"])
    commit(edit(window, "M-15.birth_date"), "昭和60年4月12日")
    window.show_state(SCREENS["M-12_prove"])
    settle()
    assert "昭和60年4月12日（" not in every_trace(window)
    assert edit(window, "M-15.birth_date").text() == ""
