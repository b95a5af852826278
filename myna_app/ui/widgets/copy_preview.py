"""How a copy of each form looks, with the values of a person who does not exist."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from myna_app.export.profiles import SAMPLE, profile_of, value
from myna_app.ui.texts import Texts
from myna_app.ui.widgets.labels import label


class CopyPreview(QFrame):
    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setProperty("part", "panel")
        self._lines = label("dense")
        column = QVBoxLayout(self)
        column.addWidget(label("term", texts("M-22.preview")))
        column.addWidget(self._lines)

    def show_profile(self, name: str) -> None:
        """One item a line, in the order of its keys (Ctrl+1 …)."""
        profile = profile_of(name)
        told = ((item, value(SAMPLE, item, profile)) for item in profile.order)
        self._lines.setText(
            "\n".join(
                self._texts("M-22.preview_line", item=self._texts(f"value.{item}"), value=text)
                for item, text in told
                if text is not None
            )
        )
