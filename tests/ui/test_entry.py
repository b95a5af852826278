"""What staff type: account, passcode, password, birth date; by keyboard, by IME, by paste."""

from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from myna_app.flow import State
from myna_app.flow.events import (
    AccountSubmitted,
    Back,
    BirthDateTyped,
    PasscodeForgotten,
    PasscodeTyped,
    PasswordTyped,
    Retried,
)
from myna_app.flow.states import AccountEntry, AccountForm, Locked, PasscodeChoice, Reauthentication
from myna_app.formats.secret import Secret
from myna_app.ui.pages.m02_account import AccountPage
from myna_app.ui.pages.m06_locked import LockedPage
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener
from tests.ui.looking import button, every_trace, named, settle, visible_text
from tests.ui.states import FRESH, LOCKED, SCREENS


def edit(window: MainWindow, identifier: str) -> QLineEdit:
    found = named(window, identifier)
    assert isinstance(found, QLineEdit)
    return found


def commit(target: QWidget, text: str) -> None:
    """What a Japanese IME does when a conversion is confirmed."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(target, event)


def fill(window: MainWindow, **values: str) -> None:
    for name, value in values.items():
        commit(edit(window, f"M-02.{name}"), value)


GOOD = {
    "institution_code": "9919910019",
    "user_id": "W7654321",
    "password": "Aa1 !~",
    "activation_code": "123456789012",
}


def test_a_complete_form_is_sent_as_typed(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, **GOOD)
    button(window, "main").click()
    form = AccountForm("9919910019", "W7654321", Secret("Aa1 !~"), Secret("123456789012"))
    assert journey.events == [AccountSubmitted(form)]


def test_full_width_and_hyphens_are_understood(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    fill(
        window,
        institution_code="９９１９－９１００１９",
        user_id=" Ｗ０００００ａｂ ",
        password="pw",
        activation_code="１２３４‐５６７８ ９０１２",
    )
    button(window, "main").click()
    sent = journey.events[0]
    assert isinstance(sent, AccountSubmitted)
    assert sent.form.institution_code == "9919910019"
    assert sent.form.user_id == "W00000ab"
    assert sent.form.activation_code == Secret("123456789012")


def test_a_password_is_never_changed_silently(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, **{**GOOD, "password": "Ｐａｓｓ"})
    button(window, "main").click()
    assert journey.events == []
    assert edit(window, "M-02.password").text() == "Ｐａｓｓ"
    assert "＊全角の文字が入っています。半角で入力してください。" in visible_text(window)


def test_everything_wrong_is_told_at_once_and_the_first_gets_the_focus(
    qtbot: QtBot, window: MainWindow, journey: Listener
) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, institution_code="123456789", user_id="", password="", activation_code="abc")
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        button(window, "main").click()
    seen = visible_text(window)
    for part in (
        "入力の確認が 4 か所あります。",
        "＊機関コードは数字10桁です。いまは9桁です。",
        "＊ユーザIDを入力してください。",
        "＊パスワードを入力してください。",
        "＊アクティベーションコードは4〜64文字の英数字です。",
    ):
        assert part in seen
    assert journey.events == []
    assert QApplication.focusWidget() is edit(window, "M-02.institution_code")
    assert spoken.args == ["入力の確認が 4 か所あります。＊機関コードは数字10桁です。いまは9桁です。", True]
    assert "いまは9桁です" in edit(window, "M-02.institution_code").accessibleDescription()


def test_a_corrected_form_forgets_what_was_wrong(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    button(window, "main").click()
    fill(window, **GOOD)
    button(window, "main").click()
    assert len(journey.events) == 1
    assert "か所あります" not in visible_text(window)
    assert "＊" not in visible_text(window)


def test_enter_in_a_field_registers(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, **GOOD)
    QTest.keyClick(edit(window, "M-02.password"), Qt.Key.Key_Return)
    assert len(journey.events) == 1


def test_the_care_number_is_filled_in_with_one_press(window: MainWindow) -> None:
    window.show_state(SCREENS["M-02"])
    button(window, "M-02.care_code").click()
    assert edit(window, "M-02.institution_code").text() == "8888888888"
    assert QApplication.focusWidget() is edit(window, "M-02.user_id")


def test_a_second_press_while_sending_is_ignored_and_escape_cancels(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, **GOOD)
    window.show_state(State(AccountEntry(AccountForm("9919910019", "W0000001"), sending=True), FRESH))
    assert "登録しています…" in visible_text(window)
    button(window, "main").click()
    assert journey.events == []
    QTest.keyClick(edit(window, "M-02.user_id"), Qt.Key.Key_Escape)
    assert journey.events == [Back()]


def test_a_refusal_is_told_beside_the_field_and_keeps_the_rest(window: MainWindow) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, **GOOD)
    form = AccountForm("9919910019", "W0000001", activation_code=Secret("123456789012"))
    window.show_state(State(AccountEntry(form, sending=True), FRESH))
    window.show_state(State(AccountEntry(form, {"user_id": "pattern", "app_version": "pattern"}), FRESH))
    assert "＊ユーザIDを、もう一度確認してください。" in visible_text(window)
    assert edit(window, "M-02.institution_code").text() == "9919910019"


def test_the_form_comes_back_from_a_problem_without_the_password(window: MainWindow) -> None:
    form = AccountForm("9919910019", "W0000001", activation_code=Secret("123456789012"))
    window.show_state(SCREENS["M-10"])
    window.show_state(State(AccountEntry(form), FRESH))
    assert edit(window, "M-02.user_id").text() == "W0000001"
    assert edit(window, "M-02.activation_code").text() == "123456789012"
    assert edit(window, "M-02.password").text() == ""


def test_nothing_typed_is_left_when_the_form_is_gone(window: MainWindow) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, **GOOD)
    button(window, "M-02.password_show").click()
    window.show_state(SCREENS["M-03"])
    traces = every_trace(window)
    for value in GOOD.values():
        assert value not in traces
    assert edit(window, "M-02.password").echoMode() is QLineEdit.EchoMode.Password


def test_a_password_is_shown_for_ten_seconds_at_most(qtbot: QtBot, window: MainWindow) -> None:
    window.show_state(SCREENS["M-02"])
    page = window._page
    assert isinstance(page, AccountPage)
    assert page._conceal.interval() == 10_000
    button(window, "M-02.password_show").click()
    assert edit(window, "M-02.password").echoMode() is QLineEdit.EchoMode.Normal
    page._conceal.setInterval(0)
    qtbot.waitUntil(lambda: edit(window, "M-02.password").echoMode() is QLineEdit.EchoMode.Password)
    assert button(window, "M-02.password_show").text() == "表示する"


def test_caps_lock_is_noticed_while_a_password_is_typed(window: MainWindow) -> None:
    window.show_state(SCREENS["M-02"])
    password = edit(window, "M-02.password")
    for letter, modifier, noticed in (
        ("A", Qt.KeyboardModifier.NoModifier, True),
        ("a", Qt.KeyboardModifier.NoModifier, False),
        ("a", Qt.KeyboardModifier.ShiftModifier, True),
        ("A", Qt.KeyboardModifier.ShiftModifier, False),
    ):
        QApplication.sendEvent(password, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, modifier, letter))
        assert ("Caps Lock がオンです。" in visible_text(window)) is noticed


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
