"""次にすること and 〔患者さま〕への一言: numbered steps, and a sentence that can be read out as it stands."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme
from myna_app.ui.widgets.labels import heading, label
from myna_app.ui.widgets.marked_lines import MarkedLines

_WAY = "・"
"""Begins a line of a step that is one of several ways."""


class Advice(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._steps_heading = heading("h3")
        self._steps = MarkedLines(theme, "large")
        self._say = QFrame()
        self._say.setProperty("part", "panel")
        self._say_heading = heading("h3")
        self._sentence = label("large")
        inside = QVBoxLayout(self._say)
        inside.setSpacing(theme.px(2))
        inside.addWidget(self._say_heading)
        inside.addWidget(self._sentence)
        steps = QVBoxLayout()
        steps.setSpacing(theme.px(8))
        steps.addWidget(self._steps_heading)
        steps.addLayout(self._steps)
        steps.addStretch()
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._halves.setContentsMargins(0, 0, 0, 0)
        self._halves.setSpacing(theme.px(8))
        self._halves.addLayout(steps)
        self._halves.addWidget(self._say)

    def stand(self, *, beside: int | None) -> None:
        """The sentence below the steps, or beside them, with so many hundredths of the width."""
        direction = QBoxLayout.Direction.TopToBottom if beside is None else QBoxLayout.Direction.LeftToRight
        self._halves.setDirection(direction)
        self._halves.setStretch(0, 0 if beside is None else 100 - beside)
        self._halves.setStretch(1, beside or 0)
        self._halves.setAlignment(self._say, Qt.AlignmentFlag(0) if beside is None else Qt.AlignmentFlag.AlignTop)

    def show_advice(self, texts: Texts, steps: tuple[str, ...], say: str | None) -> None:
        """`say` None: nothing is to be said to the visitor."""
        self.wipe()
        self.setVisible(bool(steps or say))
        self._steps_heading.setText(texts("M-14.steps_heading"))
        self._steps_heading.setVisible(bool(steps))
        for number, step in enumerate(steps, 1):
            first, *ways = step.split(f"\n{_WAY}")
            self._steps.add(f"{number}.", first)
            for way in ways:
                self._steps.add(_WAY, way, level=1)
        self._say.setVisible(say is not None)
        self._say_heading.setText(texts("M-14.say_heading"))
        self._sentence.setText(texts("M-14.say", say=say) if say is not None else "")

    def wipe(self) -> None:
        self._steps.wipe()
        self._sentence.setText("")
