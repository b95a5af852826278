"""The focus ring: yellow inside, black outside, drawn over everything, so that it is seen on every background.

Shown for keyboard focus, and always for text fields. It is clipped to the scrolling part it belongs to.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from myna_app.ui.theme import Theme

WIDTH = 6
_RADIUS = 8
_MOVES = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Wheel,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.LayoutRequest,
    }
)


class FocusRing(QWidget):
    """One for every top-level window."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._target: QWidget | None = None
        self._clip = QRect()
        self._soon = QTimer(
            self, singleShot=True, interval=0
        )  # a page that changes moves a hundred times; once is enough
        self._soon.timeout.connect(self._follow)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def wear(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusIn and isinstance(watched, QWidget) and watched.window() is self._window:
            by_mouse = isinstance(event, QFocusEvent) and event.reason() == Qt.FocusReason.MouseFocusReason
            typing = isinstance(watched, QLineEdit | QTextEdit | QPlainTextEdit)
            reached = watched.focusPolicy() & Qt.FocusPolicy.TabFocus
            self._target = watched if reached and (typing or not by_mouse) else None
            self._follow()
        elif kind == QEvent.Type.FocusOut and watched is self._target:
            self._target = None
            self._follow()
        elif self._target is not None and kind in _MOVES and watched is not self:
            self._soon.start()
        return False

    def _follow(self) -> None:
        target = self._target
        if target is None or not target.isVisible():
            self.hide()
            return
        around = QRect(target.mapTo(self._window, QPoint()), target.size()).adjusted(-WIDTH, -WIDTH, WIDTH, WIDTH)
        clip = self._window.rect()
        inner = target.parentWidget()
        while inner is not None and inner is not self._window:
            outer = inner.parentWidget()
            if isinstance(outer, QAbstractScrollArea) and outer.viewport() is inner:
                clip &= QRect(inner.mapTo(self._window, QPoint()), inner.size())
            inner = outer
        self._clip = clip.translated(-around.topLeft())
        self.setGeometry(around)
        self.raise_()
        self.setVisible(clip.intersects(around))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRegion(QRegion(self._clip))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        edge = QRectF(self.rect())
        for colour, width, inset in (
            (tokens.focus_inner, 2, 5),
            (tokens.focus_outer, 4, 2),
            (tokens.focus_hairline, 1, 0.5),
        ):
            painter.setPen(QPen(self._theme.colour(colour), width))
            radius = _RADIUS + WIDTH - inset
            painter.drawRoundedRect(edge.adjusted(inset, inset, -inset, -inset), radius, radius)
        painter.end()
