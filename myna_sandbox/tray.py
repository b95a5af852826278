"""The card tray: a window beside the application from which a tester puts cards on the reader and lifts them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_reader import VirtualReader
from myna_sandbox.world import DemoAccount

_FIELDS = (
    ("institution_code", "機関コード"),
    ("user_id", "ユーザID"),
    ("password", "パスワード"),
    ("activation_code", "アクティベーションコード"),
)


class Tray(QWidget):
    """Persons to put on the reader, and the account to register with. Space or Enter on a person puts the card down."""

    def __init__(self, sandbox: Sandbox, reader: VirtualReader, accounts: Sequence[DemoAccount]) -> None:
        super().__init__()
        self._sandbox = sandbox
        self._reader = reader
        self._accounts = accounts
        self.setWindowTitle("カードのトレイ（デモ）")
        self.setMinimumSize(420, 640)
        self._persons = QListWidget()
        self._persons.setAccessibleName("人物の一覧")
        self._persons.setWordWrap(True)
        self._persons.itemActivated.connect(self.tap)
        for person in sandbox.persons.values():
            item = QListWidgetItem(f"{person.id}　{person.about_ja}")
            item.setData(Qt.ItemDataRole.UserRole, person.id)
            self._persons.addItem(item)
        self._persons.setCurrentRow(0)
        self._lying = QLabel()
        self._lying.setWordWrap(True)
        self._tap = QPushButton("カードを置く(&O)")
        self._tap.clicked.connect(self.tap)
        self._lift = QPushButton("カードを取る(&T)")
        self._lift.clicked.connect(self.lift)
        buttons = QHBoxLayout()
        for button in (self._tap, self._lift):
            button.setMinimumHeight(44)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(self._account_block())
        column.addWidget(QLabel("カード（人物を選んで「置く」）"))
        column.addWidget(self._persons, 1)
        column.addWidget(self._lying)
        column.addLayout(buttons)
        self._tell()

    def tap(self) -> None:
        """Put the chosen person's card on the reader, in place of one that lies there."""
        person = self._persons.currentItem().data(Qt.ItemDataRole.UserRole)
        if self._reader.occupied:
            self._reader.remove()
        self._reader.insert(self._sandbox.card(person))
        self._tell(person)

    def lift(self) -> None:
        """Take the card off the reader."""
        if self._reader.occupied:
            self._reader.remove()
        self._tell()

    def _tell(self, person: str | None = None) -> None:
        self._lying.setText("リーダーにカードはありません。" if person is None else f"リーダーの上：{person}")
        self._lift.setEnabled(person is not None)

    def _account_block(self) -> QGridLayout:
        grid = QGridLayout()
        self._offices = QComboBox()
        self._offices.setAccessibleName("施設")
        self._offices.addItems([f"{account.office}　{account.user_id}" for account in self._accounts])
        self._values = {name: QLabel() for name, _title in _FIELDS}
        self._offices.currentIndexChanged.connect(self._show_account)
        grid.addWidget(QLabel("登録に使うアカウント"), 0, 0)
        grid.addWidget(self._offices, 0, 1, 1, 2)
        for row, (name, title) in enumerate(_FIELDS, start=1):
            value = self._values[name]
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            copy = QPushButton("コピー")
            copy.setAccessibleName(f"{title}をコピー")
            copy.clicked.connect(lambda _checked=False, value=value: QGuiApplication.clipboard().setText(value.text()))
            grid.addWidget(QLabel(title), row, 0)
            grid.addWidget(value, row, 1)
            grid.addWidget(copy, row, 2)
        grid.setColumnStretch(1, 1)
        self._show_account(0)
        return grid

    def _show_account(self, index: int) -> None:
        for name, _title in _FIELDS:
            self._values[name].setText(getattr(self._accounts[index], name))
