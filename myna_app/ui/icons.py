"""Pictures: SVG files whose ``currentColor`` takes the theme's colour, drawn sharp at the screen's scale."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QWidget

from myna_app.resources import resources_folder


@cache
def _source(file: Path) -> str:
    return file.read_text("utf-8")


def picture(name: str, colour: QColor, height: int, ratio: float) -> QPixmap:
    """The icon `name` at `height` px; its width follows from the drawing. `ratio` is device pixels per px."""
    source = _source(resources_folder() / "icons" / f"{name}.svg").replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(source.encode()))
    size = renderer.defaultSize().scaled(height * 4, height, Qt.AspectRatioMode.KeepAspectRatio)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return pixmap


def row_icon(name: str, colour: QColor, height: int, ratio: float) -> QIcon:
    """For a row of a list; the same where the row is selected, which Qt would tint."""
    drawn = picture(name, colour, height, ratio)
    icon = QIcon(drawn)
    icon.addPixmap(drawn, QIcon.Mode.Selected)
    return icon


class Icon(QLabel):
    """A decorative picture: no focus, no name. What it means is always said in words beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_picture(self, name: str, colour: QColor, height: int) -> None:
        self.setPixmap(picture(name, colour, height, self.devicePixelRatioF()))
        self.setFixedSize(self.pixmap().deviceIndependentSize().toSize())
