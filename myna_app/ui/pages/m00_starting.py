"""Before the first screen: what was kept is being read."""

from myna_app.flow.states import Starting
from myna_app.ui.pages.base import Page
from myna_app.ui.ports import Kit
from myna_app.ui.widgets.labels import label


class StartingPage(Page[Starting]):
    number = "M-00"

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.column.addWidget(label("large", self.texts("M-00.lead")))
        self.column.addStretch(1)

    def show_screen(self, _screen: Starting) -> None:
        """Nothing of it changes."""
