"""M-13 読み取り結果: the verdict, what reception needs, and nothing left behind.

It leaves the screen by itself: idle time, the next card, lock, minimise, F8. What is announced aloud is the verdict
alone; values are spoken only when the focus is moved onto them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from myna_app.flow.beside import HandOver
from myna_app.flow.events import Cleared
from myna_app.flow.states import Result
from myna_app.formats.eligibility import Eligibility, NoticeCode, Qualification, Verdict
from myna_app.formats.jis import rare_level
from myna_app.ui.idle import Idle
from myna_app.ui.native import Sound, open_in_browser
from myna_app.ui.pages.base import CARD_LEFT_MS, WARN_SECONDS, FootButton, Page
from myna_app.ui.ports import Kit
from myna_app.ui.presentation import compared, day_of, groups, lost, odd_characters, told_apart
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.advice import Advice
from myna_app.ui.widgets.banner import Banner
from myna_app.ui.widgets.buttons import Button, HoldButton, Kind
from myna_app.ui.widgets.choice_list import ChoiceList
from myna_app.ui.widgets.copies import Copies
from myna_app.ui.widgets.labels import held_whole, label
from myna_app.ui.widgets.marked_lines import MarkedLines
from myna_app.ui.widgets.values import ValueGrid

LIFTED_MS = 1000
_UNKNOWN_CHARACTER = "●"
_MARK = "▲ "
_NOTE = "ⓘ"


@dataclass(frozen=True, slots=True)
class Looks:
    """A verdict as text key, symbol, colour and sound."""

    key: str
    icon: str
    tone: Tone
    sound: Sound


_LOOKS: Mapping[int | None, Looks] = MappingProxyType(
    {
        Verdict.VALID: Looks("valid", "valid", Tone.OK, Sound.VALID),
        Verdict.INVALID: Looks("invalid", "invalid", Tone.ERROR, Sound.INVALID),
        Verdict.SUPERSEDED: Looks("superseded", "renewed", Tone.WARN, Sound.RENEWED),
        Verdict.NOT_FOUND: Looks("not_found", "unknown", Tone.NEUTRAL, Sound.UNCLEAR),
        Verdict.MULTIPLE: Looks("multiple", "several", Tone.INFO, Sound.UNCLEAR),
        Verdict.VALID_UNREGISTERED: Looks("valid_unregistered", "alert", Tone.WARN, Sound.RENEWED),
        None: Looks("care", "valid", Tone.OK, Sound.VALID),
    }
)
"""None is the answer for care offices; the journey lets no other value through."""


class ResultPage(Page[Result]):
    number = "M-13"
    sensitive = True
    spoken_assertively = True
    advice_beside = True

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.heading.hide()  # the verdict is the heading
        theme = kit.theme
        self._eligibility: Eligibility | None = None
        self._looks = _LOOKS[None]
        self._banner = Banner(theme, "verdict")
        self._card_left = label("large")
        self._card_left.setProperty("tone", Tone.WARN.value)
        self._file = label("large")
        self._file.setProperty("tone", Tone.WARN.value)
        self._notices = MarkedLines(theme, "body", Tone.INFO)
        self._list = ChoiceList("M-13.results", self.texts("M-13.list_heading"))
        self._list.setMaximumHeight(theme.px(200))
        self._list.picked.connect(self._choose_one)
        self._values = ValueGrid(self.texts, theme)
        self._place: int | None = None
        self._hold = HoldButton(self.texts("M-13.hold"), "M-13.hold", self._reveal)
        profile = kit.options.copy_profiles[kit.options.copy_profile]
        self._copies = Copies(self.texts, theme, profile, self, kit.options.clipboard_seconds)
        self._copies.copied.connect(self._tell_copied)
        self._open_copies = Button(self.texts("M-13.copies"), Kind.TEXT, "M-13.copies", self._toggle_copies)
        self._web = Button(self.texts("M-13.open_web_service"), Kind.OUTLINE, "M-13.web", self._open_web_service)
        self._advice = Advice(theme)
        self._idle = Idle(kit.options.result_seconds, self)
        self._idle.ticked.connect(self._tell_seconds)
        self._idle.expired.connect(lambda: self.act(Cleared()))
        self._reminder = QTimer(self, singleShot=True, interval=CARD_LEFT_MS)
        self._reminder.timeout.connect(self.remind)
        self._lifted = QTimer(self, singleShot=True, interval=LIFTED_MS)
        self._lifted.timeout.connect(lambda: self.act(Cleared()))
        self._card_was_there = False
        self._arrange()

    def _arrange(self) -> None:
        urgent = (self._banner, self._card_left, self._file)
        above: tuple[QWidget, ...] = (*urgent, self._list, self._advice, self._values, self._copies)
        for widget in above:
            self.column.addWidget(widget)
        self.add_row(self._hold, self._open_copies)
        self.column.addLayout(self._notices)
        self.column.addWidget(self._web, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self._card_left.hide()

    def fit(self, *, narrow: bool) -> None:
        """Closer than elsewhere: what is needed at every visit is to be seen at once."""
        super().fit(narrow=narrow)
        self.column.setSpacing(self.kit.theme.px(8))

    def show_screen(self, screen: Result) -> None:
        if not self.desk.card_left:
            self._card_left.hide()
        self._watch_card()
        if screen.eligibility is not self._eligibility:
            self._show_eligibility(screen.eligibility)
            self._tell_file(screen.handed_over)

    def _show_eligibility(self, eligibility: Eligibility) -> None:
        self._wipe()
        self._eligibility = eligibility
        looks = self._looks = _LOOKS[eligibility.verdict]
        key = f"verdict.{looks.key}"
        self._banner.show_message(
            looks.tone, looks.icon, self.texts(f"{key}.title"), "\n".join(self._lines(eligibility))
        )
        several = eligibility.verdict == Verdict.MULTIPLE
        self._list.setVisible(several)
        if several:
            lines = told_apart(self.texts, eligibility.results, masked=self.kit.options.mask_numbers)
            for place, words in enumerate(lines):
                self._list.offer(str(place), held_whole(words), spoken=words)
        elif eligibility.results:
            self._show_one(0)
        self._web.setVisible(eligibility.verdict is None and self.desk.web_service_url is not None)
        self._tell_notices(eligibility)
        steps = self.texts.lines(f"{key}.steps") if self.texts.has(f"{key}.steps") else ()
        say = self.texts(f"{key}.say") if self.texts.has(f"{key}.say") else None
        self._advice.show_advice(self.texts, steps, say)

    def _lines(self, eligibility: Eligibility) -> list[str]:
        """Under the verdict: what it means, and when it was asked."""
        confirmed = self.texts("M-13.confirmed_at", time=self.texts.moment(eligibility.confirmed_at))
        key = f"verdict.{self._looks.key}.line"
        if self.texts.has(key):
            return [self.texts(key), confirmed]
        lost = day_of(eligibility.results[0].disqualification_date) if eligibility.results else None
        if eligibility.verdict == Verdict.INVALID and lost is not None:
            return [self.texts("M-13.lost_on", date=self.texts.day_in_era(lost)), confirmed]
        return [confirmed]

    def _choose_one(self, place: str) -> None:
        """What was to be asked is settled, and its place is wanted."""
        self._advice.hide()
        self._show_one(int(place))
        if self._eligibility is not None:
            self._tell_notices(self._eligibility)
        self.opened.emit(self._values)
        self.frame_changed.emit()
        self.settled.emit()

    def _show_one(self, place: int, *, revealed: bool = False) -> None:
        """One of the results. Whoever has lost the 資格 is not shown numbers that could be billed by mistake."""
        if self._eligibility is None:
            return
        self._place = place
        one = self._eligibility.results[place]
        options = self.kit.options
        if self._eligibility.verdict == Verdict.INVALID:
            self._values.show_groups(lost(self.texts, one))
            return
        hidden = self.texts("M-13.hidden") if options.mask_numbers and not revealed else None
        earlier = self._eligibility.superseded
        told = groups(self.texts, one) if earlier is None else compared(self.texts, one, earlier)
        self._values.show_groups(told, hidden=hidden)
        self._values.setVisible(self._copies.isHidden())
        self._hold.setVisible(options.mask_numbers)
        self._open_copies.setVisible(options.allow_copy)
        if options.allow_copy:
            self._copies.offer(one, self._eligibility, hidden=hidden)

    def _reveal(self, revealed: bool) -> None:
        if self._place is not None:
            self._show_one(self._place, revealed=revealed)

    def _tell_copied(self, words: str) -> None:
        self.noted.emit(words)
        self.say(words)

    def _tell_file(self, handed_over: HandOver | None) -> None:
        """What staff have to do something about stands before everything else."""
        words = "" if handed_over is None else self.texts(f"M-13.{handed_over}")
        done = handed_over is HandOver.WRITTEN
        self._file.setText(f"{_MARK}{words}")
        self._file.setHidden(not words or done)
        if done:
            self._notices.add(_NOTE, words)

    def _watch_card(self) -> None:
        """Where it is wanted, a result goes with its card; one that was lifted before the verdict came counts not."""
        there = self.desk.reader is not None and self.desk.reader.card_present
        if self.kit.options.clear_on_lift and self._card_was_there and not there:
            self._lifted.start()
        elif there:
            self._lifted.stop()
        self._card_was_there = there

    def _toggle_copies(self) -> None:
        """They show the values too, in the form of the receipt computer: the two need not stand there together."""
        opened = self._copies.isHidden()
        self._values.setHidden(opened)
        self._copies.setVisible(opened)
        if opened:
            self.opened.emit(self._copies.first())
            self._copies.first().setFocus(Qt.FocusReason.TabFocusReason)
        self._open_copies.rename(self.texts("M-13.copies_close" if opened else "M-13.copies"))

    def _tell_notices(self, eligibility: Eligibility) -> None:
        told = []
        for notice in eligibility.notices:
            if notice.code in set(NoticeCode):
                day = day_of(notice.date)
                told.append(self.texts(f"M-13.notice.{notice.code}", date=self.texts.day(day) if day else ""))
        shown = eligibility.results if self._place is None else (eligibility.results[self._place],)
        told.extend(self._name_notices(() if self._undecided else shown))
        self._notices.wipe()
        for line in told:
            self._notices.add(_NOTE, line)

    def _name_notices(self, results: tuple[Qualification, ...]) -> list[str]:
        names = [name for one in results for name in (one.name, one.name_of_other) if name is not None]
        told = []
        if any(_UNKNOWN_CHARACTER in name for name in names):
            told.append(self.texts("M-13.dot_name"))
        odd = sorted(set().union(*(odd_characters(name) for name in names)))
        if odd:
            levels = (self.texts(f"M-13.rare.{rare_level(char)}", character=char) for char in odd)
            told.append(self.texts("M-13.odd_characters", characters="　".join(levels)))
        return told

    def main_button(self) -> FootButton:
        """The same key at every verdict; but where there are several, none of them is passed over unseen."""
        if self._undecided:
            return FootButton(self.texts("M-13.decide"), self._decide)
        return FootButton(self.texts("button.next_visitor"), self.escape)

    @property
    def _undecided(self) -> bool:
        """There are several, and none is shown yet."""
        several = self._eligibility is not None and self._eligibility.verdict == Verdict.MULTIPLE
        return several and self._place is None

    def _decide(self) -> None:
        """The row under the cursor; where there is none, the keyboard goes to the list."""
        place = self._list.current()
        if place is not None:
            self._choose_one(place)
            return
        words = self.texts("M-13.choose_first")
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.noted.emit(words)
        self.say(words, assertive=True)

    def focus_target(self) -> QWidget | None:
        return self._list if self._undecided else None

    def second_button(self) -> FootButton:
        return FootButton(self.texts("M-13.clear"), self.escape)

    def escape(self) -> None:
        self.act(Cleared())

    def spoken(self) -> str:
        to_do = "" if self._file.isHidden() else self._file.text().removeprefix(_MARK)
        return self.texts("M-13.spoken", word=self.texts(f"verdict.{self._looks.key}.word")) + to_do

    def entered(self) -> None:
        self.play(self._looks.sound)
        self._idle.start()
        self._reminder.start()

    def left(self) -> None:
        self._idle.stop()
        self._reminder.stop()
        self._lifted.stop()
        self._card_was_there = False
        self._card_left.hide()
        self._wipe()

    def _wipe(self) -> None:
        """The model first, then every widget that showed a part of it."""
        self._eligibility = None
        self._banner.wipe()
        self._list.clear()
        self._place = None
        self._values.wipe()
        self._copies.wipe()
        self._hold.hide()
        self._open_copies.hide()
        self._open_copies.rename(self.texts("M-13.copies"))
        self._notices.wipe()
        self._advice.wipe()
        self.update()

    def remind(self) -> None:
        """The card still lies there after five seconds: one line, one sound."""
        if self.desk.card_left:
            words = self.texts("M-13.card_left")
            self._card_left.setText(f"{_MARK}{words}")
            self._card_left.show()
            self.say(words)
            self.play(Sound.REMINDER)

    def _tell_seconds(self, left: int) -> None:
        self.count_down(left)
        if left == WARN_SECONDS:
            self.say(self.texts("M-13.countdown_spoken"), assertive=True)

    def _open_web_service(self) -> None:
        if self.desk.web_service_url is not None:
            open_in_browser(self.desk.web_service_url)
