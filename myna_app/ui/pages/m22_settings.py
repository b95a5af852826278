"""M-22 設定: choices of this user; each applies at once, and what an administrator has decided is only read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from myna_app.flow.beside import Preference, SidePage
from myna_app.flow.events import Confirmed
from myna_app.flow.side_events import PageAsked, PreferenceChosen, PreferencesReset, ReleaseAsked
from myna_app.flow.states import SettingsScreen
from myna_app.ui.native import Sound
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.theme import TextSize
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.choices import Choices
from myna_app.ui.widgets.labels import heading, label

_LONGEST_ROW = 44
"""Characters of four choices side by side that fit the smallest window."""
_SECONDS = frozenset({"result_seconds", "card_wait_seconds"})


class SettingsPage(Page[SettingsScreen]):
    number = "M-22"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._groups: dict[str, Choices] = {}
        self._shown: dict[str, Preference] = {}
        self._place = QVBoxLayout()
        self._place.setSpacing(kit.theme.px(12))
        self.column.addWidget(label("body", self.texts("M-22.lead")))
        self.column.addLayout(self._place)
        buttons = QHBoxLayout()
        buttons.setSpacing(24)
        for button in (
            Button(self.texts("M-22.listen"), Kind.OUTLINE, "M-22.listen", lambda: kit.sounds.play(Sound.VALID)),
            Button(self.texts("M-22.managed"), Kind.OUTLINE, "M-22.managed", self._open_managed),
        ):
            buttons.addWidget(button)
        buttons.addStretch()
        self.column.addLayout(buttons)
        self.column.addWidget(heading("h3", self.texts("M-22.account")))
        self.column.addWidget(label("body", self.texts("M-22.release_hint")))
        self._release = Button(self.texts("M-22.release"), Kind.OUTLINE, "M-22.release", self._ask_release)
        self.column.addWidget(self._release, 0, Qt.AlignmentFlag.AlignLeft)
        self._sure = self._question()
        self.column.addWidget(self._sure)
        self.column.addStretch()

    def _question(self) -> QFrame:
        """On the page itself: the safe answer first, nothing done by Enter."""
        frame = QFrame()
        frame.setProperty("part", "panel")
        inside = QVBoxLayout(frame)
        inside.addWidget(label("large", self.texts("M-22.release_question")))
        row = QHBoxLayout()
        row.setSpacing(24)
        self._stay = Button(self.texts("M-22.release_not"), Kind.FILL, "M-22.release_not", frame.hide)
        go = Button(self.texts("M-22.release_sure"), Kind.OUTLINE, "M-22.release_sure", self._do_release)
        row.addWidget(self._stay)
        row.addWidget(go)
        row.addStretch()
        inside.addLayout(row)
        frame.hide()
        return frame

    def show_screen(self, screen: SettingsScreen) -> None:
        for one in screen.preferences:
            before = self._shown.get(one.name)
            if before is None:
                self._add(one)
            else:
                self._groups[one.name].show_value(one.value)
                if before.value != one.value:
                    self.say(self.texts("M-22.done", item=self._item(one.name), value=self._value(one.name, one.value)))
            self._shown[one.name] = one

    def _add(self, one: Preference) -> None:
        columns = 4 if self.kit.theme.text_size is TextSize.STANDARD else 2
        words = {value: self._value(one.name, value) for value in one.values}
        if sum(map(len, words.values())) > _LONGEST_ROW:
            columns = 2
        group = Choices(f"M-22.{one.name}", self._item(one.name), {} if one.managed else words, columns)
        group.chosen.connect(lambda value: self.act(PreferenceChosen(one.name, value)))
        group.show_value(one.value)
        if one.managed:
            group.fix(self.texts("M-22.fixed", value=self._value(one.name, one.value)))
        self._groups[one.name] = group
        self._place.addWidget(group)

    def _item(self, name: str) -> str:
        return self.texts(f"M-22.item.{name}")

    def _value(self, name: str, value: str) -> str:
        if name in _SECONDS:
            return self.texts("measure.seconds", n=value)
        key = f"M-22.{name}.{value}"
        return self.texts(key) if self.texts.has(key) else value

    def main_button(self) -> FootButton:
        return FootButton(self.texts("button.ok"), self.escape)

    def second_button(self) -> FootButton:
        return FootButton(self.texts("M-22.reset"), lambda: self.act(PreferencesReset()))

    def escape(self) -> None:
        self.act(Confirmed())

    def focus_target(self) -> QWidget | None:
        return None

    def spoken(self) -> str:
        return self.texts("M-22.lead")

    def left(self) -> None:
        self._sure.hide()

    def _open_managed(self) -> None:
        self.act(PageAsked(SidePage.MANAGED))

    def _ask_release(self) -> None:
        self._sure.show()
        self.opened.emit(self._sure)
        self._stay.setFocus(Qt.FocusReason.OtherFocusReason)
        self.say(self.texts("M-22.release_question"), assertive=True)

    def _do_release(self) -> None:
        self._sure.hide()
        self.act(ReleaseAsked())
