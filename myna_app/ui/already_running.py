"""E-S02: another start of this program stands in the way and does not answer. The only screen beside the window."""

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QVBoxLayout

from myna_app.errors import Problem
from myna_app.ui.focus_ring import FocusRing
from myna_app.ui.ports import Kit
from myna_app.ui.style_sheet import style_sheet
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.advice import Advice
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import label


class AlreadyRunning(QDialog):
    """Accepted once the open window has come; `show_first` asks for it and says whether it did."""

    def __init__(self, kit: Kit, problem: Problem, show_first: Callable[[], bool]) -> None:
        super().__init__()
        texts, theme = kit.texts, kit.theme
        words = texts.problem(problem, {})
        self._show_first = show_first
        self._no_answer = texts("dialog.no_answer")
        self.setStyleSheet(style_sheet(theme))
        self.setWindowTitle(words.title)
        self.setFixedWidth(theme.px(640))
        banner, advice = Banner(theme), Advice(theme)
        banner.show_message(Tone.WARN, "alert", words.title, words.what)
        advice.show_advice(texts, words.steps, words.say)
        self._told = label("body")
        self._told.hide()
        main = Button(texts(f"button.{words.main}"), Kind.FILL, "E-S02.main", self._ask)
        main.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(24)
        foot.addWidget(label("caption", texts("M-14.details_code", code=words.code), wrap=False))
        foot.addStretch()
        foot.addWidget(Button(texts("button.close"), Kind.OUTLINE, "E-S02.close", self.reject))
        foot.addWidget(main)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(theme.gap)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # its least height is that of a narrow one
        for part in (banner, advice, self._told):
            column.addWidget(part)
        column.addLayout(foot)
        FocusRing(self, theme)
        main.setFocus()

    def _ask(self) -> None:
        if self._show_first():
            self.accept()
        else:
            self._told.setText(self._no_answer)
            self._told.show()
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        self._fit()
        super().showEvent(event)

    def _fit(self) -> None:
        """Wrapped lines know their height only at the width they get."""
        self.resize(self.width(), self.heightForWidth(self.width()))
