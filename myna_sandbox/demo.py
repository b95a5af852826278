"""`myna-sandbox demo`: the application beside a tray of cards, or played by a robot where nobody looks."""

import argparse
import sys
from contextlib import ExitStack
from types import MappingProxyType

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressDialog

from myna_app.app import Desk, make_application
from myna_app.settings.table import Language
from myna_app.ui.window import NOMINAL
from myna_sandbox.background import in_background
from myna_sandbox.practice import BADGE as PRACTICE_BADGE
from myna_sandbox.practice import PASSCODE, prepare
from myna_sandbox.robot import Robot, RobotError
from myna_sandbox.tray import Tray
from myna_sandbox.world import World, make_world

_TITLE_BAR, _FRAME, _TRAY_HEIGHT = 40, 16, 820
_BADGE = MappingProxyType(
    {
        Language.JAPANESE: "デモ（架空の人物・登録は保存されません）",
        Language.ENGLISH: "Demo (invented persons, the registration is not kept)",
    }
)


_PREPARING = "架空のカードとサーバーを用意しています。はじめての起動では、1分ほどかかります。"
_PREPARING_EN = "preparing cards and backend; the first start makes all keys and takes about a minute"


def main(options: argparse.Namespace) -> int:
    """Exit status 0, or 1 when the robot did not come through."""
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
    application = make_application(Language.JAPANESE)
    with ExitStack() as ends:
        world = _prepared(ends, practice=options.practice)
        desk = Desk(lambda: world.parts, world.settings, PRACTICE_BADGE if options.practice else _BADGE)
        desk.window.closed.connect(application.quit)
        if options.headless:
            return _play(world, desk, options)
        tray = Tray(world, PASSCODE if options.practice else None)
        tray.photograph.toggled.connect(desk.wear)
        _side_by_side(desk, tray)
        tray.show()
        desk.open()
        status = application.exec()
        desk.stop()
        return status


def _prepared(ends: ExitStack, *, practice: bool) -> World:
    """The world, until `ends` is left; a window says meanwhile that it comes."""
    print(_PREPARING_EN, file=sys.stderr, flush=True)
    waiting = QProgressDialog(_PREPARING, "", 0, 0)
    waiting.setCancelButton(None)
    waiting.setMinimumDuration(0)
    waiting.show()

    def make() -> World:
        world = ends.enter_context(make_world())
        if practice:
            prepare(world)
        return world

    try:
        return in_background(make)
    finally:
        waiting.close()


def _play(world: World, desk: Desk, options: argparse.Namespace) -> int:
    desk.window.move(0, 0)
    desk.open()
    try:
        Robot(world, desk, options.out).work()
    except RobotError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    finally:
        desk.stop()
    return 0


def _side_by_side(desk: Desk, tray: Tray) -> None:
    """The application on the left, the tray beside it; on a narrow desktop both as small as they may be."""
    desktop = QGuiApplication.primaryScreen().availableGeometry()
    room = desktop.adjusted(0, _TITLE_BAR, 0, 0)
    desk.window.resize(min(desk.window.width(), max(room.width() - tray.minimumWidth(), NOMINAL[0])), room.height())
    desk.window.move(desktop.topLeft())
    tray.resize(tray.minimumWidth(), min(_TRAY_HEIGHT, room.height()))
    tray.move(min(desk.window.width() + _FRAME, room.right() - tray.width()), desktop.top())
