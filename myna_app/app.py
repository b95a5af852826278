"""The composition root: puts the program together and runs it."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from myna_app import __version__, log
from myna_app.duties import Parts
from myna_app.errors import AppError, Problem
from myna_app.export.profiles import profile_of
from myna_app.flow import State
from myna_app.flow.events import Failed
from myna_app.flow.states import SettingsScreen
from myna_app.formats.facility import FacilityKind
from myna_app.parts import make_parts
from myna_app.resources import resources_folder
from myna_app.runner import Runner
from myna_app.settings import table
from myna_app.settings.folders import is_frozen
from myna_app.settings.store import SettingsStore
from myna_app.ui.a11y import teach_headings
from myna_app.ui.native import Sounds
from myna_app.ui.ports import Kit, Options, SoundChoice
from myna_app.ui.single_instance import SingleInstance
from myna_app.ui.texts import Language, Texts
from myna_app.ui.theme import Scheme, TextSize, Theme, choose_tokens
from myna_app.ui.window import MainWindow
from myna_app.ui.worker import GuiThread

_SOUNDS = {table.Sound.ON: SoundChoice.ALL, table.Sound.ERRORS: SoundChoice.PROBLEMS, table.Sound.OFF: SoundChoice.NONE}
_TEXT_SIZES = {
    table.TextSize.STANDARD: TextSize.STANDARD,
    table.TextSize.LARGE: TextSize.LARGE,
    table.TextSize.EXTRA_LARGE: TextSize.LARGEST,
}
_VISITORS = {
    table.VisitorWord.PATIENT: FacilityKind.MEDICAL,
    table.VisitorWord.EXAMINEE: FacilityKind.CHECKUP,
    table.VisitorWord.USER: FacilityKind.CARE,
}


def make_kit(settings: table.Settings, badge: str | None = None) -> Kit:
    """What the pages are built with, as this user and the policy want it; `badge` marks what is not the real thing."""
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
            clear_on_lift=settings.clear_on_lift,
            mask_numbers=settings.mask_numbers,
            allow_copy=settings.allow_copy,
            copy_profile=profile_of(settings.copy_profile),
            visitor=_VISITORS.get(settings.visitor_word),
            badge=badge,
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
    _settings: SettingsStore = field(repr=False)
    _badge: str | None
    _worn: table.Settings

    @classmethod
    def build(cls, parts: Parts, store: SettingsStore, badge: str | None = None) -> "Desk":
        """Needs the QApplication."""
        thread = GuiThread()
        runner = Runner(parts, thread.post)
        settings = store.settings
        return cls(MainWindow(runner, make_kit(settings, badge)), runner, thread, store, badge, settings)

    def open(self) -> None:
        self.window.show()
        self.runner.start(self._show)

    def _show(self, state: State) -> None:
        """A choice of M-22 is worn as soon as it is kept."""
        self.window.show_state(state)
        settings = self._settings.settings
        if isinstance(state.screen, SettingsScreen) and settings != self._worn:
            self._worn = settings
            self.window.renew(make_kit(settings, self._badge))


def make_application(language: table.Language, arguments: Sequence[str] = ()) -> QApplication:
    """The QApplication, with Qt's own words in the language of the screens, and the program's icon."""
    application = QApplication(["myna-app", *arguments])
    application.setWindowIcon(QIcon(str(resources_folder() / "program" / "app.png")))
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
    instance = SingleInstance(settings.folders.data, settings.folders.profile)
    if not instance.is_first():
        return 0 if instance.ask_first_to_show() else _tell_running(kit)
    log.open_log(settings.folders.log_file)
    log.write(log.Started(log.CodeName(__version__)))
    desk = Desk.build(make_parts(settings), settings)
    instance.wanted.connect(lambda: _to_front(desk.window))
    desk.window.closed.connect(application.quit)
    _take_unexpected_errors(desk.runner)
    desk.open()
    status = application.exec()
    desk.runner.stop()
    log.write(log.Stopped())
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
        log.write(log.crash(error))
        if not is_frozen():
            sys.__excepthook__(kind, error, trace)
        runner.send(Failed(AppError.unexpected(error)))

    sys.excepthook = take
