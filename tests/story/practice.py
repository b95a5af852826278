"""A practice desk for tests: the real window and the tray, worked by what their buttons call."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

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
from myna_sandbox.world import DemoSettings, DemoVault, World, make_world

_PATIENCE = 120.0


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

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=int(1000 * _PATIENCE))

    def until(self, kind: type | tuple[type, ...]) -> st.Screen:
        self.wait(lambda: isinstance(self.screen, kind))
        return self.screen

    def home(self) -> None:
        """Lift the card and go on, whatever is shown."""
        self.tray.lift()
        self.wait(lambda: not self.desk.state.desk.card_left)
        end = time.monotonic() + _PATIENCE
        while not isinstance(self.screen, st.FaceCheck):
            assert time.monotonic() < end, f"no way home from {type(self.screen).__name__}"
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
    """A world without a PC; its cards' keys are made once a run."""
    os.environ.setdefault("MYNA_SANDBOX_HOME", str(tmp_path_factory.mktemp("sandbox")))
    with make_world() as world:
        yield world


def pcs(world: World, folder: Path) -> Iterator[World]:
    """The world at one PC after the other, each set up with a medical account of its own, and over again.

    The server counts what a terminal asks within a minute; it must not depend on the speed of the machine whether
    tests come to that limit.
    """
    seats = []
    for account in (one for one in world.accounts if one.kind == "medical"):
        home = folder / account.user_id
        folders = replace(world.settings.folders, config=home / "config", data=home / "data", machine=home / "machine")
        settings, vault = DemoSettings(folders, {}, frozen=False), DemoVault()
        parts = replace(world.parts, settings=lambda it=settings: it, vault=lambda it=vault: it)
        prepare(replace(world, settings=settings, parts=parts, accounts=(account,)))
        seats.append((settings, parts))
    for world.settings, world.parts in cycle(seats):
        yield world


@contextmanager
def at_the_desk(qtbot: QtBot, world: World) -> Iterator[Practice]:
    """Unlocked, at the face check, with its reader and no card on it."""
    teach_headings()
    world.reader.remove()
    desk = Desk(lambda: world.parts, world.settings, BADGE)
    tray = Tray(world)
    qtbot.addWidget(desk.window)
    qtbot.addWidget(tray)
    desk.open()
    playing = Practice(world, desk, tray, qtbot)
    playing.until(st.Locked)
    playing.wait(lambda: desk.state.work is None)
    desk.send(ev.PasscodeTyped(Secret(PASSCODE)))
    playing.until(st.FaceCheck)
    playing.wait(lambda: desk.state.desk.reader is not None)
    yield playing
    desk.stop()
