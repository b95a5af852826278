"""`myna-sandbox demo`: the application beside a tray of cards, or played by a robot where nobody looks."""

import argparse
import sys

from PySide6.QtGui import QGuiApplication

from myna_app.app import Desk, make_application
from myna_sandbox.practice import BADGE as PRACTICE_BADGE
from myna_sandbox.practice import PASSCODE, prepare
from myna_sandbox.robot import Robot, RobotError
from myna_sandbox.tray import Tray
from myna_sandbox.world import World, make_world

_BADGE = "デモ（架空の人物・登録は保存されません）"


def main(options: argparse.Namespace) -> int:
    """Exit status 0, or 1 when the robot did not come through."""
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
    with make_world() as world:
        application = make_application(world.settings.settings.language)
        if options.practice:
            prepare(world)
        desk = Desk(lambda: world.parts, world.settings, PRACTICE_BADGE if options.practice else _BADGE)
        desk.window.closed.connect(application.quit)
        if options.headless:
            return _play(world, desk, options)
        tray = Tray(world)
        if options.practice:
            print(f"passcode {PASSCODE}", flush=True)
            tray.setWindowTitle(f"{tray.windowTitle()}　パスコード {PASSCODE}")
        tray.show()
        desk.open()
        _side_by_side(desk, tray)
        status = application.exec()
        desk.stop()
        return status


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
    """The application on the left, the tray beside it, as far as the screen has room."""
    desktop = QGuiApplication.primaryScreen().availableGeometry()
    desk.window.move(desktop.topLeft())
    tray.move(min(desk.window.frameGeometry().right(), desktop.right() - tray.width()), desktop.top())
    desk.window.activateWindow()
