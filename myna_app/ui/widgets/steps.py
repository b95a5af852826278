"""1/4 … 4/4: where a reading stands, in words for screen readers too."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme, mark
from myna_app.ui.widgets.labels import label


class Steps(QWidget):
    """Boxes in a row: done ✓, current, not yet."""

    def __init__(self, texts: Texts, theme: Theme, names: tuple[str, ...]) -> None:
        super().__init__()
        self._texts = texts
        self._names = names
        self._boxes: list[tuple[QFrame, QLabel]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        for _ in names:
            box = QFrame()
            box.setProperty("part", "step")
            inside = QVBoxLayout(box)
            inside.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
            words = label("dense")
            inside.addWidget(words)
            self._boxes.append((box, words))
            row.addWidget(box, 1)

    def stand_at(self, current: int) -> None:
        """`current` counts from 1."""
        for number, ((box, words), name) in enumerate(zip(self._boxes, self._names, strict=True), 1):
            state = "done" if number < current else "current" if number == current else "later"
            words.setText(f"{'✓ ' if state == 'done' else ''}{number}/{len(self._names)} {name}")
            words.setAccessibleName(
                f"{self._texts('M-12.step_spoken', n=number)}、{name}、{self._texts(f'M-12.step_{state}')}"
            )
            mark(box, state=state)
            mark(words)
