"""Looking at a window as a person, a screen reader or a search for traces would."""

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface, QInputMethodEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)


def settle() -> None:
    """Let layouts and what waits for them happen."""
    for _ in range(4):
        QApplication.processEvents()


def named(window: QWidget, identifier: str) -> QWidget:
    found = window.findChild(QWidget, identifier)
    assert found is not None, identifier
    return found


def button(window: QWidget, identifier: str) -> QAbstractButton:
    found = named(window, identifier)
    assert isinstance(found, QAbstractButton)
    return found


def edit(window: QWidget, identifier: str) -> QLineEdit:
    found = named(window, identifier)
    assert isinstance(found, QLineEdit)
    return found


def commit(target: QWidget, text: str) -> None:
    """What a Japanese IME does when a conversion is confirmed."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(target, event)


def visible_text(window: QWidget) -> str:
    return "\n".join(text for widget in everything(window) if widget.isVisible() for text in texts_of(widget))


def every_trace(window: QWidget) -> str:
    """All that any widget holds, seen or not: text, name, description, tool tip, list rows, undo histories."""
    return "\n".join(text for widget in everything(window) for text in texts_of(widget))


def everything(window: QWidget) -> list[QWidget]:
    return [window, *window.findChildren(QWidget)]


def texts_of(widget: QWidget) -> Iterator[str]:
    yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.windowTitle())
    match widget:
        case QLabel() | QAbstractButton() | QLineEdit():
            yield widget.text()
        case QPlainTextEdit() | QTextEdit():
            yield widget.toPlainText()
            assert not widget.document().isUndoAvailable(), "what stood there can be brought back"
        case QGroupBox():
            yield widget.title()
        case QListWidget():
            for row in range(widget.count()):
                item = widget.item(row)
                yield from (item.text(), str(item.data(0x000B)))  # Qt.AccessibleTextRole
    if isinstance(widget, QLineEdit):
        assert not widget.isUndoAvailable() or widget.text(), "an emptied field can be undone"


def nodes(root: QWidget) -> Iterator[QAccessibleInterface]:
    """What assistive technology sees of a window, without what is hidden."""
    interface = QAccessible.queryAccessibleInterface(root)
    assert interface is not None
    yield from _below(interface)


def _below(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    if interface.state().invisible:
        return
    yield interface
    for place in range(interface.childCount()):
        child = interface.child(place)
        if child is not None:
            yield from _below(child)
