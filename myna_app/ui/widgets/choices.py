"""One choice of M-22: a named group of radio buttons, or what an administrator has decided."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QGroupBox, QRadioButton

from myna_app.ui.widgets.labels import label


class Choices(QGroupBox):
    """The group's name is read before its items; arrow keys change the choice, Tab moves to the next group.

    Signals:
        chosen(value): by a person.
    """

    chosen = Signal(str)

    def __init__(self, identifier: str, name: str, values: Mapping[str, str], columns: int) -> None:
        """`values` are the words of each value."""
        super().__init__(name)
        self.setObjectName(identifier)
        self.setAccessibleName(name)
        self._buttons: dict[str, QRadioButton] = {}
        grid = QGridLayout(self)
        for place, (value, words) in enumerate(values.items()):
            button = QRadioButton(words)
            button.setObjectName(f"{identifier}.{value}")
            button.setAccessibleName(words)
            button.clicked.connect(lambda _checked, value=value: self.chosen.emit(value))
            self._buttons[value] = button
            grid.addWidget(button, place // columns, place % columns)
        grid.setColumnStretch(columns, 1)

    def show_value(self, value: str) -> None:
        """A value that is not offered leaves every button unchecked."""
        for name, button in self._buttons.items():
            button.setChecked(name == value)

    def fix(self, words: str) -> None:
        """Nothing can be chosen; `words` say what holds and why."""
        for button in self._buttons.values():
            button.hide()
        grid = self.layout()
        assert isinstance(grid, QGridLayout)
        grid.addWidget(label("body", words), 0, 0, 1, -1)
