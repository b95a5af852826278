"""The photograph in the chip, as large as the page has room, and nothing of it left once it is wiped."""

from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from myna_app.formats.photograph import GreyPicture

_LEAST_HEIGHT = 240


class Photograph(QLabel):
    """Assistive technology is told that it is a photograph, and nothing of what it shows."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._image = QImage()
        self.setAccessibleName(name)
        self._highest = self.maximumHeight()
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_picture(self, picture: GreyPicture) -> None:
        borrowed = QImage(picture.pixels, picture.width, picture.height, picture.width, QImage.Format.Format_Grayscale8)
        self._image = borrowed.copy()
        self._fit()

    def keep_height(self) -> None:
        """Until it is wiped: what opens beside it makes the page higher, not the photograph."""
        self.setFixedHeight(self.height())

    def wipe(self) -> None:
        self._image = QImage()
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setMaximumHeight(self._highest)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        painter.end()

    def _fit(self) -> None:
        """The height is what the page has room for, the width follows from it."""
        if not self._image.isNull():
            self.setFixedWidth(self.height() * self._image.width() // self._image.height())
        self.update()
