"""The pages beside the reception, and what M-13 does for the receipt computer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QRadioButton
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow.beside import HandOver, SidePage
from myna_app.flow.events import Cleared, Retried
from myna_app.flow.side_events import PageAsked, PreferenceChosen, PreferencesReset, ReleaseAsked, SaveAsked
from myna_app.flow.states import BundleScreen, Desk, FaceCheck, Reader, RecordScreen, Result, SettingsScreen
from myna_app.ui.pages.m13_result import LIFTED_MS
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.lines import Lines
from myna_app.ui.window import MainWindow
from tests.ui.conftest import Clock
from tests.ui.gallery import Listener
from tests.ui.looking import button, every_trace, named, settle, visible_text
from tests.ui.side_states import PREFERENCES, RECORD
from tests.ui.states import DESK, QUALIFICATION, READER, RESULTS, SCREENS, answer, trouble

OpenWindow = Callable[[Kit], MainWindow]


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


# --- masking ---------------------------------------------------------------------------------------------------------


def test_numbers_are_hidden_until_the_button_is_held(open_window: OpenWindow, kit: Kit) -> None:
    window = open_window(replace(kit, options=replace(kit.options, mask_numbers=True)))
    window.show_state(RESULTS["valid"])
    settle()
    assert "06990014" not in every_trace(window)
    hold = button(window, "M-13.hold")
    QTest.keyPress(hold, Qt.Key.Key_Space)
    settle()
    assert "06990014" in visible_text(window)
    QTest.keyRelease(hold, Qt.Key.Key_Space)
    settle()
    assert "06990014" not in every_trace(window)
    assert "架空　一郎" in visible_text(window)


# --- the card and the file -------------------------------------------------------------------------------------------


def with_card(present: bool) -> Desk:
    return replace(DESK, readers=(Reader(READER.name, card_present=present),))


@pytest.mark.parametrize("wanted", [True, False])
def test_a_result_goes_with_its_card_where_that_is_wanted(
    qtbot: QtBot, open_window: OpenWindow, kit: Kit, journey: Listener, wanted: bool
) -> None:
    window = open_window(replace(kit, options=replace(kit.options, clear_on_lift=wanted)))
    result = Result(answer(1, QUALIFICATION))
    window.show_state(State(result, with_card(True)))
    window.show_state(State(result, with_card(False)))
    if wanted:
        qtbot.waitUntil(lambda: journey.events == [Cleared()], timeout=5 * LIFTED_MS)
    else:
        assert not window._page._lifted.isActive()  # type: ignore[union-attr] # the page of a result


def test_a_card_that_was_lifted_before_the_verdict_clears_nothing(open_window: OpenWindow, kit: Kit) -> None:
    window = open_window(replace(kit, options=replace(kit.options, clear_on_lift=True)))
    window.show_state(State(Result(answer(1, QUALIFICATION)), with_card(False)))
    assert not window._page._lifted.isActive()  # type: ignore[union-attr] # the page of a result


@pytest.mark.parametrize(
    "handed_over, told",
    [
        (HandOver.WRITTEN, "書き出しました"),
        (HandOver.MARKED, "「●」になっています"),
        (HandOver.FAILED, "書き出せませんでした"),
        (None, None),
    ],
)
def test_whether_the_file_was_written_is_told(
    window: MainWindow, handed_over: HandOver | None, told: str | None
) -> None:
    window.show_state(State(Result(answer(1, QUALIFICATION), handed_over), DESK))
    settle()
    seen = visible_text(window)
    assert (told in seen) if told else ("書き出" not in seen)
    if handed_over in (HandOver.MARKED, HandOver.FAILED):
        assert seen.index(told or "") < seen.index("架空　一郎"), "what is to be done stands before the values"
        assert (told or "") in (window._page.spoken() if window._page else "")


# --- M-22 ------------------------------------------------------------------------------------------------------------


def test_a_choice_is_sent_at_once_and_told_when_kept(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-22"])
    button(window, "M-22.theme.dark").click()
    assert journey.events == [PreferenceChosen("theme", "dark")]
    said: list[str] = []
    window._page.said.connect(lambda text, _urgent: said.append(text))  # type: ignore[union-attr] # a page is shown
    kept = tuple(replace(one, value="dark") if one.name == "theme" else one for one in PREFERENCES)
    window.show_state(State(SettingsScreen(FaceCheck(), kept), DESK))
    assert said == ["配色を「暗い」にしました。"]


def test_what_an_administrator_decided_is_read_only(window: MainWindow) -> None:
    window.show_state(SCREENS["M-22"])
    settle()
    assert "Windowsの設定を使う（管理者が決めています）" in visible_text(window)
    assert not any(one.objectName().startswith("M-22.proxy_mode") for one in window.findChildren(QRadioButton))


def test_another_language_keeps_the_place(window: MainWindow, kit: Kit) -> None:
    window.show_state(SCREENS["M-22"])
    button(window, "M-22.language.en").setFocus()
    window.renew(kit)
    settle()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "M-22.language.en"


def test_releasing_is_asked_twice_and_keeping_is_the_default(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-22"])
    button(window, "M-22.release").click()
    settle()
    press(window, Qt.Key.Key_Return)
    assert journey.events == []
    button(window, "M-22.release").click()
    button(window, "M-22.release_sure").click()
    assert journey.events == [ReleaseAsked()]


def test_first_settings_come_back_after_a_question_alone(window: MainWindow, journey: Listener) -> None:
    """The button stands beside OK, and a proxy that is gone cuts the desk off."""
    window.show_state(SCREENS["M-22"])
    button(window, "second").click()
    assert journey.events == []
    button(window, "M-22.reset_not").click()
    button(window, "second").click()
    button(window, "M-22.reset_sure").click()
    assert journey.events == [PreferencesReset()]


# --- M-24, M-26, M-27, M-28 ------------------------------------------------------------------------------------------


def test_f12_opens_the_diagnosis_from_everywhere(window: MainWindow, journey: Listener) -> None:
    for state in (SCREENS["M-10"], SCREENS["M-06"], trouble(Problem.CARD_MISSING)):
        window.show_state(state)
        press(window, Qt.Key.Key_F12)
    assert journey.events == [PageAsked(SidePage.DIAGNOSIS)] * 3


def test_the_doctor_says_what_is_wrong_and_what_to_do(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-24"])
    settle()
    assert "12項目のうち、わからないもの 4、問題 2" in visible_text(window)
    assert "カードリーダー　カードリーダーが見つかりません（E-R01）" in visible_text(window)
    lines = named(window, "M-24.checks")
    assert isinstance(lines, Lines)
    assert lines.currentItem().text().startswith("カードリーダー"), "what staff came for is in sight"
    press(window, Qt.Key.Key_F5)
    assert isinstance(journey.events[-1], Retried)


def test_a_look_at_the_diagnosis_does_not_make_a_problem_happen_again(open_window: OpenWindow, kit: Kit) -> None:
    """Support is told when it happened, and how often."""
    minutes = count(23)
    window = open_window(replace(kit, now=lambda: datetime(2026, 11, 20, 10, next(minutes), tzinfo=UTC)))
    problem = trouble(Problem.BACKEND_UNREACHABLE)
    window.show_state(problem)
    for _ in range(3):
        window.show_state(SCREENS["M-24"])
        window.show_state(problem)
    assert "2026-11-20 10:23:00" in visible_text(window)
    assert "この1時間に" not in visible_text(window)


def test_the_report_begins_with_what_the_help_desk_asks_for(window: MainWindow) -> None:
    window.show_state(SCREENS["M-24"])
    button(window, "M-24.copy").click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.partition("：")[0] for line in lines[:6]] == [
        "事業所名",
        "事業所番号",
        "発生している不具合",
        "不具合の発生日時",
        "画面番号",
        "表示されているエラーメッセージ",
    ]
    assert "7K3D" not in "\n".join(lines)


def test_a_problem_that_keeps_coming_points_to_the_diagnosis(window: MainWindow, clock: Clock) -> None:
    for _ in range(2):
        window.show_state(trouble(Problem.CARD_REMOVED))
        window.show_state(SCREENS["M-10"])
    clock.seconds += 601
    for times in range(1, 4):
        window.show_state(trouble(Problem.CARD_REMOVED))
        settle()
        assert ("くり返し起きています" in visible_text(window)) is (times == 3)
        window.show_state(SCREENS["M-10"])


def test_the_record_is_told_in_words_too(window: MainWindow) -> None:
    window.show_state(SCREENS["M-26"])
    settle()
    assert "2026年11月20日：確認 90件、エラー 0件、平均 2.4秒" in visible_text(window)
    assert "いちばん多い時間は" in every_trace(window)
    assert "有効　900件" in visible_text(window)
    assert "E-C02　カードが途中で離れました　12件" in visible_text(window)


def test_whom_staff_turned_down_stands_apart_in_the_record(window: MainWindow) -> None:
    window.show_state(State(RecordScreen(FaceCheck(), replace(RECORD, days=(RECORD.days[1], *RECORD.days[1:]))), DESK))
    settle()
    seen = visible_text(window)
    assert "確認 89件、エラー 1件、別の方 1件" in seen
    assert "別の方だったため、結果を出さなかった　15件" in seen


def save_as(window: MainWindow, identifier: str, file: Path) -> None:
    button(window, identifier).click()
    dialog = window.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(file))
    dialog.close()


def test_a_text_is_saved_where_staff_say(window: MainWindow, journey: Listener, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    for shape, identifier, begins in (
        ("M-24", "M-24.save", "事業所名："),
        ("M-26", "M-26.csv", "\ufeff日付,"),
        ("M-28", "main", "# support bundle"),
    ):
        window.show_state(SCREENS[shape])
        save_as(window, identifier, file)
        saved = journey.events[-1]
        assert isinstance(saved, SaveAsked)
        assert saved.file == file
        assert saved.text.startswith(begins)


def test_the_support_file_is_shown_whole_before_it_is_saved(window: MainWindow) -> None:
    window.show_state(State(BundleScreen(FaceCheck(), "line one\nline two\n"), DESK))
    assert "line one\nline two" in visible_text(window)
    window.show_state(State(BundleScreen(FaceCheck(), "line one\nline two\n", saved=False), DESK))
    settle()
    assert "保存できませんでした。別の場所を選んでください。" in visible_text(window)


def test_a_support_file_that_is_not_made_yet_cannot_be_saved(window: MainWindow) -> None:
    window.show_state(State(BundleScreen(FaceCheck()), DESK))
    button(window, "main").click()
    assert not window.findChildren(QFileDialog)


def test_values_of_a_policy_that_count_for_nothing_are_told(window: MainWindow) -> None:
    window.show_state(SCREENS["M-27"])
    settle()
    assert "操作がないとき画面を閉じるまで（分）：値が範囲の外です。" in visible_text(window)
