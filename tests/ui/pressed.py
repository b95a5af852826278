"""What stands on a screen only after somebody did something there, or with an option that is off at first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from myna_app.errors import Problem
from myna_app.export.profiles import PROFILES, DayForm, ProfileName, Separator, Width, own_profile
from myna_app.flow import State
from myna_app.flow.states import FaceCheck, Result, SettingsScreen
from myna_app.ui.menu import Menu
from myna_app.ui.pages.m12_reading import ReadingPage
from myna_app.ui.pages.m13_result import ResultPage
from myna_app.ui.ports import Options
from myna_app.ui.widgets.choice_list import ChoiceList
from myna_app.ui.widgets.lines import Lines
from myna_app.ui.window import MainWindow
from tests.ui.looking import button, edit, named
from tests.ui.rare_states import LONG_NAMES, RARE, SHEET
from tests.ui.side_states import PREFERENCES
from tests.ui.states import CARD_LEFT, DESK, EVERYTHING, PROBLEMS, RESULTS, SCREENS, answer, trouble

Act = Callable[[MainWindow], object]
PLAIN = Options(version="0.1.0")


@dataclass(frozen=True, slots=True)
class Pressed:
    """`act` is done to the window that shows `state`, made with other `options`, or with the badge of practice."""

    state: State
    act: Act = lambda _window: None
    options: Options = PLAIN
    practice: bool = False


def press(*identifiers: str) -> Act:
    """As by their access keys, which take the focus there."""

    def act(window: MainWindow) -> None:
        for identifier in identifiers:
            one = button(window, identifier)
            one.setFocus(Qt.FocusReason.ShortcutFocusReason)
            one.click()

    return act


def ask_for_help(window: MainWindow) -> None:
    button(window, "menu").click()
    menu = window.findChild(Menu)
    assert menu is not None
    menu.help_asked.emit()
    menu.close()


def write(identifier: str, text: str) -> Act:
    def act(window: MainWindow) -> None:
        edit(window, identifier).setFocus()
        QTest.keyClicks(edit(window, identifier), text)

    return act


def in_turn(*acts: Act) -> Act:
    def act(window: MainWindow) -> None:
        for one in acts:
            one(window)

    return act


def then(state: State) -> Act:
    """The journey goes on to this."""
    return lambda window: window.show_state(state)


def paste(text: str) -> Act:
    def act(window: MainWindow) -> None:
        QGuiApplication.clipboard().setText(text)
        press("M-02.paste")(window)
        QGuiApplication.clipboard().setText("")

    return act


def reveal(identifier: str) -> Act:
    def act(window: MainWindow) -> None:
        area = next(one for one in window.findChildren(QScrollArea) if one.isVisible())
        area.ensureWidgetVisible(named(window, identifier))

    return act


def choose(place: int) -> Act:
    def act(window: MainWindow) -> None:
        rows = named(window, "M-13.results")
        assert isinstance(rows, ChoiceList)
        rows.setCurrentRow(place)
        QTest.keyClick(rows, Qt.Key.Key_Space)

    return act


def read_licence(window: MainWindow) -> None:
    components = named(window, "M-23.components")
    assert isinstance(components, Lines)
    components.setFocus()
    components.setCurrentRow(0)


def three_times(window: MainWindow) -> None:
    for _ in range(2):
        then(trouble(Problem.CARD_REMOVED))(window)


def remind(window: MainWindow) -> None:
    page = window.findChild(ResultPage)
    assert page is not None
    page.remind()


def wait_longer(window: MainWindow) -> None:
    page = window.findChild(ReadingPage)
    assert page is not None
    page.tell_longer()


OWN = own_profile(
    "name_kana,birthdate,insurer_number,number,share", DayForm.ERA, Width.FULL, "insurer_number:8", Separator.TAB
)
OWN_PROFILES = {**PROFILES, ProfileName.OWN: OWN}
OWN_COPIES = State(
    SettingsScreen(
        FaceCheck(),
        tuple(
            replace(one, value="own", values=(*one.values, "own")) if one.name == "copy_profile" else one
            for one in PREFERENCES
        ),
    ),
    DESK,
)
VALID, MANY = RESULTS["valid"], RESULTS["multiple"]
PRESSED: Mapping[str, Pressed] = MappingProxyType(
    {
        "M-01_leaving": Pressed(SCREENS["M-01"], press("second")),
        "M-02_wrong": Pressed(SCREENS["M-02"], press("main")),
        "M-02_pasted": Pressed(SCREENS["M-02"], paste(SHEET)),
        "M-02_no_sheet": Pressed(SCREENS["M-02"], paste("something else")),
        "M-02_shown": Pressed(
            SCREENS["M-02"], in_turn(write("M-02.password", "Aa1!~Bb2"), press("M-02.password_show"))
        ),
        "M-02_sending": Pressed(SCREENS["M-02"], in_turn(paste(SHEET), then(SCREENS["M-02_sending"]))),
        "M-10_different": Pressed(SCREENS["M-10"], press("M-10.different")),
        "M-10_no_photo": Pressed(SCREENS["M-10"], press("M-10.no_photo")),
        "M-10_announcement": Pressed(SCREENS["M-10_update_by"], press("M-10.announcements")),
        "M-10_photograph": Pressed(SCREENS["M-10"], options=replace(PLAIN, allow_photograph=True)),
        "M-10_practice": Pressed(SCREENS["M-10"], practice=True),
        "M-12_longer": Pressed(SCREENS["M-12_eligibility"], wait_longer),
        "M-13_card_left": Pressed(State(VALID.screen, CARD_LEFT), remind),
        "M-13_copies": Pressed(VALID, press("M-13.copies")),
        "M-13_copies_many": Pressed(State(Result(answer(1, EVERYTHING)), DESK), press("M-13.copies")),
        "M-13_masked": Pressed(VALID, options=replace(PLAIN, mask_numbers=True)),
        "M-13_multiple_chosen": Pressed(MANY, choose(1)),
        "M-13_multiple_long_chosen": Pressed(RARE["M-13_multiple_long"], choose(0)),
        "M-13_no_copies": Pressed(VALID, options=replace(PLAIN, allow_copy=False)),
        "M-14_details": Pressed(PROBLEMS[f"M-14_{Problem.CARD_REMOVED}"], press("M-14.details")),
        "M-14_details_long": Pressed(
            State(PROBLEMS[f"M-14_{Problem.CERTIFICATE_EXPIRED}"].screen, LONG_NAMES), press("M-14.details")
        ),
        "M-14_repeated": Pressed(trouble(Problem.CARD_REMOVED), three_times),
        "M-15_understood": Pressed(SCREENS["M-15_not_known"], write("M-15.birth_date", "S60.4.12")),
        "M-15_wrong": Pressed(SCREENS["M-15_not_known"], press("main")),
        "M-17_different": Pressed(SCREENS["M-17"], press("M-17.different")),
        "M-20": Pressed(SCREENS["M-10"], press("menu")),
        "M-20_busy": Pressed(SCREENS["M-12_read"], press("menu")),
        "M-20_unregistered": Pressed(SCREENS["M-01"], press("menu")),
        "M-21_copied": Pressed(SCREENS["M-21"], press("M-21.copy")),
        "M-22_own_copies": Pressed(OWN_COPIES, reveal("M-22.visitor_word"), replace(PLAIN, copy_profiles=OWN_PROFILES)),
        "M-22_capture": Pressed(SCREENS["M-22"], press("M-22.block_capture.off")),
        "M-22_proxy": Pressed(SCREENS["M-22_proxy"], reveal("M-22.proxy_save")),
        "M-22_proxy_refused": Pressed(SCREENS["M-22_proxy"], then(RARE["M-22_proxy_refused"])),
        "M-22_unregistered": Pressed(SCREENS["M-22_unregistered"], reveal("M-22.managed")),
        "M-22_release": Pressed(SCREENS["M-22"], press("M-22.release")),
        "M-23_licence": Pressed(SCREENS["M-23"], read_licence),
        "M-24_saved": Pressed(SCREENS["M-24"], then(RARE["M-24_saved"])),
        "M-29": Pressed(SCREENS["M-10"], ask_for_help),
        "M-29_result": Pressed(VALID, ask_for_help),
    }
)
