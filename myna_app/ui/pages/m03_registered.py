"""M-03 登録完了 and M-07 パスコードの登録完了: something is done, and what comes next."""

from typing import Generic

from myna_app.flow.events import Confirmed
from myna_app.flow.states import PasscodeKept, Registered
from myna_app.formats.facility import FacilityKind
from myna_app.ui.pages.base import FootButton, Page, S
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner


class _DonePage(Page[S], Generic[S]):
    """Nothing to undo, so no 戻る; Enter, Esc and Space are all OK."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.heading.hide()  # the banner's title is the heading
        self._lead = ""
        self._banner = Banner(kit.theme)
        self.column.addWidget(self._banner)
        self.column.addStretch(1)

    def show_screen(self, screen: S) -> None:
        self._lead = self.texts(f"{self.number}.{self.next_step(screen)}")
        self._banner.show_message(Tone.OK, "valid", self.texts(f"{self.number}.title"), self._lead)

    def next_step(self, _screen: S) -> str:
        """Name of the words that say what comes next."""
        return "lead"

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def escape(self) -> None:
        self.act(Confirmed())

    def spoken(self) -> str:
        return self._lead


class RegisteredPage(_DonePage[Registered]):
    number = "M-03"

    def next_step(self, _screen: Registered) -> str:
        """Care offices register this PC once more, in the web service."""
        office = self.desk.facility
        return "care" if office is not None and office.kind is FacilityKind.CARE else "lead"


class PasscodeKeptPage(_DonePage[PasscodeKept]):
    number = "M-07"

    def next_step(self, screen: PasscodeKept) -> str:
        """A reader that is chosen is not asked for again."""
        return "changed" if screen.changed or self.desk.chosen_reader is not None else "lead"
