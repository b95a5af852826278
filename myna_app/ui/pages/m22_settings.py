"""M-22 設定: choices of this user; each applies at once, and what an administrator has decided is only read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from myna_app.flow.beside import Preference, ProxyForm, SidePage
from myna_app.flow.events import Confirmed
from myna_app.flow.side_events import (
    PageAsked,
    PasscodeChangeAsked,
    PreferenceChosen,
    PreferencesReset,
    ProxyTyped,
    ReleaseAsked,
)
from myna_app.flow.states import SettingsScreen
from myna_app.ui.native import Sound
from myna_app.ui.pages.base import FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.shield import LIFTED_MINUTES
from myna_app.ui.theme import TextSize
from myna_app.ui.widgets.buttons import Button, Kind
from myna_app.ui.widgets.choices import Choices
from myna_app.ui.widgets.copy_preview import CopyPreview
from myna_app.ui.widgets.labels import heading, label
from myna_app.ui.widgets.proxy_panel import ProxyPanel
from myna_app.ui.widgets.sure import Sure

_LONGEST_ROW = 44
"""Characters of four choices side by side that fit the smallest window."""
_SECONDS = frozenset({"result_seconds", "card_wait_seconds"})
_ON, _OFF = "on", "off"


class SettingsPage(Page[SettingsScreen]):
    number = "M-22"
    can_go_back = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._groups: dict[str, Choices] = {}
        self._shown: dict[str, Preference] = {}
        self._captured_until = 0.0
        self._preview = CopyPreview(self.texts, kit.options.copy_profiles)
        self._proxy = ProxyPanel(self.texts, kit.theme)
        self._proxy.typed.connect(self._keep_proxy)
        self._proxy.refused.connect(self._refuse_proxy)
        self._capture = Sure(
            "M-22.capture",
            self.texts("M-22.capture_question"),
            safe=self.texts("M-22.capture_not"),
            risky=self.texts("M-22.capture_sure"),
            act=self._allow_capture,
        )
        self._below = {"copy_profile": self._preview, "proxy_mode": self._proxy, "block_capture": self._capture}
        self._place = QVBoxLayout()
        self._place.setSpacing(kit.theme.px(12))
        self._reset = Sure(
            "M-22.reset",
            self.texts("M-22.reset_ask"),
            safe=self.texts("M-22.reset_not"),
            risky=self.texts("M-22.reset_sure"),
            act=lambda: self.act(PreferencesReset()),
        )
        self.column.addWidget(self._reset)
        self.column.addWidget(label("body", self.texts("M-22.lead")))
        self.column.addLayout(self._place)
        self.add_row(
            Button(self.texts("M-22.listen"), Kind.OUTLINE, "M-22.listen", lambda: kit.sounds.play(Sound.VALID)),
            Button(self.texts("M-22.managed"), Kind.OUTLINE, "M-22.managed", self._open_managed),
        )
        self._account = self._account_part()
        self.column.addWidget(self._account)
        self.column.addStretch(1)

    def _account_part(self) -> QWidget:
        """What concerns this registration; nothing of it before there is one."""
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.kit.theme.px(12))
        self._sure = Sure(
            "M-22.release",
            self.texts("M-22.release_question"),
            safe=self.texts("M-22.release_not"),
            risky=self.texts("M-22.release_sure"),
            act=lambda: self.act(ReleaseAsked()),
        )
        passcode = Button(self.texts("M-22.passcode"), Kind.OUTLINE, "M-22.passcode", self._change_passcode)
        release = Button(self.texts("M-22.release"), Kind.OUTLINE, "M-22.release", lambda: self.ask(self._sure))
        column.addWidget(heading("h3", self.texts("M-22.account")))
        column.addWidget(passcode, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(label("body", self.texts("M-22.release_hint")))
        column.addWidget(release, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._sure)
        return part

    def show_screen(self, screen: SettingsScreen) -> None:
        self._account.setVisible(self.desk.terminal_id is not None)
        for one in screen.preferences:
            before = self._shown.get(one.name)
            if before is None:
                self._add(one)
            else:
                self._groups[one.name].show_value(self._held(one))
                if before.value != one.value:
                    self.say(self.texts("M-22.done", item=self._item(one.name), value=self._value(one.name, one.value)))
            self._shown[one.name] = one
        if "copy_profile" in self._shown:
            self._preview.show_profile(self._shown["copy_profile"].value)
        self._show_proxy(screen)

    def _show_proxy(self, screen: SettingsScreen) -> None:
        mode = self._shown.get("proxy_mode")
        self._proxy.show_form(screen.proxy, screen.errors)
        if mode is not None and not screen.errors:
            self._proxy.setVisible(mode.value == "manual" and not mode.managed)

    def _add(self, one: Preference) -> None:
        columns = 4 if self.kit.theme.text_size is TextSize.STANDARD else 2
        words = {value: self._value(one.name, value) for value in one.values}
        if sum(map(len, words.values())) > _LONGEST_ROW:
            columns = 2
        group = Choices(f"M-22.{one.name}", self._item(one.name), {} if one.managed else words, columns)
        group.chosen.connect(lambda value: self._choose(one.name, value))
        group.show_value(self._held(one))
        if one.managed:
            group.fix(self.texts("M-22.fixed", value=self._value(one.name, one.value)))
        self._groups[one.name] = group
        self._place.addWidget(group)
        if one.name in self._below:
            self._place.addWidget(self._below[one.name])

    def _choose(self, name: str, value: str) -> None:
        """A proxy of one's own is kept with its address; protection from captures is lifted only after a question."""
        match name, value:
            case "proxy_mode", "manual":
                self._proxy.open()
                self.opened.emit(self._proxy)
            case "block_capture", "off":
                self._groups[name].show_value(_ON)
                self.ask(self._capture)
            case "block_capture", _:
                self._captured_until = 0.0
                self.capture_allowed.emit(False)
                self.say(self.texts("M-22.capture_on"))
            case _:
                self.act(PreferenceChosen(name, value))

    def _held(self, one: Preference) -> str:
        """The value in force; what is lifted for a while stands nowhere but here."""
        lifted = one.name == "block_capture" and self.kit.clock() < self._captured_until
        return _OFF if lifted else one.value

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
        return FootButton(self.texts("M-22.reset"), lambda: self.ask(self._reset))

    def escape(self) -> None:
        self.act(Confirmed())

    def focus_target(self) -> QWidget | None:
        return None

    def spoken(self) -> str:
        return self.texts("M-22.lead")

    def left(self) -> None:
        self._sure.hide()
        self._reset.hide()
        self._capture.hide()
        self._proxy.wipe()

    def _open_managed(self) -> None:
        self.act(PageAsked(SidePage.MANAGED))

    def _change_passcode(self) -> None:
        self.act(PasscodeChangeAsked())

    def _refuse_proxy(self, field: QWidget, message: str) -> None:
        self.opened.emit(field)
        self.say(message, assertive=True)

    def _keep_proxy(self, form: ProxyForm) -> None:
        self.act(ProxyTyped(form))

    def _allow_capture(self) -> None:
        self._captured_until = self.kit.clock() + LIFTED_MINUTES * 60
        self._groups["block_capture"].show_value(_OFF)
        self.capture_allowed.emit(True)
        self.say(self.texts("M-22.capture_off"), assertive=True)
