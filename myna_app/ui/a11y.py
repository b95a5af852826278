"""What a screen reader hears: headings with their role, and announcements that never carry personal data."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from myna_app.ui.phrases import Words

AFTER_FOCUS_MS = 150
"""A screen reader cuts off what is said in the moment the focus moves."""


class Heading(Words):
    """A label that assistive technology knows as a heading."""


class _HeadingInterface(QAccessibleWidget):
    def __init__(self, heading: Heading) -> None:
        super().__init__(heading, QAccessible.Role.Heading, "")
        self._heading = heading

    def text(self, kind: QAccessible.Text) -> str:
        # A name given to the base class would not follow setText().
        if kind == QAccessible.Text.Name:
            return self._heading.accessibleName() or self._heading.text()
        return super().text(kind)


_interfaces: dict[int, _HeadingInterface] = {}
"""Qt does not keep Python's side of an interface alive."""


def _make_interface(_key: str, widget: QObject) -> _HeadingInterface | None:
    if not isinstance(widget, Heading):
        return None
    name = id(widget)
    interface = _interfaces[name] = _HeadingInterface(widget)
    widget.destroyed.connect(lambda: _interfaces.pop(name, None))
    return interface


def teach_headings() -> None:
    """Once a process, before the first window."""
    QAccessible.installFactory(_make_interface)


class Announcer(QObject):
    """Says things a moment after the focus has moved, what came meanwhile in one, and can say it again (F4).

    Signals:
        announced(text, assertive): it has been handed to assistive technology.
    """

    announced = Signal(str, bool)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._pending: dict[str, bool] = {}
        """Words that wait, in the order they came, and whether they are urgent."""
        self._last = ""
        self._timer = QTimer(self, singleShot=True, interval=AFTER_FOCUS_MS)
        self._timer.timeout.connect(self._announce)

    def say(self, text: str, *, assertive: bool = False) -> None:
        self._pending[text] = assertive
        self._timer.start()

    def drop(self) -> None:
        """What has not been said yet belongs to a screen that is gone."""
        self._pending.clear()
        self._timer.stop()

    def repeat(self) -> None:
        if self._last:
            self.say(self._last)

    def _announce(self) -> None:
        urgent_first = sorted(self._pending, key=lambda one: not self._pending[one])
        text, assertive = " ".join(urgent_first), any(self._pending.values())
        self._pending.clear()
        event = QAccessibleAnnouncementEvent(self._window, text)
        if assertive:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
        self._last = text
        self.announced.emit(text, assertive)
