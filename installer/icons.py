"""Draws `app.png` and `app.ico` from `resources/program/app.svg`: ``python -m installer.icons`` after a change."""

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parents[1] / "resources" / "program"
SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""What Windows asks for at 100, 125, 150 and 200 percent: px."""


def draw(size: int) -> Image.Image:
    """The icon, `size` px square."""
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(FOLDER / "app.svg")).render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


def main() -> None:
    pictures = [draw(size) for size in SIZES]
    pictures[-1].save(FOLDER / "app.png", optimize=True)
    pictures[-1].save(FOLDER / "app.ico", sizes=[picture.size for picture in pictures], append_images=pictures[:-1])


if __name__ == "__main__":
    main()
