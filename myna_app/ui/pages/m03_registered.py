"""M-03 登録完了 and M-07 パスコードの登録完了: something is done, and what comes next."""

from typing import Generic

from myna_app.flow.events import Confirmed
from myna_app.flow.states import PasscodeKept, Registered
from myna_app.ui.pages.base import FootButton, Page, S
from myna_app.ui.ports import Kit
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner


class _DonePage(Page[S], Generic[S]):
    """Nothing to undo, so no 戻る; Enter, Esc and Space are all OK."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.heading.hide()  # the banner's title is the heading
        banner = Banner(kit.theme)
        banner.show_message(Tone.OK, "valid", self.texts(f"{self.number}.title"), self.texts(f"{self.number}.lead"))
        self.column.addWidget(banner)
        self.column.addStretch()

    def show_screen(self, screen: S) -> None:
        """Nothing of it changes."""

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def escape(self) -> None:
        self.act(Confirmed())

    def spoken(self) -> str:
        return self.texts(f"{self.number}.lead")


class RegisteredPage(_DonePage[Registered]):
    number = "M-03"


class PasscodeKeptPage(_DonePage[PasscodeKept]):
    number = "M-07"
