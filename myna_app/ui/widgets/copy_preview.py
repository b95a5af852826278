"""How a copy of each form looks, with the values of a person who does not exist."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtWidgets import QFrame, QVBoxLayout

from myna_app.export.profiles import KEYS, SAMPLE, CopyProfile, ProfileName, Separator, everything, value
from myna_app.ui.texts import Texts
from myna_app.ui.widgets.labels import label

_DAY = date(2026, 11, 20)


class CopyPreview(QFrame):
    def __init__(self, texts: Texts, profiles: Mapping[ProfileName, CopyProfile]) -> None:
        super().__init__()
        self._profiles = profiles
        self._texts = texts
        self.setProperty("part", "panel")
        self._lines = label("dense")
        column = QVBoxLayout(self)
        column.addWidget(label("term", texts("M-22.preview")))
        column.addWidget(self._lines)

    def show_profile(self, name: str) -> None:
        """A line for each item that has a key, in their order (Ctrl+1 …), and one for all where they share a line."""
        profile = self._profiles[ProfileName(name)]
        told = [
            (self._texts(f"value.{item}"), text)
            for item in profile.order[: KEYS - 1]
            if (text := value(SAMPLE, item, profile)) is not None
        ]
        if profile.separator is not Separator.LABELLED:
            every = everything(SAMPLE, profile, _DAY).replace("\t", " ⇥ ").replace("\r\n", " ⏎ ")
            told.append((self._texts("M-13.all"), every))
        self._lines.setText("\n".join(self._texts("M-22.preview_line", item=item, value=text) for item, text in told))
