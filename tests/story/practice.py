"""A practice desk for tests: the real window and the tray, worked by what their buttons call."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from pytestqt.qtbot import QtBot

from myna_app.app import Desk
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.flow.photograph import SecurityCodeEntry
from myna_app.formats.secret import Secret
from myna_app.ui.a11y import teach_headings
from myna_sandbox.practice import BADGE, PASSCODE, prepare
from myna_sandbox.tray import Tray
from myna_sandbox.world import World, make_world


@dataclass
class Practice:
    """`home` and `visit` bring the desk to a place and return what is shown there."""

    world: World
    desk: Desk
    tray: Tray
    qtbot: QtBot

    @property
    def screen(self) -> st.Screen:
        return self.desk.state.screen

    def until(self, kind: type | tuple[type, ...]) -> st.Screen:
        self.qtbot.waitUntil(lambda: isinstance(self.screen, kind), timeout=30_000)
        return self.screen

    def home(self) -> None:
        """Lift the card and go on, whatever is shown."""
        self.tray.lift()
        self.qtbot.waitUntil(lambda: not self.desk.state.desk.card_left, timeout=30_000)
        while not isinstance(self.screen, st.FaceCheck):
            again = isinstance(self.screen, st.Suspended)
            self.desk.send(ev.Retried(self.desk.window._kit.clock()) if again else ev.Back())
            self.qtbot.wait(20)

    def visit(self, person: str) -> st.Screen:
        names = [self.tray.persons.item(row).data(0x0100) for row in range(self.tray.persons.count())]
        self.tray.persons.setCurrentRow(names.index(person))
        self.desk.send(ev.FaceConfirmed(self.desk.window._kit.clock()))
        self.until(st.Reading)
        self.tray.tap()
        return self.until((st.Result, st.Trouble, st.Suspended, st.BirthDateEntry, SecurityCodeEntry))


@contextmanager
def practice_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose terminal is set up; its cards' keys are made once a run."""
    os.environ.setdefault("MYNA_SANDBOX_HOME", str(tmp_path_factory.mktemp("sandbox")))
    with make_world() as world:
        prepare(world)
        yield world


@contextmanager
def at_the_desk(qtbot: QtBot, world: World) -> Iterator[Practice]:
    """Unlocked, at the face check, with its reader."""
    teach_headings()
    desk = Desk(lambda: world.parts, world.settings, BADGE)
    tray = Tray(world)
    qtbot.addWidget(desk.window)
    qtbot.addWidget(tray)
    desk.open()
    playing = Practice(world, desk, tray, qtbot)
    playing.until(st.Locked)
    qtbot.waitUntil(lambda: desk.state.work is None, timeout=30_000)
    desk.send(ev.PasscodeTyped(Secret(PASSCODE)))
    playing.until(st.FaceCheck)
    qtbot.waitUntil(lambda: desk.state.desk.reader is not None, timeout=30_000)
    yield playing
    desk.stop()
