"""The pages beside the reception, once more: licences, update, a reader's test, proxy, form of copies, passcode."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow.beside import ProxyForm, ReaderTest, SidePage, UpdateStage
from myna_app.flow.events import Back
from myna_app.flow.side_events import PageAsked, PasscodeChangeAsked, ProxyTyped, ReaderTestAsked, UpdateWanted
from myna_app.flow.states import FaceCheck, SettingsScreen
from myna_app.formats.secret import Secret
from myna_app.resources import resources_folder
from myna_app.ui.pages.m25_update import UpdatePage
from myna_app.ui.texts import Language, Texts
from myna_app.ui.window import MainWindow
from tests.ui.gallery import Listener
from tests.ui.looking import button, commit, edit, every_trace, named, settle, visible_text
from tests.ui.side_states import PREFERENCES
from tests.ui.states import DESK, LOCKED, SCREENS, trouble

JAPANESE = Texts.load(Language.JAPANESE, resources_folder() / "text")
NO_PROXY_YET = tuple(replace(one, managed=False) for one in PREFERENCES)


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.focusWidget() or window, key)


def test_an_update_is_brought_only_at_a_press(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-25_offered"])
    settle()
    assert "新しい版 9.0.0 があります" in visible_text(window)
    assert "・読み取りが速くなりました。" in visible_text(window)
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_Return)
    assert journey.events == [Back(), UpdateWanted()]


def test_the_part_that_was_received_is_told_to_a_screen_reader_too(window: MainWindow) -> None:
    window.show_state(SCREENS["M-25_bringing"])
    bar = named(window, "M-25.progress")
    assert isinstance(bar, QProgressBar)
    assert (bar.value(), bar.accessibleName()) == (40, "受け取った割合")
    press(window, Qt.Key.Key_Return)
    assert isinstance(window._page, UpdatePage)


@pytest.mark.parametrize("stage", UpdateStage)
def test_each_stage_of_an_update_is_said_once_and_has_a_way_on(
    qtbot: QtBot, window: MainWindow, journey: Listener, stage: UpdateStage
) -> None:
    window.show_state(SCREENS["M-25_looking"])
    if stage is not UpdateStage.LOOKING:
        with qtbot.waitSignal(window.announcer.announced):
            pass
        with qtbot.waitSignal(window.announcer.announced) as spoken:
            window.show_state(SCREENS[f"M-25_{stage}"])
        assert spoken.args[0].startswith(JAPANESE(f"M-25.{stage}_title", version="9.0.0"))
    press(window, Qt.Key.Key_Escape)
    assert journey.events == [Back()]


def test_the_desk_tells_of_an_update_in_one_line_that_leads_there(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-10"])
    assert "新しい版があります" not in visible_text(window)
    window.show_state(SCREENS["M-10_update"])
    settle()
    assert "新しい版があります。受付が終わったら更新してください。" in visible_text(window)
    button(window, "M-10.update").click()
    assert journey.events == [PageAsked(SidePage.UPDATE)]


def test_the_operators_notices_unfold_and_the_last_day_of_a_version_is_told(window: MainWindow) -> None:
    window.show_state(SCREENS["M-10_update_by"])
    settle()
    assert "この版は、2026年12月1日から使えなくなります。" in visible_text(window)
    assert "点検" in visible_text(window)
    assert "夜に止まります。" not in visible_text(window)
    button(window, "M-10.announcements").click()
    settle()
    assert "夜に止まります。" in visible_text(window)
    window.show_state(SCREENS["M-10"])
    settle()
    assert not button(window, "M-10.announcements").isVisible()


def test_a_reader_is_tested_by_a_press_and_its_answer_said_in_words(
    qtbot: QtBot, window: MainWindow, journey: Listener
) -> None:
    window.show_state(SCREENS["M-11"])
    button(window, "M-11.test").click()
    assert journey.events == [ReaderTestAsked()]
    with qtbot.waitSignal(window.announcer.announced):
        pass
    for test, words in (
        (ReaderTest.PLACE, "カードを、置くか差し込んでください。"),
        (ReaderTest.EXTENDED, "カードを読めました。"),
        (ReaderTest.OTHER_CARD, "カードリーダーは動いています。"),
    ):
        with qtbot.waitSignal(window.announcer.announced) as spoken:
            window.show_state(SCREENS[f"M-11_{test}"])
        assert spoken.args[0].startswith(words)
        assert words in visible_text(window)
    window.show_state(SCREENS["M-11_empty"])
    settle()
    assert not button(window, "M-11.test").isVisible()


def test_a_proxy_of_ones_own_is_typed_and_its_password_leaves_the_screen(window: MainWindow, journey: Listener) -> None:
    window.show_state(State(SettingsScreen(FaceCheck(), NO_PROXY_YET), DESK))
    button(window, "M-22.proxy_mode.manual").click()
    settle()
    button(window, "M-22.proxy_save").click()
    assert journey.events == []
    assert "＊プロキシの場所を入力してください。" in visible_text(window)
    commit(edit(window, "M-22.proxy"), "ｐｒｏｘｙ.example:8080")
    commit(edit(window, "M-22.proxy_user"), "desk")
    commit(edit(window, "M-22.proxy_password"), "marked secret")
    button(window, "M-22.proxy_save").click()
    assert journey.events == [ProxyTyped(ProxyForm("proxy.example:8080", "desk", Secret("marked secret")))]
    assert "marked secret" not in every_trace(window)
    window.show_state(State(SettingsScreen(FaceCheck(), NO_PROXY_YET, errors={"proxy": "address"}), DESK))
    assert "＊プロキシの場所を、もう一度確認してください。" in visible_text(window)


def test_a_proxy_that_was_kept_is_shown_without_its_password(window: MainWindow) -> None:
    window.show_state(SCREENS["M-22_proxy"])
    assert edit(window, "M-22.proxy").text() == "http://proxy.example:8080"
    assert edit(window, "M-22.proxy_user").text() == "desk"
    assert edit(window, "M-22.proxy_password").text() == ""


def test_each_form_of_copies_shows_how_it_writes(window: MainWindow) -> None:
    for profile, line in (("as_received", "生年月日：19850412"), ("claims", "生年月日：3600412")):
        kept = tuple(replace(one, value=profile) if one.name == "copy_profile" else one for one in PREFERENCES)
        window.show_state(State(SettingsScreen(FaceCheck(), kept), DESK))
        settle()
        assert line in visible_text(window)


def test_another_passcode_is_asked_for_from_the_settings(window: MainWindow, journey: Listener) -> None:
    window.show_state(SCREENS["M-22"])
    button(window, "M-22.passcode").click()
    window.show_state(SCREENS["M-06_change"])
    assert "いまのパスコードを入力してください。" in visible_text(window)
    press(window, Qt.Key.Key_Escape)
    window.show_state(SCREENS["M-04_change"])
    assert "新しい数字4桁を決めてください。" in visible_text(window)
    press(window, Qt.Key.Key_Escape)
    assert journey.events == [PasscodeChangeAsked(), Back(), Back()]


def test_before_a_registration_the_settings_speak_of_none(window: MainWindow) -> None:
    window.show_state(SCREENS["M-22_unregistered"])
    settle()
    assert not button(window, "M-22.release").isVisible()
    assert not button(window, "M-22.passcode").isVisible()


# --- the way from a problem ---


@pytest.mark.parametrize(
    ("problem", "identifier", "page"),
    [
        (Problem.PROXY_AUTHENTICATION, "main", SidePage.SETTINGS),
        (Problem.UPDATE_REQUIRED, "main", SidePage.UPDATE),
        (Problem.VERDICT_UNKNOWN, "second", SidePage.UPDATE),
    ],
)
def test_a_problem_leads_to_the_page_that_helps(
    window: MainWindow, journey: Listener, problem: Problem, identifier: str, page: SidePage
) -> None:
    window.show_state(trouble(problem))
    button(window, identifier).click()
    assert journey.events == [PageAsked(page)]


def test_a_locked_desk_is_not_sent_to_settings_that_stay_closed(window: MainWindow, journey: Listener) -> None:
    window.show_state(trouble(Problem.PROXY_AUTHENTICATION, desk=LOCKED))
    button(window, "second").click()
    assert journey.events == [Back()]
