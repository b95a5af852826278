"""What every page is: it shows one screen of the journey and says what staff did. It decides nothing.

Order at a change of screen, kept by the window: the old page leaves (timers stop, personal data are wiped), the new one
is filled, then title, 画面番号, focus, announcement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from myna_app.flow.events import Back, Event
from myna_app.flow.states import Desk, Screen
from myna_app.formats.facility import FacilityKind
from myna_app.ui.native import Sound, copy_protected
from myna_app.ui.ports import Kit, SoundChoice
from myna_app.ui.texts import Texts
from myna_app.ui.theme import COLUMN_WIDTH, TextSize, side_margin
from myna_app.ui.widgets.advice import Advice
from myna_app.ui.widgets.labels import heading
from myna_app.ui.widgets.sure import Sure
from myna_app.ui.widgets.wrapping_row import WrappingRow

S = TypeVar("S", bound=Screen)

WARN_SECONDS = 10
"""Before something clears itself."""
CARD_LEFT_MS = 5000
"""How long a card may lie on after its visit before staff are reminded."""
_SAY_ROOMY, _SAY_NARROW = 40, 30
"""Hundredths of the width for what to say; the narrow one leaves other ways of confirming on a line each."""
_TROUBLED = frozenset({Sound.INVALID, Sound.PROBLEM})


@dataclass(frozen=True, slots=True)
class FootButton:
    """A button of the footer; `act` is what its press, or Enter, does. `busy`: it says what is under way."""

    text: str
    act: Callable[[], None]
    busy: bool = False


class Page(QWidget, Generic[S]):
    """One screen.

    Signals:
        acted(event): staff did something; an event of the journey.
        frame_changed(): the buttons or the number in the footer are others now.
        noted(text): a line for the footer, such as the seconds left.
        urged(text): the same, where something is to be done about it now.
        opened(widget): a folded part was opened and should be seen.
        settled(): what staff were asked first is answered; the focus goes on to `focus_target`.
        said(text, assertive): to be announced. Never personal data.
        capture_allowed(allowed): the window may be captured for half an hour, or no more.
        secret_typed(): a password or code stands on the page now; it is not to stand there for long.
        quit_asked(): the program should end, after a question.
    """

    acted = Signal(object)
    frame_changed = Signal()
    noted = Signal(str)
    urged = Signal(str)
    opened = Signal(QWidget)
    settled = Signal()
    said = Signal(str, bool)
    capture_allowed = Signal(bool)
    secret_typed = Signal()
    quit_asked = Signal()

    number: ClassVar[str]
    """画面番号."""
    can_go_back = False
    spoken_assertively: ClassVar[bool] = False
    """`spoken` is said at once and alone: verdicts and problems."""
    advice_beside: ClassVar[bool] = False
    """Much stands above the advice in any window: what to say goes beside what to do, or it would be off the screen."""
    sensitive: ClassVar[bool] = False
    """Shows a visitor's data."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit = kit
        self.texts: Texts = kit.texts
        self.desk = Desk()
        self.heading = heading("h1", self.texts(f"{self.number}.title"))
        self.column = QVBoxLayout(self)
        self.column.addWidget(self.heading)
        self.setMaximumWidth(kit.theme.px(COLUMN_WIDTH) + 2 * side_margin(narrow=False))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setObjectName(self.number)
        self.setAccessibleName(self.texts(f"{self.number}.title"))

    # --- what a page fills in ---------------------------------------------------------------------------------------

    def show_screen(self, screen: S) -> None:
        """Fill in from `screen` and `self.desk`; called on entry and at every change of state while shown."""
        raise NotImplementedError

    def main_button(self) -> FootButton | None:
        return None

    def second_button(self) -> FootButton | None:
        return None

    def focus_target(self) -> QWidget | None:
        """Where the keyboard starts; None: the main button, or the page itself where a screen has none."""
        return None

    def spoken(self) -> str:
        """The first thing to do, after number and title."""
        return ""

    def entered(self) -> None:
        """The page is on the screen: timers start, sounds play."""

    def left(self) -> None:
        """The page is off the screen: timers stop, what was typed or shown is wiped."""

    def farewell(self, _to: Screen) -> str:
        """What is said first of all on the screen that follows."""
        return self.texts("M-13.cleared") if self.sensitive else ""

    def quit_question(self) -> str:
        """What is asked before the program ends here."""
        return self.texts("dialog.quit")

    def forget(self) -> None:
        """Secrets that were typed here some minutes ago go."""

    def escape(self) -> None:
        """Esc and 戻る."""
        if self.can_go_back:
            self.act(Back())

    def again(self) -> None:
        """F5."""

    def minimumSizeHint(self) -> QSize:
        """Nothing: the scrolling body asks for the height at the width there is, which wrapped labels know better."""
        return QSize(0, 0)

    # --- what a page is given ---------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return self.texts(f"{self.number}.title")

    def number_line(self) -> str:
        """The footer's line with the 画面番号."""
        return self.texts("app.screen_number", screen=self.number)

    def help_text(self) -> str:
        return self.texts(f"{self.number}.help")

    def take(self, screen: S, desk: Desk) -> None:
        """The window hands over a state."""
        kind = desk.facility.kind if desk.facility is not None else FacilityKind.MEDICAL
        self.texts = self.kit.texts.for_office(kind, self.kit.options.visitor)
        self.desk = desk
        self.show_screen(screen)
        self.frame_changed.emit()

    def act(self, event: Event) -> None:
        self.acted.emit(event)

    def say(self, text: str, *, assertive: bool = False) -> None:
        self.said.emit(text, assertive)

    def copy(self, text: str) -> str:
        """Into the protected clipboard; the words that tell so, which have been said."""
        seconds = self.kit.options.clipboard_seconds
        copy_protected(text, seconds)
        words = self.texts("clipboard.copied", seconds=seconds)
        self.say(words)
        return words

    def fit(self, *, narrow: bool) -> None:
        """Margins for the width; the style sheet does the rest of compact mode."""
        theme = self.kit.theme
        side = side_margin(narrow=narrow)
        edge = 12 if theme.compact else 16
        self.column.setContentsMargins(side, edge, side, 12)
        self.column.setSpacing(theme.gap)
        large = theme.text_size is not TextSize.STANDARD
        for advice in self.findChildren(Advice):
            advice.stand(beside=_SAY_ROOMY if self.advice_beside or large else _SAY_NARROW if theme.compact else None)

    def count_down(self, left: int) -> None:
        """Seconds until what is shown clears itself; of the last ones also how to keep it."""
        if left > WARN_SECONDS:
            self.noted.emit(self.texts("M-13.countdown", n=left))
        else:
            self.urged.emit(self.texts("M-13.countdown_last", n=left))

    def play(self, sound: Sound) -> None:
        match self.kit.options.sound:
            case SoundChoice.ALL:
                self.kit.sounds.play(sound)
            case SoundChoice.PROBLEMS if sound in _TROUBLED:
                self.kit.sounds.play(sound)
            case _:
                pass

    def unfold(self, part: QWidget) -> None:
        """Open or fold a part of the page."""
        part.setVisible(part.isHidden())
        if not part.isHidden():
            self.opened.emit(part)

    def ask(self, question: Sure) -> None:
        """Before something that cannot be taken back."""
        question.ask()
        self.opened.emit(question)
        self.say(question.question, assertive=True)

    def add_row(self, *widgets: QWidget) -> None:
        """Widgets side by side, as wide as they need to be."""
        self.column.addLayout(WrappingRow(*widgets))
