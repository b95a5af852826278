"""Nothing of a visitor is left on the screen, in any widget, title, undo history or the clipboard, however it goes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

import jaconv
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListWidget

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow import states as st
from myna_app.flow.states import FaceCheck
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.era import show_in_era
from myna_app.ui import native
from myna_app.ui.presentation import day_of
from myna_app.ui.texts import Language
from myna_app.ui.window import MainWindow
from tests.ui.gallery import make_kit
from tests.ui.looking import every_trace, settle
from tests.ui.states import DESK, LOCKED, RESULTS, SCREENS, trouble


def with_days_of_nobody(state: State) -> State:
    """The days of the invented persons stand on pages as examples, too."""
    screen = state.screen
    if not isinstance(screen, st.Result | st.SecurityCodeEntry | st.PhotographCheck):
        return state
    one = screen.eligibility
    results = tuple(replace(each, birthdate="19771123", qualification_date="20171105") for each in one.results)
    return replace(state, screen=replace(screen, eligibility=replace(one, results=results)))


SENSITIVE = {
    name: with_days_of_nobody(state)
    for name, state in {**SCREENS, **{f"M-13_{name}": one for name, one in RESULTS.items()}}.items()
    if isinstance(state.screen, st.VISITING | st.Result)
}
TYPED = "7391"
"""Goes into every field: a security code, or the beginning of a date."""
AWAY: Mapping[str, Callable[[MainWindow], object]] = {
    "the next visitor": lambda window: window.show_state(State(FaceCheck(), DESK)),
    "the lock": lambda window: window.show_state(State(st.Locked(), LOCKED)),
    "a problem": lambda window: window.show_state(trouble(Problem.CARD_REMOVED)),
    "the settings": lambda window: window.show_state(SCREENS["M-22"]),
    "the diagnosis": lambda window: window.show_state(SCREENS["M-24"]),
    "the version": lambda window: window.show_state(SCREENS["M-23"]),
    "the next reading": lambda window: window.show_state(State(st.Reading(), DESK)),
    "the end": lambda window: window.close(),
}
"""In this order, in one window."""


def words(value: object) -> Iterator[str]:
    """Every text an answer holds, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from words(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from words(getattr(value, one.name))


def personal(state: State) -> set[str]:
    """What is the visitor's in a state, as it is received and as it is shown."""
    eligibility = getattr(state.screen, "eligibility", None)
    if not isinstance(eligibility, Eligibility):
        return set()
    told = {text for text in words(eligibility.results) if len(text) > 3}
    days = {show_in_era(day) for day in map(day_of, told) if day is not None and day.year < 2020}
    return told | {jaconv.h2z(text) for text in told} | days


def use(window: MainWindow) -> None:
    """Press, open, type and choose whatever there is; nothing of it goes anywhere, for the journey only listens."""
    for listed in window.findChildren(QListWidget):
        if listed.isVisible():
            listed.setFocus()
            QTest.keyClick(listed, Qt.Key.Key_Space)
    for pressed in window.findChildren(QAbstractButton):
        if pressed.isVisible() and pressed.objectName() not in ("menu", "back", "main", "second"):
            pressed.click()
            settle()
    for edit in window.findChildren(QLineEdit):
        if edit.isVisible():
            edit.setFocus()
            QTest.keyClicks(edit, TYPED)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F1)
    settle()


@pytest.mark.parametrize("name", SENSITIVE)
def test_whatever_was_done_with_a_visitors_screen_nothing_of_it_stays(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(native.QDesktopServices, "openUrl", lambda _url: True)
    state = SENSITIVE[name]
    for away, go in AWAY.items():
        window.show_state(state)
        use(window)
        go(window)
        settle()
        traces = every_trace(window)
        assert {part for part in personal(state) | {TYPED} if part in traces} == set(), away


@pytest.mark.parametrize("name", SENSITIVE)
def test_titles_never_hold_anything_of_a_visitor(window: MainWindow, name: str) -> None:
    window.show_state(SENSITIVE[name])
    use(window)
    titles = " ".join(widget.windowTitle() for widget in QApplication.topLevelWidgets())
    assert {part for part in personal(SENSITIVE[name]) if part in titles} == set()


def test_another_language_while_a_result_is_shown_leaves_one_result_alone(window: MainWindow) -> None:
    state = RESULTS["valid_long"]
    window.show_state(state)
    use(window)
    window.renew(make_kit(Language.ENGLISH))
    settle()
    window.show_state(State(FaceCheck(), DESK))
    traces = every_trace(window)
    assert {part for part in personal(state) if part in traces} == set()


def test_what_was_copied_leaves_the_clipboard_with_the_program(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "06990014"
    window.close()
    assert clipboard.text() == ""


def test_what_somebody_else_copied_since_stays_when_the_program_ends(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().setText("somebody else's")
    window.close()
    assert QGuiApplication.clipboard().text() == "somebody else's"
