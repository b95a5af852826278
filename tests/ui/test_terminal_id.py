"""M-21: the terminal id on the screen, in the clipboard and on paper, and for how long."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from myna_app.app import make_kit
from myna_app.flow.events import Confirmed
from myna_app.flow.states import Desk
from myna_app.formats.terminal_id import ALPHABET
from myna_app.resources import resources_folder
from myna_app.settings.table import Settings
from myna_app.ui.pages import m21_terminal_id
from myna_app.ui.pages.m21_terminal_id import TerminalIdPage
from myna_app.ui.ports import Kit
from myna_app.ui.printing import paint_sheet
from myna_app.ui.terminal_id_words import sheet
from myna_app.ui.texts import Language, Texts
from myna_app.ui.window import MainWindow
from tests.ui.gallery import Listener
from tests.ui.looking import button, every_trace, visible_text
from tests.ui.states import SCREENS


def test_the_terminal_id_is_grouped_spelled_and_gone_afterwards(window: MainWindow) -> None:
    window.show_state(SCREENS["M-21"])
    assert "7K3D-9QXM-2H4T-VB83" in visible_text(window)
    assert "端末固有ID 7 K 3 D - 9 Q X M - 2 H 4 T - V B 8 3" in every_trace(window)
    window.show_state(SCREENS["M-10"])
    assert "7K3D" not in every_trace(window)
    assert "7 K 3 D" not in every_trace(window)


def test_the_terminal_id_is_not_read_aloud_by_itself(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        window.show_state(SCREENS["M-21"])
    assert "7K3D" not in spoken.args[0].replace(" ", "")


def test_the_terminal_id_is_copied_as_shown(window: MainWindow) -> None:
    window.show_state(SCREENS["M-21"])
    button(window, "M-21.copy").click()
    assert QGuiApplication.clipboard().text() == "7K3D-9QXM-2H4T-VB83"
    assert "コピーしました。60秒後に消えます。" in visible_text(window)


def test_the_terminal_id_closes_by_itself_after_the_time_that_the_policy_gives(
    qtbot: QtBot, open_window: Callable[[Kit], MainWindow], kit: Kit, journey: Listener
) -> None:
    settings = Settings(terminal_id_seconds=90, clipboard_seconds=30)
    window = open_window(replace(kit, options=make_kit(settings).options))
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        window.show_state(SCREENS["M-21"])
    assert "90秒たつと" in spoken.args[0]
    button(window, "M-21.copy").click()
    assert "コピーしました。30秒後に消えます。" in visible_text(window)
    page = window._page
    assert isinstance(page, TerminalIdPage)
    hide = page._hide
    assert hide.interval() == 90_000
    hide.start(0)
    qtbot.waitUntil(lambda: journey.events == [Confirmed()])


def test_the_terminal_id_is_spelled_for_the_telephone_and_that_is_gone_too(window: MainWindow) -> None:
    window.show_state(SCREENS["M-21"])
    assert "9QXM\nキュウ・クイーンのQ・エックス線のX・メキシコのM" in visible_text(window)
    window.show_state(SCREENS["M-10"])
    assert "クイーン" not in every_trace(window)


@pytest.mark.parametrize("language", Language)
def test_every_character_of_a_terminal_id_sounds_like_no_other(language: Language) -> None:
    texts = Texts.load(language, resources_folder() / "text")
    assert len({texts(f"spelling.{one}") for one in ALPHABET}) == len(ALPHABET) == 32


REGISTERED = replace(SCREENS["M-21_care"].desk, user_id="W0000001", institution_code="8888888888")
LONG_NAME = "DESKTOP-RECEPTION-1" * 3 + "<&>"


def printed(desk: Desk, texts: Texts) -> str:
    """What stands on the paper, a line a cell."""
    document = QTextDocument()
    document.setHtml(sheet(texts, desk, "7K3D9QXM2H4TVB83", LONG_NAME, date(2026, 11, 20)))
    return document.toPlainText()


def test_the_printed_sheet_has_the_rows_of_the_form_in_its_order(kit: Kit) -> None:
    lines = [line for line in printed(REGISTERED, kit.texts).splitlines() if line]
    assert lines[:17] == [
        "マイナ資格確認アプリ情報登録（記入用）",
        *("事業所名", "見本居宅介護支援事業所"),
        *("機関コード", "8888888888"),
        *("パソコンの名前", LONG_NAME),
        *("印刷した日", "2026年11月20日"),
        "登録する情報",
        *("オンライン資格確認ユーザID", "W0000001"),
        *("パスワード", "（紙には書かないでください）"),
        *("端末固有ID（アクセスコード）", "7K3D-9QXM-2H4T-VB83"),
        "電話で伝えるとき",
    ]
    assert "登録結果が「成功」になったことを確認してください。" in lines


def test_an_office_without_that_form_gets_a_sheet_without_it(kit: Kit) -> None:
    told = printed(SCREENS["M-21"].desk, kit.texts)
    assert told.startswith("端末固有ID（アクセスコード）\n")
    assert "パスワード" not in told
    assert "情報登録" not in told


def test_the_sheet_is_one_page_however_long_the_name_of_the_pc(tmp_path: Path, qapp: QApplication, kit: Kit) -> None:
    file = tmp_path / "id.pdf"
    html = sheet(kit.texts, REGISTERED, "7K3D9QXM2H4TVB83", LONG_NAME, date(2026, 11, 20))
    assert paint_sheet(QPdfWriter(str(file)), html)
    assert file.read_bytes().count(b"/Type /Page\n") == 1


def test_care_offices_are_told_where_the_id_belongs(window: MainWindow) -> None:
    window.show_state(SCREENS["M-21_care"])
    assert "介護保険資格確認等WEBサービス" in visible_text(window)
    window.show_state(SCREENS["M-21"])
    assert "介護保険資格確認等WEBサービス" not in visible_text(window)


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_refuses_is_told_and_not_passed_over(tmp_path: Path, qapp: QApplication) -> None:
    assert not paint_sheet(QPdfWriter(str(tmp_path / "no such folder" / "id.pdf")), "<p>7K3D</p>")


@pytest.mark.parametrize("taken, words", [(True, "印刷しました。"), (False, "印刷できませんでした。")])
def test_what_became_of_the_printing_is_said(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, taken: bool, words: str
) -> None:
    window.show_state(SCREENS["M-21"])
    monkeypatch.setattr(m21_terminal_id, "print_sheet", lambda _page, _html, done: done(taken))
    button(window, "M-21.print").click()
    assert words in visible_text(window)
    window.show_state(SCREENS["M-10"])
    assert words not in visible_text(window)
