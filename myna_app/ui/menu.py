"""M-20 メニュー: what can be opened from where the journey stands."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from myna_app.flow.beside import SidePage
from myna_app.flow.events import AboutAsked, Event, LockAsked, ReaderChoiceAsked, TerminalIdAsked
from myna_app.flow.pages import is_busy
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import VISITING, FaceCheck, Result, State, Trouble
from myna_app.ui.texts import Texts


class Menu(QMenu):
    """Made anew each time it opens.

    Signals:
        chosen(event): an entry that is an event of the journey.
        help_asked(), quit_asked(): the two that concern the window alone.
    """

    chosen = Signal(object)
    help_asked = Signal()
    quit_asked = Signal()

    def __init__(self, window: QWidget, texts: Texts, state: State) -> None:
        super().__init__(window)
        self.aboutToHide.connect(self.deleteLater)
        self.setAccessibleName(texts("M-20.title"))
        self._texts = texts
        screen, desk = state.screen, state.desk
        reception = isinstance(screen, FaceCheck | Result)
        if desk.unlocked:
            self._offer("reader", ReaderChoiceAsked(), enabled=reception or isinstance(screen, Trouble))
            self._offer("terminal_id", TerminalIdAsked(), enabled=reception and desk.terminal_id is not None)
        busy = is_busy(state)
        visiting = isinstance(screen, VISITING)
        if desk.unlocked or desk.terminal_id is None:  # a registration may need a proxy first
            self._offer("settings", PageAsked(SidePage.SETTINGS), enabled=not busy and not visiting)
        if desk.unlocked:
            self._offer("record", PageAsked(SidePage.RECORD), enabled=not busy and not visiting)
        self._offer("diagnosis", PageAsked(SidePage.DIAGNOSIS), enabled=not busy)
        self._offer("about", AboutAsked(), enabled=not busy and not visiting)
        self.addAction(texts("M-20.help_item")).triggered.connect(self.help_asked)
        self.addSeparator()
        if desk.unlocked:
            self._offer("lock", LockAsked(), enabled=True)
        self.addAction(texts("M-20.quit")).triggered.connect(self.quit_asked)

    def _offer(self, name: str, event: Event, *, enabled: bool) -> None:
        action = self.addAction(self._texts(f"M-20.{name}"))
        action.setEnabled(enabled)
        action.triggered.connect(lambda: self.chosen.emit(event))
