"""The composition root: puts the program together and runs it."""

import gc
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from myna_app import __version__, log
from myna_app.errors import AppError, Problem, SettingsError
from myna_app.export.profiles import PROFILES, CopyProfile, ProfileName, own_profile
from myna_app.flow import State, step
from myna_app.flow.events import Event, Failed
from myna_app.flow.states import Screen, SettingsScreen, Starting
from myna_app.formats.facility import FacilityKind
from myna_app.resources import resources_folder
from myna_app.settings import table
from myna_app.settings.folders import is_frozen
from myna_app.settings.store import SettingsStore
from myna_app.ui.a11y import teach_headings
from myna_app.ui.already_running import AlreadyRunning
from myna_app.ui.geometry import geometry_of, put_back
from myna_app.ui.native import Sounds
from myna_app.ui.opening import Opening, open_application
from myna_app.ui.ports import Kit, Options, SoundChoice
from myna_app.ui.qt_words import speak
from myna_app.ui.single_instance import SingleInstance
from myna_app.ui.texts import Language, Texts
from myna_app.ui.theme import Scheme, TextSize, Theme, choose_tokens, dress
from myna_app.ui.window import MainWindow
from myna_app.ui.worker import GuiThread

if TYPE_CHECKING:
    from myna_app.runner import Runner
    from myna_app.services import Parts

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


Badge: TypeAlias = Mapping[table.Language, str]
"""Marks what is not the real thing."""


def make_kit(settings: table.Settings, badge: Badge | None = None) -> Kit:
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
            terminal_id_seconds=settings.terminal_id_seconds,
            clipboard_seconds=settings.clipboard_seconds,
            sound=_SOUNDS[settings.sound],
            hide_from_capture=settings.block_capture,
            clear_on_lift=settings.clear_on_lift,
            mask_numbers=settings.mask_numbers,
            shuffle_keypad=settings.shuffle_keypad,
            reduced_motion=settings.motion is table.Motion.REDUCED,
            institution_code=settings.default_institution_code or "",
            allow_copy=settings.allow_copy,
            allow_photograph=settings.allow_photograph,
            copy_profiles=_copy_profiles(settings),
            copy_profile=settings.copy_profile,
            visitor=_VISITORS.get(settings.visitor_word),
            badge=None if badge is None else badge[settings.language],
        ),
        sounds=Sounds(),
        clock=time.monotonic,
        now=lambda: datetime.now().astimezone(),
    )


def _copy_profiles(settings: table.Settings) -> dict[ProfileName, CopyProfile]:
    own = own_profile(
        settings.copy_own_items,
        settings.copy_own_days,
        settings.copy_own_width,
        settings.copy_own_digits,
        settings.copy_own_separator,
    )
    return {**PROFILES, ProfileName.OWN: own}


_AHEAD = ("myna_app.api.client", "myna_app.device_key", "cryptography.hazmat.primitives.kdf.scrypt")
"""Imported while somebody looks at the first screen: HTTPS, JOSE and the passcode's hash, which it does not need."""


def _settle() -> None:
    """What is loaded by now stays: the collector of garbage need not look through it again at every visit, while the
    windows wait."""
    for name in _AHEAD:
        import_module(name)
    gc.freeze()


class Desk:
    """One running application: window and runner. The sandbox builds the same with other parts.

    The window is on the screen before the parts below it are even imported: that is done on a thread, and the first
    screen says 「準備しています」 meanwhile.
    """

    def __init__(self, make: "Callable[[], Parts]", store: SettingsStore, badge: Badge | None = None) -> None:
        """Needs the QApplication. `make` is called once, on a thread of its own."""
        self._make = make
        self._settings = store
        self._badge = badge
        self._worn = store.settings
        self._thread = GuiThread()
        self._runner: Runner | None = None
        self._usable = False
        self._came_from: Screen = Starting()
        self.window = MainWindow(self, make_kit(self._worn, badge))
        put_back(self.window, self._worn.window)
        self.window.closed.connect(self._keep_place)
        self.window.system_looks_changed.connect(self._follow_system)

    @property
    def state(self) -> State:
        """Where the journey stands; at the start while it is being prepared."""
        return State() if self._runner is None else self._runner.state

    def open(self) -> None:
        """Show the window; the rest begins once it has been painted."""
        self.window.show_state(State())
        self.window.show()
        QTimer.singleShot(0, Thread(target=self._load, daemon=True).start)

    def send(self, event: Event) -> None:
        """What people did. Before the journey has begun there is nothing to do it to."""
        if self._runner is not None:
            self._runner.send(event)

    def fail(self, error: BaseException) -> None:
        """An error nobody thought of ends in E-S99 and a program that goes on; the result leaves the screen first."""
        failed = Failed(AppError.unexpected(error))
        if self._runner is None:
            self.window.show_state(step(State(), failed))
        else:
            self._runner.send(failed)

    def stop(self) -> None:
        if self._runner is not None:
            self._runner.stop()

    def _load(self) -> None:
        """On a thread: what takes long to import."""
        try:
            from myna_app.runner import Runner  # noqa: PLC0415 - start-up does not wait for HTTPS, PC/SC and JOSE

            runner = Runner(self._make(), self._thread.post)
        except Exception as error:  # noqa: BLE001 - told on the screen like any other
            unexpected = error
            self._thread.post(lambda: self.fail(unexpected))
        else:
            self._thread.post(lambda: self._begin(runner))

    def _begin(self, runner: "Runner") -> None:
        self._runner = runner
        runner.start(self._show)

    def _keep_place(self) -> None:
        """Where the window stood; a full disk costs no more than that."""
        with suppress(SettingsError):
            self._settings.set(window=geometry_of(self.window))

    def _show(self, state: State) -> None:
        """A choice of M-22 is worn as soon as it is kept; a policy that came late, once it was read."""
        came_from, self._came_from = self._came_from, state.screen
        self.window.show_state(state)
        if not (self._usable or isinstance(state.screen, Starting)):
            self._usable = True
            Thread(target=_settle, daemon=True).start()
        if isinstance(state.screen, SettingsScreen) or isinstance(came_from, Starting):
            self.wear()

    def _follow_system(self) -> None:
        """Windows was switched to dark or to high contrast while the program runs."""
        if self._worn.theme is table.Theme.SYSTEM:
            self.window.renew(make_kit(self._worn, self._badge))

    def wear(self) -> None:
        """Put on what the settings say now, if that is something else."""
        settings = self._settings.settings
        if settings != self._worn:
            self._worn = settings
            self.window.renew(make_kit(settings, self._badge))


def make_application(language: table.Language) -> QApplication:
    """The QApplication, made now or before, with Qt's own words in the language of the screens."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else open_application()
    teach_headings()
    speak(application, language)
    return application


def run(opening: Opening | None = None) -> int:
    """The reception desk's program, from start to end; `opening` goes when the window has come.

    Exit status 0, or 1 when it already runs and does not answer.
    """
    settings = SettingsStore()
    application = make_application(settings.settings.language)
    kit = make_kit(settings.settings)
    instance = SingleInstance(settings.folders.data, settings.folders.profile)
    if not instance.is_first():
        if instance.ask_first_to_show():
            return 0
        if opening is not None:
            opening.close()
        return _tell_running(application, kit, instance)
    log.open_log(settings.folders.log_file)
    log.write(log.Started(log.CodeName(__version__)))
    desk = Desk(lambda: _real_parts(settings), settings)
    instance.wanted.connect(lambda: _to_front(desk.window))
    desk.window.closed.connect(application.quit)
    _take_unexpected_errors(desk)
    desk.open()
    if opening is not None:
        QTimer.singleShot(0, opening.close)
    status = application.exec()
    desk.stop()
    log.write(log.Stopped())
    return status


def _real_parts(settings: SettingsStore) -> "Parts":
    from myna_app.parts import make_parts  # noqa: PLC0415 - called on the thread that loads

    return make_parts(settings)


def _tell_running(application: QApplication, kit: Kit, instance: SingleInstance) -> int:
    dress(application, kit.theme)
    problem = AppError(Problem.ALREADY_RUNNING).problem
    return 0 if AlreadyRunning(kit, problem, instance.ask_first_to_show).exec() else 1


def _to_front(window: MainWindow) -> None:
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()


def _take_unexpected_errors(desk: Desk) -> None:
    def take(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.write(log.crash(error))
        if not is_frozen():
            sys.__excepthook__(kind, error, trace)
        desk.fail(error)

    sys.excepthook = take
