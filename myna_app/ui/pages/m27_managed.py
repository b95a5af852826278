"""M-27 管理された設定: what an administrator has decided for this PC, and what of it was not accepted."""

from PySide6.QtWidgets import QWidget

from myna_app.flow.beside import ManagedRow
from myna_app.flow.events import Confirmed
from myna_app.flow.states import ManagedScreen
from myna_app.settings.table import KEYS
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.texts import Language
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.labels import label
from myna_app.ui.widgets.lines import Lines


class ManagedPage(Page[ManagedScreen]):
    number = "M-27"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._none = label("large", self.texts("M-27.none"))
        self._lines = Lines(kit.theme, "M-27.rows", self.texts("M-27.title"), room=160)
        for widget in (label("body", self.texts("M-27.lead")), self._none):
            self.column.addWidget(widget)
        self.column.addWidget(self._lines, 1)
        self.column.addStretch()

    def show_screen(self, screen: ManagedScreen) -> None:
        rows = screen.rows
        self._none.setVisible(rows == ())
        self._lines.setVisible(bool(rows))
        self._lines.clear()
        for row in rows or ():
            self._lines.add_line(self._words(row), sign=None if row.fault is None else ("invalid", Tone.ERROR))

    def _words(self, row: ManagedRow) -> str:
        key = KEYS.get(row.key)
        name = row.key if key is None else (key.ja if self.texts.language is Language.JAPANESE else key.en)
        source = self.texts(f"M-27.source.{row.source}")
        told = row.value if row.fault is None else self.texts(f"M-27.fault.{row.fault}")
        place = source if row.line is None else self.texts("M-27.line", source=source, line=row.line)
        return self.texts("M-27.row", name=name, told=told, code=row.key, place=place)

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def escape(self) -> None:
        self.act(Confirmed())

    def focus_target(self) -> QWidget | None:
        return None if self._lines.isHidden() else self._lines

    def spoken(self) -> str:
        return self.texts("M-27.lead")
