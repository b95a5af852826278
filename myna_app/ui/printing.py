"""A sheet of paper with a title, one large line and a footer."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPagedPaintDevice, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from myna_app.ui.theme import FAMILIES, MONO_FAMILIES


def print_lines(parent: QWidget, title: str, large: str, footer: str) -> None:
    """Ask for the printer, then print."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setModal(True)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: paint_lines(printer, title, large, footer))
    dialog.show()


def paint_lines(paper: QPagedPaintDevice, title: str, large: str, footer: str) -> None:
    painter = QPainter(paper)
    width = painter.viewport().width()
    top = 0.0
    for text, families, points in ((title, FAMILIES, 14), (large, MONO_FAMILIES, 28), (footer, FAMILIES, 10)):
        font = QFont()
        font.setFamilies(families)
        font.setPointSize(points)
        painter.setFont(font)
        height = 2.0 * painter.fontMetrics().height()
        painter.drawText(QRectF(0, top, width, height), Qt.AlignmentFlag.AlignLeft, text)
        top += height
    painter.end()
