"""What surrounds every page: header with 戻る and メニュー, scrolling body, footer with 画面番号 and two buttons."""

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from myna_app.ui.ports import Kit
from myna_app.ui.theme import BUTTON_PADDING, Theme, mark, side_margin
from myna_app.ui.tokens import Tone
from myna_app.ui.widgets.buttons import Button
from myna_app.ui.widgets.labels import label

_AROUND = 50
"""px seen above and below what is revealed: a field's label, and what is wrong with it."""


class Frame(QWidget):
    """The bars stand outside the scrolling part, so that they are always seen."""

    def __init__(self, back: Button, menu: Button, second: Button, main: Button) -> None:
        super().__init__()
        self._menu = menu
        self._stack = QStackedWidget()
        self.number = label("caption")
        self.note = label("caption")
        self.note.hide()
        self._badge = label("badge")
        self._badge.setWordWrap(False)
        self._badge.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._badge.hide()
        self._header = _bar("header", back, None, self._badge, None, menu)
        self._footer = _bar("footer", _Left(self.number, self.note), second, main)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._stack, 1)
        column.addWidget(self._footer)

    def tell(self, note: str) -> None:
        """A line below the 画面番号; empty: none."""
        self._show_note(note, "")

    def urge(self, note: str) -> None:
        """The same, to be noticed from a keyboard's distance."""
        self._show_note(f"▲ {note}", Tone.WARN.value)

    def _show_note(self, note: str, tone: str) -> None:
        self.note.setText(note)
        self.note.setVisible(bool(note))
        if self.note.property("tone") != tone:
            mark(self.note, tone=tone, role="body" if tone else "caption")

    def wear(self, kit: Kit) -> None:
        self._badge.setText(kit.options.badge or "")
        self._badge.setVisible(kit.options.badge is not None)
        self._header.setFixedHeight(kit.theme.header_height)
        self._footer.setFixedHeight(kit.theme.footer_height)

    def fit(self, theme: Theme, *, narrow: bool) -> None:
        """The words in the bars stand in line with the body; 戻る and メニュー have unseen room around theirs."""
        side = side_margin(narrow=narrow)
        for bar, edge in ((self._header, max(0, side - theme.px(BUTTON_PADDING))), (self._footer, side)):
            layout = bar.layout()
            assert layout is not None
            layout.setContentsMargins(edge, 0, edge, 0)

    def add(self, page: QWidget) -> QScrollArea:
        """A page in a scrolling body of its own, so that no page is as high as the highest one."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        area.setWidget(page)
        self._stack.addWidget(area)
        return area

    def remove(self, area: QScrollArea) -> None:
        self._stack.removeWidget(area)
        area.deleteLater()

    def show_body(self, area: QScrollArea) -> None:
        held = self._stack.focusWidget()
        if held is not None and held.hasFocus():
            held.clearFocus()  # else Qt hands it to the first control of the new page, which may do something about it
        self._stack.setCurrentWidget(area)
        area.verticalScrollBar().setValue(0)

    def focus(self, target: QWidget) -> None:
        """Setting the focus does not scroll, and the layout is known only after the event loop has turned."""
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._stack.isAncestorOf(target):
            self.reveal(target)

    def scroll_pages(self, pages: int) -> None:
        """The body scrolls by keyboard although the scroll area takes no focus."""
        area = self._stack.currentWidget()
        if isinstance(area, QScrollArea):
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + pages * bar.pageStep())

    def reveal(self, part: QWidget) -> None:
        """Scroll to something that has just been opened, once its layouts have settled, each in the one around it."""

        def scroll(times: int) -> None:
            area = self._stack.currentWidget()
            page = area.widget() if isinstance(area, QScrollArea) else None
            if not isinstance(area, QScrollArea) or page is None or not page.isAncestorOf(part):
                return  # another page has come
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            centre = part.mapTo(page, part.rect().center())
            around = min(part.height() // 2 + _AROUND, area.viewport().height() // 2)
            area.ensureVisible(centre.x(), centre.y(), 0, around)  # ensureWidgetVisible asks where the cursor is
            above = part.mapTo(area.viewport(), QPoint(0, 0)).y()  # of what is higher than the window, its beginning
            area.verticalScrollBar().setValue(area.verticalScrollBar().value() + min(0, above))
            if times > 1:  # where a scroll bar has just come, everything beside it is narrower and higher
                QTimer.singleShot(0, part, lambda: scroll(times - 1))

        QTimer.singleShot(0, part, lambda: scroll(2))

    def below_menu(self) -> QPoint:
        """Bottom right corner of the menu button, on the screen."""
        return self._menu.mapToGlobal(self._menu.rect().bottomRight())


class _Left(QWidget):
    """Lines at the left of the footer; they take the room that the buttons leave."""

    def __init__(self, *lines: QWidget) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch()
        for line in lines:
            column.addWidget(line)
        column.addStretch()


def _bar(part: str, *widgets: QWidget | None) -> QFrame:
    """Widgets side by side; None is the stretch between left and right."""
    bar = QFrame()
    bar.setProperty("part", part)
    row = QHBoxLayout(bar)
    row.setSpacing(24)
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget)
    return bar
