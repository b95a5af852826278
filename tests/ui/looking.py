"""Looking at a window as a person, a screen reader or a search for traces would."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface, QInputMethodEvent, QTextLayout, QTextOption
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
    """All that any widget of the program holds, seen or not: texts, titles, list rows, undo histories, and every
    property that is a text, of the objects below the window too, whatever they are."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as the event loop does, which tests have not
    told = [text for widget in QApplication.allWidgets() for text in texts_of(widget)]
    return "\n".join(told + [text for one in [window, *window.findChildren(QObject)] for text in _properties(one)])


def _properties(one: QObject) -> list[str]:
    return [str(one.property(name)) for name in _text_properties(one.metaObject().className(), one)]


_known: dict[str, tuple[str, ...]] = {}


def _text_properties(kind: str, one: QObject) -> tuple[str, ...]:
    """Names of what objects of a class hold as text; the same for all of them."""
    if kind not in _known:
        meta = one.metaObject()
        properties = [meta.property(place) for place in range(meta.propertyCount())]
        _known[kind] = tuple(str(each.name()) for each in properties if each.typeName() in ("QString", "QStringList"))
    return _known[kind]


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


def lines_of(label: QLabel) -> list[tuple[str, float]]:
    """Its words as they are broken at the width it has, and where each line ends."""
    lines = []
    for paragraph in QLabel.text(label).split("\n"):
        layout = QTextLayout(paragraph, label.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(label.contentsRect().width())
            words = paragraph[line.textStart() :][: line.textLength()]
            lines.append((words.replace("\u2060", ""), line.naturalTextWidth()))
        layout.endLayout()
    return lines


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
