"""M-23 バージョン情報・規約: version, office, whom to call, licences."""

from myna_app.flow.beside import Component, SidePage
from myna_app.flow.events import Confirmed
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import About
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.labels import heading, label
from myna_app.ui.widgets.lines import Lines
from myna_app.ui.widgets.read_text import ReadText


class AboutPage(Page[About]):
    number = "M-23"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        version = self.texts("M-23.version", name=self.texts("app.name"), version=kit.options.version)
        self._facility = label("body")
        self._contact = label("body")
        for widget in (
            label("h2", version),
            label("body", self.texts("M-23.compatible")),
            self._facility,
            self._contact,
            heading("h3", self.texts("M-23.licences_heading")),
            label("body", self.texts("M-23.licences")),
            label("hint", self.texts("M-23.notice")),
        ):
            self.column.addWidget(widget)
        self._components: tuple[Component, ...] = ()
        self._list = Lines("M-23.components", self.texts("M-23.components"))
        self._list.setMinimumHeight(kit.theme.px(150))
        self._list.currentRowChanged.connect(self._show_licence)
        self._licence = ReadText("M-23.licence")
        self._licence.setMinimumHeight(kit.theme.px(180))
        self._licence.hide()  # until there is one to read
        self.column.addWidget(heading("h3", self.texts("M-23.components")))
        self.column.addWidget(label("body", self.texts("M-23.components_hint")))
        self.column.addWidget(self._list)
        self.column.addWidget(self._licence)
        self.column.addStretch(1)

    def show_screen(self, screen: About) -> None:
        self._show_components(screen.components)
        known = self.desk.facility is not None
        self._facility.setVisible(known)
        self._facility.setText(
            self.texts("M-23.facility", name=self.desk.facility.name) if self.desk.facility is not None else ""
        )
        unknown = self.texts("M-23.contact_unknown")
        self._contact.setText(
            unknown if self.desk.contact is None else self.texts("M-23.contact", contact=self.desk.contact)
        )

    def _show_components(self, components: tuple[Component, ...]) -> None:
        if components is self._components:
            return
        self._components = components
        self._list.clear()
        for one in components:
            self._list.add_line(f"{one.name} {one.version}　{one.licence}")
        self._licence.setVisible(False)

    def _show_licence(self, row: int) -> None:
        """The text of the one the cursor is on, below the list."""
        shown = 0 <= row < len(self._components)
        self._licence.setVisible(shown)
        if shown:
            one = self._components[row]
            self._licence.setAccessibleName(self.texts("M-23.licence_of", name=one.name))
            self._licence.setPlainText(one.text or self.texts("M-23.licence_elsewhere", licence=one.licence))
            self.opened.emit(self._licence)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("M-23.update"), self._open_update)

    def _open_update(self) -> None:
        self.act(PageAsked(SidePage.UPDATE))

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def escape(self) -> None:
        self.act(Confirmed())
