"""The composition root: puts the program together and runs it."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from myna_app import __version__
from myna_app.api.client import BackendClient
from myna_app.card.scard import PyscardApi
from myna_app.duties import Parts
from myna_app.errors import AppError, Problem
from myna_app.flow.events import Failed
from myna_app.ledger import Ledger
from myna_app.passcode import Passcode
from myna_app.resources import resources_folder
from myna_app.runner import Runner
from myna_app.settings import table
from myna_app.settings.store import SettingsStore
from myna_app.terminal import Device
from myna_app.ui.a11y import teach_headings
from myna_app.ui.native import Sounds
from myna_app.ui.ports import Kit, Options, SoundChoice
from myna_app.ui.single_instance import SingleInstance
from myna_app.ui.texts import Language, Texts
from myna_app.ui.theme import Scheme, TextSize, Theme, choose_tokens
from myna_app.ui.window import MainWindow
from myna_app.ui.worker import GuiThread
from myna_app.vault import Entry, KeyringVault

PROFILE = "myna-app"

_SOUNDS = {table.Sound.ON: SoundChoice.ALL, table.Sound.ERRORS: SoundChoice.PROBLEMS, table.Sound.OFF: SoundChoice.NONE}
_TEXT_SIZES = {
    table.TextSize.STANDARD: TextSize.STANDARD,
    table.TextSize.LARGE: TextSize.LARGE,
    table.TextSize.EXTRA_LARGE: TextSize.LARGEST,
}


def make_client(settings: SettingsStore, device: Device, vault: KeyringVault) -> BackendClient:
    """The backend that the settings name. Raises `SettingsError` when they name none, or cannot be trusted."""
    route = settings.route()
    password = vault.get(Entry.PROXY_PASSWORD, lambda record: str(record["password"])) if route.proxy_user else None
    return BackendClient(
        route.base_url, device.client_assertion, ca_file=route.ca_file, proxy=route.proxy_url(password)
    )


def make_parts(settings: SettingsStore) -> Parts:
    """The real parts: the operating system's PC/SC and key store, HTTPS, files of this user."""
    vault = KeyringVault(PROFILE)
    data = settings.folders.data
    return Parts(
        settings=lambda: settings,
        vault=lambda: vault,
        pcsc=PyscardApi(),
        client=lambda store, device: make_client(store, device, vault),
        passcode=lambda store, _settings: Passcode(store, data / "passcode-failures"),
        ledger=lambda _settings: Ledger(data / "ledger.sqlite"),
    )


def make_kit(settings: table.Settings) -> Kit:
    """What the pages are built with, as this user and the policy want it."""
    hints = QGuiApplication.styleHints()
    high_contrast = hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
    tokens = choose_tokens(
        Scheme(settings.theme.value),
        system_is_dark=hints.colorScheme() is Qt.ColorScheme.Dark,
        system_high_contrast=high_contrast,
    )
    return Kit(
        texts=Texts.load(Language(settings.language.value), resources_folder() / "text"),
        theme=Theme(tokens, _TEXT_SIZES[settings.text_size]),
        options=Options(
            version=__version__,
            result_seconds=settings.result_seconds,
            idle_lock_minutes=settings.idle_lock_minutes,
            sound=_SOUNDS[settings.sound],
            hide_from_capture=settings.block_capture,
        ),
        sounds=Sounds(),
        clock=time.monotonic,
        now=lambda: datetime.now().astimezone(),
    )


@dataclass
class Desk:
    """One running application: window and runner. The sandbox builds the same with other parts."""

    window: MainWindow
    runner: Runner
    _thread: GuiThread = field(repr=False)

    @classmethod
    def build(cls, parts: Parts, kit: Kit) -> "Desk":
        """Needs the QApplication."""
        thread = GuiThread()
        runner = Runner(parts, thread.post)
        return cls(MainWindow(runner, kit), runner, thread)

    def open(self) -> None:
        self.window.show()
        self.runner.start(self.window.render)


def make_application(language: table.Language, arguments: Sequence[str] = ()) -> QApplication:
    """The QApplication, with Qt's own words in the language of the screens."""
    application = QApplication(["myna-app", *arguments])
    teach_headings()
    translator = QTranslator(application)
    where = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language.value), "qtbase", "_", where):
        application.installTranslator(translator)
    return application


def run() -> int:
    """The reception desk's program, from start to end. Exit status 0, or 1 when it already runs and does not answer."""
    settings = SettingsStore()
    application = make_application(settings.settings.language)
    kit = make_kit(settings.settings)
    instance = SingleInstance(settings.folders.data, f"{PROFILE}-{settings.folders.data}")
    if not instance.is_first():
        return 0 if instance.ask_first_to_show() else _tell_running(kit)
    desk = Desk.build(make_parts(settings), kit)
    instance.wanted.connect(lambda: _to_front(desk.window))
    desk.window.closed.connect(application.quit)
    _take_unexpected_errors(desk.runner)
    desk.open()
    status = application.exec()
    desk.runner.stop()
    return status


def _tell_running(kit: Kit) -> int:
    words = kit.texts.problem(AppError(Problem.ALREADY_RUNNING).problem, {})
    box = QMessageBox(QMessageBox.Icon.Information, words.title, words.what)
    box.setInformativeText("\n".join(words.steps))
    box.exec()
    return 1


def _to_front(window: MainWindow) -> None:
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()


def _take_unexpected_errors(runner: Runner) -> None:
    """An error nobody thought of ends in E-S99 and a program that goes on; the result leaves the screen first."""

    def take(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        runner.send(Failed(AppError.unexpected(error)))

    sys.excepthook = take
