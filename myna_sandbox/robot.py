"""Plays a receptionist: drives the real windows by key presses alone, and photographs every screen it comes to."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from myna_app.app import Desk
from myna_app.flow import photograph as ph
from myna_app.flow import states as st
from myna_app.flow.beside import UpdateStage
from myna_app.ledger import Ledger, VisitRow
from myna_sandbox.world import DemoAccount, World

_PATIENCE = 60.0
_GUARD_SECONDS = 0.9
"""「次へ」 on the face check ignores Enter for 800 ms after the page has appeared."""
_PASSCODE = "4826"
_VERDICTS = {"p01": 1, "p07": 2, "p08": 3, "x2": 4, "p09multi": 5}


S = TypeVar("S", bound=st.Screen)


class RobotError(Exception):
    """The windows did not do what they should."""


class Robot:
    """One shift at the desk, from the first start to the stopped account."""

    def __init__(self, world: World, desk: Desk, pictures: Path | None) -> None:
        self._world = world
        self._desk = desk
        self._pictures = pictures
        self._taken = 0
        self._ledger = Ledger(world.settings.folders.ledger_file)

    def work(self) -> None:
        """Raises `RobotError` when a screen does not come within a minute, or a verdict is another than it should."""
        account = self._world.accounts[0]
        self._set_up(account)
        self._look_around()
        for number in ("first", "second"):
            for person, verdict in _VERDICTS.items():
                self._visit(person, verdict, picture=number == "first")
        self._see_photograph("p01")
        self._meet_trouble()
        self._stop_account(account)

    def _set_up(self, account: DemoAccount) -> None:
        self._until(st.TermsScreen, lambda screen: screen.terms is not None, picture="M-01")
        self._press(Qt.Key.Key_A, alt=True)
        self._until(st.AccountEntry)
        for key, text in (
            (Qt.Key.Key_K, account.institution_code),
            (Qt.Key.Key_U, account.user_id),
            (Qt.Key.Key_P, account.password),
            (Qt.Key.Key_A, account.activation_code),
        ):
            self._press(key, alt=True)
            QTest.keyClicks(self._focused(), text)
        self._photograph("M-02")
        self._press(Qt.Key.Key_Return)
        self._until(st.Registered, picture="M-03")
        self._press(Qt.Key.Key_Return)
        self._until(st.PasscodeChoice)
        self._type_passcode("M-04")
        self._until(st.PasscodeRepeat)
        self._type_passcode("M-05")
        self._until(st.PasscodeKept, picture="M-07")
        self._press(Qt.Key.Key_Return)
        self._until(st.ReaderChoice)
        self._wait(lambda: bool(self._state.desk.readers), "a reader is listed")
        self._press(Qt.Key.Key_Space)
        self._wait(lambda: self._state.desk.chosen_reader is not None, "the reader is chosen")
        self._photograph("M-11")
        self._press(Qt.Key.Key_Return)
        self._until(st.FaceCheck, picture="M-10")

    def _look_around(self) -> None:
        self._press(Qt.Key.Key_F1)
        self._photograph("M-29")
        self._press(Qt.Key.Key_Escape)
        self._press(Qt.Key.Key_F10)
        self._photograph("M-20")
        self._press(Qt.Key.Key_I)
        self._until(st.TerminalIdScreen, picture="M-21")
        self._press(Qt.Key.Key_Return)
        self._until(st.FaceCheck)
        self._press(Qt.Key.Key_F10)
        self._press(Qt.Key.Key_V)
        self._until(st.About, picture="M-23")
        self._press(Qt.Key.Key_U, alt=True)
        self._until(st.UpdateScreen, lambda screen: screen.stage is not UpdateStage.LOOKING, picture="M-25")
        self._home()
        self._press(Qt.Key.Key_F10)
        self._press(Qt.Key.Key_S)
        self._until(st.SettingsScreen, lambda screen: bool(screen.preferences), picture="M-22")
        self._press(Qt.Key.Key_A, alt=True)
        self._until(st.ManagedScreen, lambda screen: screen.rows is not None, picture="M-27")
        self._home()
        self._from_menu(Qt.Key.Key_R, st.RecordScreen, lambda screen: screen.record is not None, "M-26")
        self._press(Qt.Key.Key_F12)
        self._until(st.DiagnosisScreen, lambda screen: screen.done, picture="M-24")
        self._press(Qt.Key.Key_U, alt=True)
        self._until(st.BundleScreen, lambda screen: screen.text is not None, picture="M-28")
        self._press(Qt.Key.Key_Escape)
        self._until(st.FaceCheck)

    def _home(self) -> None:
        while not isinstance(self._state.screen, st.FaceCheck):
            self._press(Qt.Key.Key_Escape)

    def _from_menu(self, key: Qt.Key, kind: type[S], where: Callable[[S], bool], picture: str) -> None:
        self._press(Qt.Key.Key_F10)
        self._press(key)
        self._until(kind, where, picture)
        self._press(Qt.Key.Key_Escape)
        self._until(st.FaceCheck)

    def _visit(self, person: str, verdict: int, *, picture: bool) -> None:
        self._confirm_face()
        self._until(st.Reading)
        if picture and person == "p01":
            self._photograph("M-12")
        self._world.reader.insert(self._world.sandbox.card(person))
        result = self._until(st.Result, picture=f"M-13-{verdict}" if picture else None)
        if result.eligibility.verdict != verdict:
            raise RobotError(f"{person} should have verdict {verdict}")
        row = self._ledger.rows(datetime.fromtimestamp(0, UTC))[0]
        print(_line(person, row), flush=True)
        self._world.reader.remove()
        self._press(Qt.Key.Key_Return)
        self._until(st.FaceCheck)

    def _see_photograph(self, person: str) -> None:
        self._world.settings.allow_photograph = True
        self._confirm_face()
        self._world.reader.insert(self._world.sandbox.card(person))
        self._until(ph.SecurityCodeEntry, picture="M-16")
        QTest.keyClicks(self._focused(), self._world.sandbox.person(person).card.security_code)
        self._press(Qt.Key.Key_Return)
        self._until(ph.PhotographCheck, picture="M-17")
        self._rest()
        self._press(Qt.Key.Key_Return)
        self._until(st.Result)
        self._world.settings.allow_photograph = False
        self._world.reader.remove()
        self._press(Qt.Key.Key_Return)
        self._until(st.FaceCheck)

    def _meet_trouble(self) -> None:
        self._confirm_face()
        self._until(st.Reading)
        self._world.reader.insert(self._world.sandbox.card("copied"))
        self._until(st.Trouble, picture="M-14")
        self._world.reader.remove()
        self._press(Qt.Key.Key_Escape)
        self._until(st.FaceCheck)
        self._confirm_face()
        self._until(st.Reading)
        self._world.reader.insert(self._world.sandbox.card("partial"))
        self._until(st.BirthDateEntry, picture="M-15")
        self._world.reader.remove()
        self._press(Qt.Key.Key_Escape)
        self._until(st.FaceCheck)

    def _stop_account(self, account: DemoAccount) -> None:
        self._world.change_account("stop", account.user_id)
        self._press(Qt.Key.Key_F10)
        self._press(Qt.Key.Key_K)
        self._until(st.Locked, picture="M-06")
        self._press(Qt.Key.Key_F, alt=True)
        self._until(st.Reauthentication, picture="M-08")
        self._press(Qt.Key.Key_Escape)
        self._until(st.Locked)
        QTest.keyClicks(self._focused(), _PASSCODE)
        self._until(st.Suspended, lambda screen: not screen.checking, picture="M-09")

    def _type_passcode(self, picture: str) -> None:
        QTest.keyClicks(self._focused(), _PASSCODE)
        self._photograph(picture)
        self._press(Qt.Key.Key_Return)

    def _confirm_face(self) -> None:
        self._wait(lambda: not self._state.desk.card_left, "the last card is gone")
        self._rest()
        self._press(Qt.Key.Key_Return)

    def _rest(self) -> None:
        """As long as a page that asks staff to compare takes no Enter."""
        shown = time.monotonic()
        self._wait(lambda: time.monotonic() - shown > _GUARD_SECONDS, "the guard ends")

    # --- hands and eyes ----------------------------------------------------------------------------------------------

    @property
    def _state(self) -> st.State:
        return self._desk.state

    def _focused(self) -> QWidget:
        """Where a key press of a person would go."""
        return QApplication.activePopupWidget() or QApplication.focusWidget() or self._desk.window

    def _press(self, key: Qt.Key, *, alt: bool = False) -> None:
        modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        if QApplication.activeWindow() is None:  # where no window manager does it; keys go to the active window alone
            self._desk.window.activateWindow()
            self._wait(self._desk.window.isActiveWindow, "the window is active")
        QTest.keyClick(self._focused(), key, modifier)
        self._settle()

    def _until(self, kind: type[S], where: Callable[[S], bool] = lambda _screen: True, picture: str | None = None) -> S:
        def there() -> bool:
            screen = self._state.screen
            return isinstance(screen, kind) and where(screen)

        self._wait(there, kind.__name__)
        if picture is not None:
            self._photograph(picture)
        screen = self._state.screen
        if not isinstance(screen, kind):
            raise RobotError(f"{kind.__name__} was left while it was photographed")
        return screen

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise RobotError(f"waited for {what}, stood at {type(self._state.screen).__name__}")
            self._settle()
            time.sleep(0.005)

    def _settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()

    def _photograph(self, name: str) -> None:
        """The window as it is painted, dialogs and menu included."""
        if self._pictures is None:
            return
        self._settle()
        self._taken += 1
        window = self._desk.window
        picture = window.screen().grabWindow(0, window.x(), window.y(), window.width(), window.height())
        picture.save(str(self._pictures / f"{self._taken:02d}-{name}.png"))


def _line(person: str, row: VisitRow) -> str:
    return f"{person} {row.outcome} {row.duration_ms} ms {row.apdus} APDUs"
