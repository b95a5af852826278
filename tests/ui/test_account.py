"""M-02: the account of one PC, typed, pasted, filled in and wiped."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from myna_app.flow import State
from myna_app.flow.events import (
    AccountSubmitted,
    Back,
    SecretsForgotten,
)
from myna_app.flow.states import AccountEntry, AccountForm
from myna_app.formats.secret import Secret
from myna_app.ui.pages.m02_account import AccountPage
from myna_app.ui.ports import Kit
from myna_app.ui.window import MainWindow
from tests.ui.gallery import Listener
from tests.ui.looking import button, commit, edit, every_trace, visible_text
from tests.ui.rare_states import SHEET
from tests.ui.states import DESK, FRESH, SCREENS

OpenWindow = Callable[[Kit], MainWindow]


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


def test_what_only_looks_like_a_digit_was_meant_as_one(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, **{**GOOD, "institution_code": "99I99IＯ0ｌ9"})
    button(window, "main").click()
    sent = journey.events[0]
    assert isinstance(sent, AccountSubmitted)
    assert sent.form.institution_code == "9919910019"


def test_a_letter_in_the_institution_code_is_told_as_that(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    fill(window, **{**GOOD, "institution_code": "99199A0019"})
    button(window, "main").click()
    assert journey.events == []
    assert "数字だけ" in visible_text(window)


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
    with qtbot.waitSignal(window.announcer.announced):
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


def paste(target: QLineEdit, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(target, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("field", GOOD)
def test_the_whole_sheet_pasted_into_any_field_fills_them_all(
    window: MainWindow, journey: Listener, field: str
) -> None:
    window.show_state(SCREENS["M-02"])
    commit(edit(window, "M-02.institution_code"), "12")
    paste(edit(window, f"M-02.{field}"), SHEET)
    assert {name: edit(window, f"M-02.{name}").text() for name in GOOD} == {**GOOD, "password": "Aa1!~"}
    assert "4つの項目に入れました。" in visible_text(window)
    button(window, "main").click()
    form = AccountForm("9919910019", "W7654321", Secret("Aa1!~"), Secret("123456789012"))
    assert journey.events == [AccountSubmitted(form)]


def test_the_sheet_is_taken_from_the_clipboard_with_one_press(window: MainWindow) -> None:
    window.show_state(SCREENS["M-02"])
    QGuiApplication.clipboard().setText("something else")
    button(window, "M-02.paste").click()
    assert "ユーザー設定情報が見つかりません。" in visible_text(window)
    QGuiApplication.clipboard().setText(SHEET)
    button(window, "M-02.paste").click()
    assert edit(window, "M-02.activation_code").text() == "123456789012"
    assert "Aa1!~" not in visible_text(window).replace(edit(window, "M-02.password").text(), "")


def test_an_administrators_institution_code_stands_there_at_first(open_window: OpenWindow, kit: Kit) -> None:
    window = open_window(replace(kit, options=replace(kit.options, institution_code="9919910019")))
    window.show_state(SCREENS["M-02"])
    field = edit(window, "M-02.institution_code")
    assert field.text() == "9919910019"
    assert QApplication.focusWidget() is edit(window, "M-02.user_id")
    field.setText("")
    window.show_state(State(AccountEntry(), DESK))  # readers came or went
    assert field.text() == ""


def test_a_form_that_is_left_alone_loses_password_and_code(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-02"])
    assert not window._forget.isActive()
    fill(window, **GOOD)
    assert window._forget.isActive()
    assert window._forget.interval() == 180_000
    window._forget.timeout.emit()
    assert journey.events == [SecretsForgotten()]
    assert edit(window, "M-02.user_id").text() == "W7654321"
    assert GOOD["password"] not in every_trace(window)
    assert GOOD["activation_code"] not in every_trace(window)
    assert "3分たったので" in visible_text(window)


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


def test_who_comes_back_to_a_refused_form_is_led_to_what_is_wrong(window: MainWindow) -> None:
    form = AccountForm("9919910019", "W0000001", activation_code=Secret("123456789012"))
    window.show_state(SCREENS["M-10"])
    window.show_state(State(AccountEntry(form, {"user_id": "pattern", "password": "password"}), FRESH))
    assert QApplication.focusWidget() is edit(window, "M-02.user_id"), "not the password, which is empty too"


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
