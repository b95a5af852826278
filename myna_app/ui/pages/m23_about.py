"""M-23 バージョン情報・規約: version, office, whom to call, licences."""

from PySide6.QtCore import Qt

from myna_app.flow.beside import SidePage
from myna_app.flow.events import Confirmed
from myna_app.flow.side_events import PageAsked
from myna_app.flow.states import About
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.labels import heading, label


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
        update = Button(self.texts("M-23.update"), Kind.OUTLINE, "M-23.update", self._open_update)
        self.column.addWidget(update, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch()

    def show_screen(self, _screen: About) -> None:
        known = self.desk.facility is not None
        self._facility.setVisible(known)
        self._facility.setText(
            self.texts("M-23.facility", name=self.desk.facility.name) if self.desk.facility is not None else ""
        )
        unknown = self.texts("M-23.contact_unknown")
        self._contact.setText(
            unknown if self.desk.contact is None else self.texts("M-23.contact", contact=self.desk.contact)
        )

    def _open_update(self) -> None:
        self.act(PageAsked(SidePage.UPDATE))

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def escape(self) -> None:
        self.act(Confirmed())
