"""M-13 where several 資格 were found: none is taken unseen, and what is chosen is shown."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from myna_app.flow.events import Cleared
from myna_app.ui.pages.m13_result import ResultPage
from myna_app.ui.ports import Kit
from myna_app.ui.window import MainWindow
from tests.ui.gallery import Listener
from tests.ui.looking import button, every_trace, settle, visible_text
from tests.ui.states import RESULTS


def page_of(window: MainWindow) -> ResultPage:
    page = window._page
    assert isinstance(page, ResultPage)
    return page


def test_of_several_none_is_chosen_beforehand(window: MainWindow) -> None:
    window.show_state(RESULTS["multiple"])
    settle()
    assert "生年月日" not in visible_text(window)
    page_of(window)._list.picked.emit("1")
    settle()
    assert "フタゴ アオイ" in visible_text(window)
    assert "カクウ イチロウ" not in visible_text(window)


def test_a_row_of_several_is_chosen_with_space(window: MainWindow) -> None:
    window.show_state(RESULTS["multiple"])
    results = page_of(window)._list
    results.setFocus()
    results.setCurrentRow(1)
    QTest.keyClick(results, Qt.Key.Key_Space)
    settle()
    assert "フタゴ アオイ" in visible_text(window)


def test_a_habitual_enter_does_not_pass_over_the_choice_among_several(window: MainWindow, journey: Listener) -> None:
    window.show_state(RESULTS["multiple"])
    settle()
    results = page_of(window)._list
    assert results.hasFocus()
    QTest.keyClick(results, Qt.Key.Key_Return)
    settle()
    assert "一覧から、今日使う資格を選んでください。" in visible_text(window)
    assert journey.events == []
    QTest.keyClick(results, Qt.Key.Key_Down)
    QTest.keyClick(results, Qt.Key.Key_Return)
    settle()
    assert "カクウ イチロウ" in visible_text(window), "the first row is the first that is reached"
    main = button(window, "main")
    assert main.hasFocus(), "the choice is made, and Enter is for the next visitor again"
    QTest.keyClick(main, Qt.Key.Key_Return)
    assert journey.events == [Cleared()]


def test_hidden_numbers_are_hidden_in_the_list_of_several_too(
    open_window: Callable[[Kit], MainWindow], kit: Kit
) -> None:
    window = open_window(replace(kit, options=replace(kit.options, mask_numbers=True)))
    window.show_state(RESULTS["multiple"])
    traces = every_trace(window)
    assert "見本県架空市" in traces
    assert "０００４５６" not in traces


def test_what_was_to_be_asked_goes_when_one_of_several_is_chosen(window: MainWindow) -> None:
    window.show_state(RESULTS["multiple"])
    settle()
    assert "どちらでしょうか" in visible_text(window)
    assert "氏名に●があっても" not in visible_text(window), "a name that is not shown yet needs no explanation"
    page_of(window)._list.picked.emit("1")
    settle()
    assert "どちらでしょうか" not in visible_text(window)
    assert "氏名に●があっても" in visible_text(window)
    assert not page_of(window)._values.visibleRegion().isEmpty()
