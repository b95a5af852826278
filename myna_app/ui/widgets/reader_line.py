"""カードリーダー：● 使えます – the chosen reader's state as shape, word and colour."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from myna_app.flow.states import Desk
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme, mark
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.buttons import Button
from myna_app.ui.widgets.labels import label


class ReaderLine(QWidget):
    """`words` tell the state, `standing` the same without the card, which comes and goes all day."""

    def __init__(self, theme: Theme, choose: Button) -> None:
        super().__init__()
        self._term = label("term", wrap=False)
        self._state = label("dense")
        self.words = self.standing = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        row.addWidget(self._term)
        row.addWidget(self._state, 1)
        row.addWidget(choose)

    def show_reader(self, texts: Texts, desk: Desk) -> None:
        sign, tone, self.words = _state(texts, desk)
        self.standing = f"{sign} {desk.chosen_reader}"
        self._term.setText(texts("M-10.reader"))
        self._state.setText(f"{sign} {self.words}")
        self._state.setAccessibleName(f"{texts('M-10.reader')} {self.words}")
        mark(self._state, tone=tone.value)


def _state(texts: Texts, desk: Desk) -> tuple[str, Tone, str]:
    reader = desk.reader
    if not desk.service_running:
        return "▲", Tone.ERROR, texts("reader.service_stopped")
    if desk.chosen_reader is None:
        return "○", Tone.WARN, texts("reader.not_chosen")
    if reader is None:
        return "○", Tone.ERROR, texts("reader.absent_named", name=desk.chosen_reader)
    if not reader.usable:
        return "▲", Tone.ERROR, texts("reader.unusable_short")
    seen = reader.card_present and not desk.card_left
    return "●", Tone.OK, texts("reader.card_there" if seen else "reader.usable_named", name=reader.name)
