"""The one window: shows where the journey stands, and has the keys that work on every screen."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from myna_app.flow import State
from myna_app.flow.beside import SidePage
from myna_app.flow.events import Cleared, Event, LockAsked, SecretsForgotten
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import FaceCheck, Reading, Result, Trouble
from myna_app.ui.a11y import Announcer
from myna_app.ui.dialogs import Question
from myna_app.ui.focus_ring import FocusRing
from myna_app.ui.frame import Frame
from myna_app.ui.idle import Idle
from myna_app.ui.menu import Menu
from myna_app.ui.native import forget_everything_copied
from myna_app.ui.pages import PAGES
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.pages.m29_help import HelpPanel
from myna_app.ui.ports import Journey, Kit
from myna_app.ui.qt_words import speak
from myna_app.ui.session import SessionWatch, watch_session
from myna_app.ui.shield import Shield
from myna_app.ui.style_sheet import style_sheet
from myna_app.ui.theme import dress, mark
from myna_app.ui.widgets.buttons import Button, Kind

NOMINAL = (900, 640)
_FIRST = (1000, 860)
"""As large as this where the desktop has room: what to do at an invalid 資格 is seen without scrolling."""
COMPACT_BELOW = 600
NARROW_BELOW = 960
SECRETS_SECONDS = 180
"""How long after its last change a form keeps what registers an account."""
_TITLE_BAR = 32
_AHEAD = (FaceCheck, Reading, Result, Trouble)
"""Made in quiet moments, so that the first visitor of the day waits as little as all others."""
_QUIET_MS = 150


class MainWindow(QWidget):
    """Shows states and sends events; all of it in the GUI thread.

    Signals:
        closed(): the window is gone and the program should end.
        system_looks_changed(): the system went to dark or light, or to high contrast or back.
    """

    closed = Signal()
    system_looks_changed = Signal()

    def __init__(self, journey: Journey, kit: Kit) -> None:
        self._system_moves = QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
        self._dress(kit)  # before there is a widget: one that is older than the font never takes it in a low window
        super().__init__()
        self._journey = journey
        self._kit = kit
        self._state = State()
        self._pages: dict[type, tuple[Page[Any], QScrollArea]] = {}
        self._page: Page[Any] | None = None
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._make_ahead)
        self._dialog: QDialog | None = None
        self._back = Button("", Kind.BAR, "back", self._press_escape)
        self._menu = Button("", Kind.BAR, "menu", self._open_menu)
        self._second = Button("", Kind.OUTLINE, "second", self._press_second)
        self._main = Button("", Kind.FILL, "main", self._press_main)
        self._frame = Frame(self._back, self._menu, self._second, self._main)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._frame)
        self.announcer = Announcer(self)
        self._ring = FocusRing(self, kit.theme)
        self._idle = Idle(kit.options.idle_lock_minutes * 60, self)
        self._idle.expired.connect(self._lock)
        self._session = SessionWatch(self._lock)
        self._shield = Shield(self)
        self._forget = QTimer(self, singleShot=True, interval=SECRETS_SECONDS * 1000)
        self._forget.timeout.connect(self._forget_secrets)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self.system_looks_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self.system_looks_changed)
        self._bind_keys()
        self._wear(kit)
        self._choose_size()

    # --- states in, events out ---

    def show_state(self, state: State) -> None:
        """Show where the journey stands."""
        before, self._state = self._state, state
        self._watch_idle(before)
        page, area = self._page_for(type(state.screen))
        if page is self._page:
            page.take(state.screen, state.desk)
        else:
            self._change_page(page, area, mended=state.mended and not before.mended)
        self._quiet.start()

    def renew(self, kit: Kit) -> None:
        """Another language, text size or colour scheme: the pages are made anew; what was typed is given up, the focus
        stays on the control of the same name."""
        focused = QApplication.focusWidget()
        place = focused.objectName() if focused is not None else ""
        self._shield.allow(False)  # the new page of settings knows of nothing that was allowed
        self._leave()
        for _page, area in self._pages.values():
            self._frame.remove(area)
        self._pages.clear()
        self._wear(kit)
        self._dress(kit)
        self.show_state(self._state)
        again = self._page.findChild(QWidget, place) if self._page is not None and place else None
        if again is not None:
            self._frame.focus(again)

    def send(self, event: Event) -> None:
        self._journey.send(event)

    def ask_to_quit(self) -> None:
        texts = self._kit.texts
        safe, risky = texts("button.stay"), texts("button.quit")
        question = texts("dialog.quit") if self._page is None else self._page.quit_question()
        self._open(Question(self, self._kit.theme, question, safe=safe, risky=risky, act=self.close))

    # --- pages ---

    def _make_ahead(self) -> None:
        missing = next((kind for kind in _AHEAD if kind not in self._pages), None)
        if missing is not None:
            self._page_for(missing)
            self._quiet.start()

    def _page_for(self, kind: type) -> tuple[Page[Any], QScrollArea]:
        """Made when first needed, and kept."""
        if kind not in self._pages:
            page = PAGES[kind](self._kit)
            page.acted.connect(self.send)
            page.frame_changed.connect(self._show_frame)
            page.noted.connect(self._frame.tell)
            page.urged.connect(self._frame.urge)
            page.opened.connect(self._frame.reveal)
            page.settled.connect(self._focus_first)
            page.opened.connect(lambda _part: self._order_tabs(page))  # what was unfolded may have been made just now
            page.secret_typed.connect(self._forget.start)
            page.capture_allowed.connect(self._shield.allow)
            page.said.connect(lambda text, assertive: self.announcer.say(text, assertive=assertive))
            page.quit_asked.connect(self.ask_to_quit)
            page.fit(narrow=self.width() < NARROW_BELOW)
            self._pages[kind] = (page, self._frame.add(page))
        return self._pages[kind]

    def _leave(self) -> None:
        if self._dialog is not None:
            self._dialog.close()
        if self._page is not None:
            self._page.left()
            self._page = None
        self.announcer.drop()
        self._frame.tell("")

    def _change_page(self, page: Page[Any], area: QScrollArea, *, mended: bool) -> None:
        before, first = self._page, ""
        if mended:
            first = self._kit.texts("app.mended")
        elif before is not None:
            first = before.farewell(self._state.screen)
        self._leave()
        self._page = page
        page.take(self._state.screen, self._state.desk)
        if first and before is not None and not before.sensitive:
            self._frame.tell(first)
        self._frame.show_body(area)
        self._order_tabs(page)
        self._focus_first()
        opened = self._kit.texts("app.screen_opened", screen=page.number, title=page.title)
        urgent = page.spoken_assertively
        self.announcer.say(page.spoken() if urgent else first + opened + page.spoken(), assertive=urgent)
        page.entered()

    def _focus_first(self) -> None:
        page = self._page
        if page is not None:
            self._frame.focus(page.focus_target() or (page if self._main.isHidden() else self._main))

    def _show_frame(self) -> None:
        page = self._page
        if page is None:
            return
        title = self._kit.texts("app.window_title", screen=page.number, title=page.title)
        badge = self._kit.options.badge
        self.setWindowTitle(title if badge is None else f"{title} - {badge}")
        self._frame.number.setText(page.number_line())
        self._back.setVisible(page.can_go_back)
        for button, wanted in ((self._main, page.main_button()), (self._second, page.second_button())):
            button.setVisible(wanted is not None)
            if wanted is not None:
                button.rename(wanted.text)
                if button.property("busy") != wanted.busy:
                    mark(button, busy=wanted.busy)

    def _order_tabs(self, page: Page[Any]) -> None:
        """Body from top to bottom, main button, second button, 戻る, メニュー."""
        inside = [w for w in page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for one, following in pairwise([*inside, self._main, self._second, self._back, self._menu]):
            QWidget.setTabOrder(one, following)

    # --- keys and buttons ---

    def _bind_keys(self) -> None:
        for keys, act in (
            ((Qt.Key.Key_Return, Qt.Key.Key_Enter), self._press_enter),
            ((Qt.Key.Key_Escape,), self._press_escape),
            ((Qt.Key.Key_F1,), self._open_help),
            ((Qt.Key.Key_F4,), self.announcer.repeat),
            ((Qt.Key.Key_F5,), self._try_again),
            ((Qt.Key.Key_F8,), lambda: self.send(Cleared())),
            ((Qt.Key.Key_F10,), self._open_menu),
            ((Qt.Key.Key_F12,), lambda: self.send(PageAsked(SidePage.DIAGNOSIS))),
        ):
            for key in keys:
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setAutoRepeat(False)
                shortcut.activated.connect(act)

    def _press_enter(self) -> None:
        """The main button, unless the focus is on another button or in a text that is only read."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton):
            focused.click()
        elif not isinstance(focused, QTextEdit | QPlainTextEdit):
            self._press_main()

    def _press_main(self) -> None:
        _press(self._page.main_button() if self._page is not None else None)

    def _press_second(self) -> None:
        _press(self._page.second_button() if self._page is not None else None)

    def _press_escape(self) -> None:
        if self._page is not None:
            self._page.escape()

    def _try_again(self) -> None:
        if self._page is not None:
            self._page.again()

    def _open_menu(self) -> None:
        menu = Menu(self, self._kit.texts, self._state)
        menu.chosen.connect(self.send)
        menu.help_asked.connect(self._open_help)
        menu.quit_asked.connect(self.ask_to_quit)
        menu.popup(self._frame.below_menu() - QPoint(menu.sizeHint().width(), 0))

    def _open_help(self) -> None:
        if self._page is not None:
            self._open(HelpPanel(self, self._kit, self._page.title, self._page.help_text()))

    def _open(self, dialog: QDialog) -> None:
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()
        dialog.move(self._place_below(dialog))

    def _place_below(self, dialog: QDialog) -> QPoint:
        """On the footer: in the middle it would hide a verdict."""
        above = self.height() - self._kit.theme.footer_height - dialog.height() - _TITLE_BAR
        return self.mapToGlobal(QPoint((self.width() - dialog.width()) // 2, max(0, above)))

    def _forget_dialog(self) -> None:
        self._dialog = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nobody else wanted."""
        match event.key():
            case Qt.Key.Key_PageDown:
                self._frame.scroll_pages(1)
            case Qt.Key.Key_PageUp:
                self._frame.scroll_pages(-1)
            case _:
                super().keyPressEvent(event)

    # --- looks ---

    def _dress(self, kit: Kit) -> None:
        """The application as a whole; dear once there are widgets, because every one is told."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            dress(application, kit.theme)
            speak(application, kit.texts.language)
            moves = self._system_moves and not kit.options.reduced_motion
            application.setEffectEnabled(Qt.UIEffect.UI_General, moves)

    def _wear(self, kit: Kit) -> None:
        self._kit = replace(kit, theme=kit.theme.compacted(self.height() < COMPACT_BELOW))
        self.setStyleSheet(style_sheet(self._kit.theme))
        self._frame.wear(self._kit)
        self._back.rename(kit.texts("button.back"))
        self._menu.rename(kit.texts("button.menu"))
        self._ring.wear(self._kit.theme)

    def _choose_size(self) -> None:
        """Nominal, but never larger than the desktop: Full HD at 200 % has 960×540 left."""
        desktop = QGuiApplication.primaryScreen().availableSize()
        height = desktop.height() - _TITLE_BAR
        self.setMinimumSize(min(NOMINAL[0], desktop.width()), min(NOMINAL[1], height))
        self.resize(min(_FIRST[0], desktop.width()), min(_FIRST[1], height))
        if self.minimumHeight() < NOMINAL[1] or self.minimumWidth() < NOMINAL[0]:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (self.height() < COMPACT_BELOW) != self._kit.theme.compact:
            self._wear(self._kit)
        narrow = self.width() < NARROW_BELOW
        self._frame.fit(self._kit.theme, narrow=narrow)
        for page, _area in self._pages.values():
            page.kit = self._kit
            page.fit(narrow=narrow)

    # --- guarding what is shown ---

    def _watch_idle(self, before: State) -> None:
        desk = self._state.desk
        if desk.unlocked and not before.desk.unlocked:
            self._idle.start()
        elif not desk.unlocked:
            self._idle.stop()
        elif desk.reader != before.desk.reader:
            self._idle.restart()  # a placed card is a sign of life too

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._guard()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WinIdChange:
            self._guard()
        return super().event(event)

    def _forget_secrets(self) -> None:
        """Nobody came back to a form with its password and activation code in it."""
        if self._page is not None:
            self._page.forget()
        self.send(SecretsForgotten())

    def _lock(self) -> None:
        self.send(LockAsked())

    def _guard(self) -> None:
        """What Windows does for a window, each time its native window is made."""
        watch_session(self, self._session)
        self._shield.raise_up(wanted=self._kit.options.hide_from_capture)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        minimised = event.type() == QEvent.Type.WindowStateChange and self.isMinimized()
        if minimised and self._page is not None and self._page.sensitive:
            self.send(Cleared())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave()
        forget_everything_copied()
        self._idle.stop()
        super().closeEvent(event)
        self.closed.emit()


def _press(button: FootButton | None) -> None:
    if button is not None:
        button.act()
