"""M-25 更新: whether there is a newer version, and bringing it. Nothing is installed without a person's press."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar

from myna_app.flow.beside import UpdateStage
from myna_app.flow.events import Back, Retried
from myna_app.flow.side_events import UpdateWanted
from myna_app.flow.states import UpdateScreen
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.texts import Language
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.labels import heading, label

_TONES = {
    UpdateStage.NEWEST: (Tone.OK, "valid"),
    UpdateStage.STARTED: (Tone.OK, "valid"),
    UpdateStage.REFUSED: (Tone.ERROR, "alert"),
    UpdateStage.NOT_STARTED: (Tone.WARN, "alert"),
}
"""Every other stage is told calmly."""
_UNDER_WAY = frozenset({UpdateStage.LOOKING, UpdateStage.BRINGING, UpdateStage.BROUGHT})
_MAY_LOOK_AGAIN = frozenset({UpdateStage.NEWEST, UpdateStage.REFUSED, UpdateStage.NOT_STARTED})


class UpdatePage(Page[UpdateScreen]):
    number = "M-25"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._shown: UpdateScreen | None = None
        self._banner = Banner(kit.theme)
        self._changes = heading("h3", self.texts("M-25.changes"))
        self._notes = label("body")
        self._progress = QProgressBar()
        self._progress.setObjectName("M-25.progress")
        self._progress.setAccessibleName(self.texts("M-25.progress"))
        self._progress.setTextVisible(False)
        self._progress.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for widget in (self._banner, self._progress, self._changes, self._notes):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def show_screen(self, screen: UpdateScreen) -> None:
        before, self._shown = self._shown, screen
        tone, icon = _TONES.get(screen.stage, (Tone.INFO, "notice"))
        title, text = self._words(screen)
        self._banner.show_message(tone, icon, title, text)
        self._progress.setVisible(screen.stage in (UpdateStage.BRINGING, UpdateStage.BROUGHT))
        self._progress.setValue(100 if screen.stage is UpdateStage.BROUGHT else round(screen.part * 100))
        offered = screen.update if screen.stage is UpdateStage.OFFERED else None
        if offered is not None:
            japanese = self.texts.language is Language.JAPANESE
            self._notes.setText(offered.notes_ja if japanese else offered.notes_en)
        self._changes.setVisible(offered is not None)
        self._notes.setVisible(offered is not None)
        if before is not None and before.stage is not screen.stage:
            self.say(f"{title} {text}", assertive=screen.stage not in _UNDER_WAY)

    def _words(self, screen: UpdateScreen) -> tuple[str, str]:
        facts = {"ours": self.kit.options.version, "version": screen.update.version if screen.update else ""}
        return self.texts(f"M-25.{screen.stage}_title", **facts), self.texts(f"M-25.{screen.stage}", **facts)

    def main_button(self) -> FootButton | None:
        match self._shown:
            case UpdateScreen(stage=UpdateStage.OFFERED):
                return FootButton(self.texts("M-25.install"), lambda: self.act(UpdateWanted()))
            case UpdateScreen(stage=stage) if stage in _UNDER_WAY:
                return None
            case _:
                return FootButton(self.texts("button.ok"), self.escape)

    def second_button(self) -> FootButton | None:
        match self._shown:
            case UpdateScreen(stage=UpdateStage.OFFERED):
                return FootButton(self.texts("M-25.later"), self.escape)
            case UpdateScreen(stage=stage) if stage in _UNDER_WAY:
                return FootButton(self.texts("button.stop"), self.escape)
            case UpdateScreen(stage=stage) if stage in _MAY_LOOK_AGAIN:
                return FootButton(self.texts("M-25.again"), self.again)
            case _:
                return None

    def escape(self) -> None:
        self.act(Back())

    def again(self) -> None:
        self.act(Retried(self.kit.clock()))

    def spoken(self) -> str:
        return "" if self._shown is None else self._words(self._shown)[0]

    def left(self) -> None:
        self._shown = None
