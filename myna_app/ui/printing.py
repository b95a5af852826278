"""A sheet of paper, laid out as HTML."""

from collections.abc import Callable

from PySide6.QtCore import QMarginsF, QSizeF, Qt
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout, QPainter, QTextDocument, QTextOption
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from myna_app.ui.theme import FAMILIES

_POINTS = 11
_MARGINS = QMarginsF(15, 15, 15, 15)


def print_sheet(parent: QWidget, html: str, done: Callable[[bool], None]) -> None:
    """Ask for the printer, then print; `done` is told whether the printer took it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setModal(True)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: done(paint_sheet(printer, html)))
    dialog.show()


def paint_sheet(paper: QPagedPaintDevice, html: str) -> bool:
    """One page; a word that is wider than its place, such as the name of a PC, is broken rather than cut. False: there
    is no printer, or it refuses."""
    paper.setPageMargins(_MARGINS, QPageLayout.Unit.Millimeter)
    painter = QPainter()
    if not painter.begin(paper):
        return False
    document = QTextDocument()
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPointSize(_POINTS)
    document.setDefaultFont(font)
    document.setDefaultTextOption(_breaking())
    document.documentLayout().setPaintDevice(paper)
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet("h1, h2 { margin-bottom: 8px }")
    document.setHtml(html)
    document.setPageSize(QSizeF(painter.viewport().size()))
    document.drawContents(painter)
    return painter.end()


def _breaking() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
