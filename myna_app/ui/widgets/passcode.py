"""Four digits: dots that take the keyboard, and a keypad to click. Digits are never shown, spoken or copied."""

import unicodedata
from random import SystemRandom

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from myna_app.formats.secret import Secret
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme, mark
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import label

LENGTH = 4
_DIGITS = "1234567890"
_PLACES = (*((row, column) for row in range(3) for column in range(3)), (3, 1))


def digits_of(text: str) -> str:
    """ASCII digits among what was typed; full-width ones count."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isascii() and char.isdigit())


class PasscodeField(QFrame):
    """The one focusable part; the keypad writes into it.

    Signals:
        changed(count): so many digits stand in it now.
    """

    changed = Signal(int)

    def __init__(self, texts: Texts, theme: Theme, identifier: str) -> None:
        super().__init__()
        self._texts = texts
        self._digits = ""
        self.setProperty("part", "passcode")
        self.setObjectName(identifier)
        self.setAccessibleIdentifier(identifier)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        self._dots = [QFrame() for _ in range(LENGTH)]
        self._count = label("dense", wrap=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(24), theme.px(8), theme.px(24), theme.px(8))
        row.setSpacing(theme.px(16))
        for dot in self._dots:
            dot.setProperty("part", "dot")
            dot.setFixedSize(theme.px(26), theme.px(26))
            row.addWidget(dot)
        row.addSpacing(theme.px(8))
        row.addWidget(self._count)
        self.setFixedSize(self.sizeHint().width() + theme.px(24), theme.px(56))
        self.wipe()

    @property
    def complete(self) -> bool:
        return len(self._digits) == LENGTH

    def secret(self) -> Secret:
        return Secret(self._digits)

    def take(self, text: str) -> None:
        """Digits from keyboard, IME or keypad; more than four are ignored."""
        self._set((self._digits + digits_of(text))[:LENGTH])

    def erase_one(self) -> None:
        self._set(self._digits[:-1])

    def wipe(self) -> None:
        self._set("")

    def mark_wrong(self, wrong: bool) -> None:
        mark(self, invalid=wrong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Backspace:
                self.erase_one()
            case Qt.Key.Key_Delete:
                self.wipe()
            case _ if digits_of(event.text()) and not event.isAutoRepeat():
                self.take(event.text())
            case _:
                super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.take(event.commitString())
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query == Qt.InputMethodQuery.ImEnabled:
            return self.isEnabled()
        if query == Qt.InputMethodQuery.ImHints:
            return self.inputMethodHints().value
        return super().inputMethodQuery(query)

    def _set(self, digits: str) -> None:
        self._digits = digits
        for place, dot in enumerate(self._dots):
            mark(dot, filled=place < len(digits))
        self._count.setText(self._texts("field.passcode_shown", n=len(digits)))
        self.setAccessibleName(self._texts("field.passcode", n=len(digits)))
        self.changed.emit(len(digits))


class Keypad(QWidget):
    """Twelve keys without focus, so that Tab does not stop at each of them."""

    def __init__(self, texts: Texts, theme: Theme, field: PasscodeField) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(8))
        erase_all = Button(texts("field.erase_all"), Kind.KEY, "passcode.erase_all", field.wipe)
        erase_one = Button(texts("field.erase_one"), Kind.KEY, "passcode.erase_one", field.erase_one)
        for wide in (erase_all, erase_one):
            wide.setProperty("wide", True)
        self._digits = {digit: self._digit(digit, field) for digit in _DIGITS}
        for key in (*self._digits.values(), erase_all, erase_one):
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        grid.addWidget(erase_all, 3, 0)
        grid.addWidget(erase_one, 3, 2)
        self._arrange(_DIGITS)

    def shuffle(self) -> None:
        """Another order, so that who looks on learns nothing from where the finger goes."""
        self._arrange("".join(SystemRandom().sample(_DIGITS, len(_DIGITS))))

    def _arrange(self, digits: str) -> None:
        grid = self.layout()
        assert isinstance(grid, QGridLayout)
        for digit, (row, column) in zip(digits, _PLACES, strict=True):
            grid.addWidget(self._digits[digit], row, column)

    @staticmethod
    def _digit(digit: str, field: PasscodeField) -> Button:
        return Button(digit, Kind.KEY, f"passcode.{digit}", lambda: field.take(digit))
