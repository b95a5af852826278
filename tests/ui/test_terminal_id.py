"""M-21: the terminal id on the screen, in the clipboard and on paper, and for how long."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QPdfWriter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from myna_app.app import make_kit
from myna_app.flow.events import Confirmed
from myna_app.settings.table import Settings
from myna_app.ui.pages.m21_terminal_id import TerminalIdPage
from myna_app.ui.ports import Kit
from myna_app.ui.printing import paint_lines
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


def test_a_sheet_for_the_terminal_id_can_be_printed(tmp_path: Path, qapp: QApplication) -> None:
    file = tmp_path / "id.pdf"
    paint_lines(QPdfWriter(str(file)), "端末固有ID", "7K3D-9QXM-2H4T-VB83", "パソコン：DESK-1")
    assert file.read_bytes().startswith(b"%PDF-")


def test_care_offices_are_told_where_the_id_belongs(window: MainWindow) -> None:
    window.show_state(SCREENS["M-21_care"])
    assert "介護保険資格確認等WEBサービス" in visible_text(window)
    window.show_state(SCREENS["M-21"])
    assert "介護保険資格確認等WEBサービス" not in visible_text(window)
