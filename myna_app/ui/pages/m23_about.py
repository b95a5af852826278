"""M-23 バージョン情報・規約: version, office, whom to call, the terms agreed to, licences."""

import platform

from PySide6.QtCore import qVersion

from myna_app.flow.beside import Agreement, Component, Imprint, SidePage
from myna_app.flow.events import Confirmed
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import About
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import heading, label
from myna_app.ui.widgets.lines import Lines
from myna_app.ui.widgets.read_text import ReadText


class AboutPage(Page[About]):
    number = "M-23"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._imprint: Imprint | None = None
        self._version = label("h2")
        self._newer = label("body")
        self._facility = label("body")
        self._contact = label("body")
        self._agreed = label("body")
        for widget in (
            self._version,
            self._newer,
            label("body", self.texts("M-23.compatible")),
            self._facility,
            self._contact,
            self._agreed,
        ):
            self.column.addWidget(widget)
        self._read_terms = Button(self.texts("M-23.terms"), Kind.OUTLINE, "M-23.terms", self._toggle_terms)
        self.add_row(Button(self.texts("M-23.copy"), Kind.OUTLINE, "M-23.copy", self._copy), self._read_terms)
        self._terms = ReadText("M-23.terms_text", self.texts("M-01.text_name"))
        self._terms.setMinimumHeight(kit.theme.px(220))
        self._terms.hide()
        self.column.addWidget(self._terms)
        for widget in (
            heading("h3", self.texts("M-23.licences_heading")),
            label("body", self.texts("M-23.licences")),
            label("hint", self.texts("M-23.notice")),
        ):
            self.column.addWidget(widget)
        self._components: tuple[Component, ...] = ()
        self._list = Lines(kit.theme, "M-23.components", self.texts("M-23.components"), room=150)
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
        if screen.imprint is not self._imprint or not self._version.text():
            self._imprint = screen.imprint
            self._version.setText(self._version_line())
            self._show_agreement(None if screen.imprint is None else screen.imprint.agreement)
            self._show_components(() if screen.imprint is None else screen.imprint.components)
        self._newer.setVisible(self.desk.update is not None)
        if self.desk.update is not None:
            self._newer.setText(self.texts("M-23.newer", version=self.desk.update.version))
        known = self.desk.facility is not None
        self._facility.setVisible(known)
        self._facility.setText(
            self.texts("M-23.facility", name=self.desk.facility.name) if self.desk.facility is not None else ""
        )
        unknown = self.texts("M-23.contact_unknown")
        self._contact.setText(
            unknown if self.desk.contact is None else self.texts("M-23.contact", contact=self.desk.contact)
        )

    def _version_line(self) -> str:
        """With the day of the build, where there was one."""
        facts = {"name": self.texts("app.name"), "version": self.kit.options.version}
        if self._imprint is None or self._imprint.built is None:
            return self.texts("M-23.version", **facts)
        return self.texts("M-23.version_built", **facts, date=self.texts.day(self._imprint.built))

    def _show_agreement(self, agreement: Agreement | None) -> None:
        self._agreed.setVisible(agreement is not None)
        self._read_terms.setVisible(agreement is not None and bool(agreement.text))
        self._terms.hide()
        if agreement is not None:
            at = self.texts.moment(agreement.at)
            self._agreed.setText(self.texts("M-23.agreed", version=agreement.version, at=at))
            self._terms.setPlainText(agreement.text)

    def _toggle_terms(self) -> None:
        self.unfold(self._terms)

    def _copy(self) -> None:
        """What is asked for on the telephone or in a mail: of the program and its PC, nothing of office or people."""
        system = f"{platform.system()} {platform.release()} {platform.machine()}"
        agreed = [] if self._agreed.isHidden() else [self._agreed.text()]
        lines = [self._version_line(), system, f"Qt {qVersion()}", *agreed]
        self.noted.emit(self.copy("\n".join(lines)))

    def _show_components(self, components: tuple[Component, ...]) -> None:
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
