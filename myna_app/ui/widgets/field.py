"""One field of a form: label, 「※必須」, hint, input, message."""

import unicodedata
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from myna_app.ui.texts import Texts, without_mnemonic
from myna_app.ui.theme import mark
from myna_app.ui.widgets.labels import label

HYPHENS_AND_SPACES = " \t　-‐‑‒–—―−ー"
Cleaner = Callable[[str], str]
_LOOKS_LIKE_A_DIGIT = str.maketrans("OoIl", "0011")


def half_width(text: str) -> str:
    """NFKC without surrounding spaces; letters keep their case."""
    return unicodedata.normalize("NFKC", text).strip()


def compact(text: str) -> str:
    """NFKC without spaces and hyphens: codes copied from paper."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char not in HYPHENS_AND_SPACES)


def digits(text: str) -> str:
    """A number copied from paper or a letter: what only looks like a digit was meant as one."""
    return compact(text).translate(_LOOKS_LIKE_A_DIGIT)


class _Edit(QLineEdit):
    """Notices Caps Lock by what a letter key gives; there is no portable way to ask for its state.

    Signals:
        caps_lock(on): as the last letter showed it.
    """

    caps_lock = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        if letter.isascii() and letter.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock.emit(letter.isupper() != shifted)
        super().keyPressEvent(event)


class Field(QWidget):
    """A line of text, required unless said otherwise. Input is cleaned while typed, never blocked: a validator swallows
    what an IME commits.

    Signals:
        edited(): the person changed the text.
    """

    edited = Signal()

    def __init__(
        self,
        texts: Texts,
        key: str,
        identifier: str,
        *,
        clean: Cleaner | None = None,
        secret: bool = False,
        required: bool = True,
        whole: Callable[[str], bool] | None = None,
    ) -> None:
        """`key` names the label in the texts; ``key_hint`` its hint. `clean` is None for what must stay as typed.

        `whole` is asked first: True when the text was meant for the whole form, which has taken it.
        """
        super().__init__()
        self._texts = texts
        self._clean = clean
        self._whole = whole
        self.name = without_mnemonic(texts(key))
        self._hint = texts(f"{key}_hint")
        wanted = "required" if required else "optional"
        self._wanted = texts("field.required_spoken" if required else "field.optional_spoken")
        self.edit = _Edit()
        self.edit.setObjectName(identifier)
        self.edit.setAccessibleIdentifier(identifier)
        self.edit.setAccessibleName(self.name)
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self._caps_lock = label("hint", texts("field.caps_lock"))
        self._caps_lock.hide()
        if secret:
            self.conceal(True)
            self.edit.caps_lock.connect(self._caps_lock.setVisible)
        caption = label("label", texts(key), wrap=False)
        caption.setBuddy(self.edit)
        self._message = label("message")
        self._message.hide()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(caption)
        top.addWidget(label(wanted, texts(f"field.{wanted}"), wrap=False))
        top.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(top)
        self._column.addWidget(label("hint", self._hint))
        self._column.addSpacing(4)  # the focus ring takes 6
        self._line = QHBoxLayout()
        self._line.setSpacing(16)
        self._line.addWidget(self.edit, 1)
        self._line.addStretch()
        self._column.addLayout(self._line)
        self._column.addWidget(self._message)
        self._column.addWidget(self._caps_lock)
        self.edit.textEdited.connect(self._tidy)
        self.say_wrong(None)

    def add_helper(self, widget: QWidget) -> None:
        """Something to press that belongs to this field, beside it."""
        self._line.insertWidget(1, widget)

    def text(self) -> str:
        return self.edit.text()

    def fill(self, text: str) -> None:
        if text != self.edit.text():
            self.edit.setText(text)

    def conceal(self, hidden: bool) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)

    def wipe(self) -> None:
        """`setText` drops the undo history; `clear` would keep the old text within reach of Ctrl+Z."""
        self.edit.setText("")
        self._caps_lock.hide()
        self.say_wrong(None)

    def say_wrong(self, message: str | None) -> None:
        """Colour, thick border, words and description: never colour alone. None takes it back."""
        self._message.setText(message or "")
        self._message.setVisible(message is not None)
        self.edit.setAccessibleDescription(f"{self._wanted}{message or self._hint}")
        mark(self.edit, invalid=message is not None)

    @property
    def wrong(self) -> str | None:
        return self._message.text() or None

    def _tidy(self, typed: str) -> None:
        if self._whole is not None and self._whole(typed):
            return
        if self._clean is not None:
            cleaned = self._clean(typed)
            if cleaned != typed:
                at = self.edit.cursorPosition()
                self.edit.setText(cleaned)
                self.edit.setCursorPosition(min(at, len(cleaned)))
        self.edited.emit()
