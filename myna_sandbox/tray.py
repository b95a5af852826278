"""The card tray: a window beside the application from which a tester or trainer puts cards on the reader, and trouble.

Three pages: the persons; what may go wrong, each one click; the accounts to register with. Below them stands what a
real desk would show by itself: which card lies there with what is printed on it, and what does not run.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from myna_app.errors import Problem
from myna_app.formats.era import show_in_era
from myna_app.resources import resources_folder
from myna_app.ui.texts import Language, Texts
from myna_sandbox.background import in_background
from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.virtual_card.card import Card
from myna_sandbox.world import READER_NAME, DemoAccount, World

_FIELDS = (
    ("institution_code", "機関コード"),
    ("user_id", "ユーザID"),
    ("password", "パスワード"),
    ("activation_code", "アクティベーションコード"),
)
FAULTS = {
    "なし（ふつうのカード）": (),
    "すぐに離す": ("pull@2",),
    "終わる前に離す": ("pull@4",),
    "カードが動いたあと、返事の前に離れる": ("pull-after@4",),
    "本物と同じ速さ": ("timing",),
    "とても遅い（1回3秒）": ("delay=3000",),
    "答えない": ("mute@2",),
    "はじめの1回だけ失敗する": ("first-fails",),
    "雑音が返る": ("garbage@2",),
    "途中で切れる": ("cut@2=100",),
    "知らない状態コード（6F00）": ("sw@2=6F00",),
    "短いデータしか通らないリーダー": ("short",),
}
"""What can be wrong with the next card, in words and in the words of `myna_sandbox.faults`."""
_TOO_SHORT = "pull@2"
_SHORT_HOLD_MS = 150
_LOOK_MS = 250


class Tray(QWidget):
    """Persons to put on the reader, and the account to register with. Space or Enter on a person puts the card down."""

    def __init__(self, world: World, passcode: str | None = None) -> None:
        """`passcode` is told to a trainee whose terminal is set up already."""
        super().__init__()
        self._world = world
        self._person = ""
        self._doing = ""
        self._plugged = self._service = True
        self._texts = Texts.load(Language.JAPANESE, resources_folder() / "text")
        self.setWindowTitle("カードのトレイ（架空の人物）")
        self.setMinimumSize(480, 640)
        pages = QTabWidget()
        pages.addTab(self._card_page(), "カード(&1)")
        pages.addTab(self._trouble_page(), "こまったこと(&2)")
        pages.addTab(self._account_page(), "アカウント(&3)")
        self._lying = _text("")
        three_lines = 3 * self._lying.fontMetrics().lineSpacing()
        self._lying.setMinimumHeight(three_lines)  # so that the buttons above stay where they are
        column = QVBoxLayout(self)
        if passcode is not None:
            column.addWidget(QLabel(f"パスコード：{passcode}"))
        column.addWidget(pages, 1)
        column.addWidget(self._lying)
        looking = QTimer(self, interval=_LOOK_MS)  # a faulty card leaves by itself
        looking.timeout.connect(self._tell)
        looking.start()
        self._tell()

    # --- cards -------------------------------------------------------------------------------------------------------

    def tap(self) -> None:
        """Put the chosen person's card on the reader, in place of one that lies there."""
        self._put(*FAULTS[self.faults.currentText()])

    def _put(self, *faults: str) -> None:
        person = self.persons.currentItem().data(Qt.ItemDataRole.UserRole)
        self.put(person, self._world.sandbox.card(person), *faults)

    def put(self, person: str, card: Card, *faults: str) -> None:
        """Put a card of a person on the reader."""
        self._person = person
        self._world.reader.insert(FaultyCard(card, [parse_fault(word) for word in faults]))
        self._tell()

    def allow_photograph(self, allowed: bool) -> None:
        """From the next visit on, staff may look at the photograph in the chip."""
        self._world.settings.allow_photograph = allowed

    def hold_too_short(self) -> None:
        """Down and up again: gone in the middle of a reading, or soon when nobody reads."""
        self._put(_TOO_SHORT)
        QTimer.singleShot(_SHORT_HOLD_MS, self, self.lift)

    def lift(self) -> None:
        """Take the card off the reader."""
        self._world.reader.remove()
        self._tell()

    # --- trouble -----------------------------------------------------------------------------------------------------

    def toggle_reader(self) -> None:
        """Pull the reader's cable, or plug it in."""
        if self._plugged:
            self._world.reader.unplug()
        else:
            self._world.reader = self._world.pcsc.add_reader(READER_NAME)
        self._plugged = not self._plugged
        self._tell()

    def toggle_service(self) -> None:
        """Stop the smart-card service, or start it."""
        if self._service:
            self._world.pcsc.stop_service()
        else:
            self._world.pcsc.start_service()
        self._service = not self._service
        self._tell()

    def toggle_backend(self) -> None:
        """Stop the server, or start it at the same address."""
        backend = self._world.backend
        if backend.running:
            backend.stop()
            self._tell()
        else:
            self._do("サーバーを動かしています…", backend.start)

    def change_account(self, act: str) -> None:
        """`stop` or `resume` the first account."""
        account = self._world.accounts[0].user_id
        self._do("アカウントを変えています…", lambda: self._world.change_account(act, account))

    def order_problem(self) -> None:
        """The next visit ends in the chosen problem."""
        problem = self.problems.currentItem().data(Qt.ItemDataRole.UserRole)
        self._world.rehearsal.problem = Problem(problem)
        self._tell()

    def _do(self, words: str, work: Callable[[], None]) -> None:
        """What takes seconds: told, and not to be begun twice."""
        self._doing = words
        self.setEnabled(False)
        self._tell()
        try:
            in_background(work)
        finally:
            self._doing = ""
            self.setEnabled(True)
            self._tell()

    def _tell(self) -> None:
        world = self._world
        lines = [
            words
            for is_so, words in (
                (not self._plugged, "カードリーダーは外れています。"),
                (not self._service, "カードを読む機能は止まっています。"),
                (not (world.backend.running or self._doing), "サーバーは止まっています。"),
                (bool(self._doing), self._doing),
            )
            if is_so
        ]
        if world.rehearsal.problem is not None:
            lines.insert(0, f"次の読み取りで起きること：{world.rehearsal.problem}")
        self._lying.setText("\n".join([self._card_told(), *lines]))

    def _card_told(self) -> str:
        if not self._world.reader.occupied:
            return "リーダーにカードはありません。"
        person = self._world.sandbox.person(self._person)
        birth = f"{show_in_era(person.holder.birth_date)}（{person.holder.birth_date:%Y年%m月%d日}）"
        return f"リーダーの上：{person.id}　生年月日：{birth}　顔写真の下の数字：{person.card.security_code}"

    # --- pages -------------------------------------------------------------------------------------------------------

    def _card_page(self) -> QWidget:
        self.persons = QListWidget()
        self.persons.setAccessibleName("人物の一覧")
        self.persons.setWordWrap(True)
        self.persons.itemActivated.connect(self.tap)
        for person in self._world.sandbox.persons.values():
            self.persons.addItem(_item(f"{person.id}　{person.about_ja}", person.id))
        self.persons.setCurrentRow(0)
        self.faults = QComboBox()
        self.faults.setAccessibleName("次に置くカードのようす")
        self.faults.addItems(list(FAULTS))
        self.photograph = QCheckBox("ICチップの顔写真も見くらべる(&P)")
        self.photograph.setMinimumHeight(44)
        self.photograph.toggled.connect(self.allow_photograph)
        return _page(
            _text("人物を選んで「置く」。別のカードがあれば、入れかえます。"),
            self.persons,
            _text("次に置くカードのようす"),
            self.faults,
            _row(_button("カードを置く(&O)", self.tap), _button("カードを取る(&T)", self.lift)),
            _row(_button("置いてすぐ取る(&S)", self.hold_too_short)),
            self.photograph,
        )

    def _trouble_page(self) -> QWidget:
        self.problems = QListWidget()
        self.problems.setAccessibleName("エラーの一覧")
        self.problems.itemActivated.connect(self.order_problem)
        for problem in Problem:
            self.problems.addItem(_item(f"{problem}　{self._texts.problem(problem, {}).title}", problem.value))
        self.problems.setCurrentRow(0)
        return _page(
            _group(
                "ほんとうに起こす",
                _button("カードリーダーを外す・つなぐ", self.toggle_reader),
                _button("カードを読む機能を止める・動かす", self.toggle_service),
                _button("サーバーを止める・動かす", self.toggle_backend),
                _button("アカウントを停止する", lambda: self.change_account("stop")),
                _button("アカウントの停止をやめる", lambda: self.change_account("resume")),
            ),
            _text("次の読み取りで起こすエラー（Enter かダブルクリック）"),
            self.problems,
            _button("次の読み取りで起こす(&E)", self.order_problem),
        )

    def _account_page(self) -> QWidget:
        accounts = self._world.accounts
        offices = QComboBox()
        offices.setAccessibleName("施設")
        offices.addItems([f"{account.office}　{account.user_id}" for account in accounts])
        block = QGroupBox("登録に使うアカウント")
        grid = QGridLayout(block)
        grid.setColumnStretch(1, 1)
        values = {name: QLabel() for name, _title in _FIELDS}
        for row, (name, title) in enumerate(_FIELDS):
            value = values[name]
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            copy = _button("コピー", partial(lambda label: _copy_text(label.text()), value))
            copy.setAccessibleName(f"{title}をコピー")
            for column, widget in enumerate((QLabel(title), value, copy)):
                grid.addWidget(widget, row, column)

        def show_account(index: int) -> None:
            for name, value in values.items():
                value.setText(getattr(accounts[index], name))

        offices.currentIndexChanged.connect(show_account)
        show_account(0)
        whole = _button("全部コピー(&A)", lambda: _copy_text(_sheet(accounts[offices.currentIndex()])))
        page = _page(offices, block, whole, _text("コピーしたら、画面の「ユーザー設定情報を貼りつける」を押します。"))
        page.layout().addStretch()  # type: ignore[union-attr] # the column made by `_page`
        return page


def _sheet(account: DemoAccount) -> str:
    """ユーザー設定情報 as an office is handed it."""
    return "".join(f"{title}：{getattr(account, name)}\n" for name, title in _FIELDS)


def _copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _text(words: str) -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    return label


def _item(text: str, key: str) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setData(Qt.ItemDataRole.UserRole, key)
    return item


def _button(text: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setMinimumHeight(44)
    button.clicked.connect(lambda _checked: act())
    return button


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    return row


def _group(title: str, *widgets: QWidget) -> QGroupBox:
    group = QGroupBox(title)
    layout = QVBoxLayout(group)
    for widget in widgets:
        layout.addWidget(widget)
    return group


def _page(*widgets: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    for widget in widgets:
        layout.addWidget(widget)
    return page
