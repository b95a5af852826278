"""The window: its start beside a bare one, gaps of the event loop, memory over a thousand visits."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.gaps import ticking
from benchmarks.table import Row, spread
from myna_app.api.client import BackendClient
from myna_app.flow import State
from myna_app.flow.states import FaceCheck, Reading, VisitStep
from myna_app.parts import make_passcode
from myna_app.settings.folders import HOME_VARIABLE, find_folders
from myna_app.settings.store import SettingsStore
from myna_app.ui.window import MainWindow
from myna_app.vault import KeyringVault
from tests.parts import ReferenceBackend
from tests.story.registered import registered
from tests.ui.gallery import Listener, make_kit
from tests.ui.states import DESK, RESULTS

_STARTS = 5
_PASSCODE = "4071"
_VISITS = 100
_STEP_MS = 5


def seconds_until(line: str, kind: str, home: Path) -> float:
    """From the start of a process until it prints `line`; its modules are compiled once, as installed ones are."""
    environment = {**os.environ, "MYNA_APP_HOME": str(home), "PYTHONPYCACHEPREFIX": str(home / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.first_frame", kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for told in process.stdout:
            if told.strip() == line:
                break
        took = time.monotonic() - began
        process.kill()
    return took


def test_start(table: list[Row], tmp_path: Path, backend: ReferenceBackend) -> None:
    """To the passcode of a terminal that was set up: policy, settings and the key store have been read by then."""
    registered(backend, tmp_path, BackendClient, vault=KeyringVault)
    store = SettingsStore(find_folders({HOME_VARIABLE: str(tmp_path)}))
    make_passcode(KeyringVault(store.folders.profile), store).set(_PASSCODE)
    store.folders.policy.mkdir()
    store.folders.policy_file.write_text(f'backend_url = "{backend.address}"\n', "utf-8")
    bare, ours, usable = [], [], []
    seconds_until("usable", "app", tmp_path)
    for _ in range(_STARTS):  # in turns, so that both meet the same machine
        bare.append(seconds_until("painted", "bare", tmp_path))
        ours.append(seconds_until("painted", "app", tmp_path))
        usable.append(seconds_until("usable", "app", tmp_path))
    table.append(
        Row("start to the first frame, source run", spread(ours), f"bare window {spread(bare)}", "<= 1.5 times")
    )
    table.append(
        Row("start to the passcode field, source run", spread(usable), f"bare window {spread(bare)}", "<= 2.5 times")
    )


def visit(window: MainWindow, qtbot: QtBot, number: int) -> None:
    result = list(RESULTS.values())[number % len(RESULTS)]
    for state in (State(FaceCheck(), DESK), *(State(Reading(step), DESK) for step in VisitStep), result):
        window.show_state(state)
        qtbot.wait(_STEP_MS)


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow(Listener(), make_kit())
    qtbot.addWidget(window)
    window.show()
    return window


def test_gaps_of_the_event_loop(table: list[Row], window: MainWindow, qtbot: QtBot) -> None:
    """A timer that wants to run all the time tells how long it could not."""
    for number in range(len(RESULTS)):
        visit(window, qtbot, number)  # pages are made when first shown
    with ticking(window) as turns:
        for number in range(_VISITS):
            visit(window, qtbot, number)
    with ticking(window) as rest:
        qtbot.wait(_VISITS * _STEP_MS)
    beside = f"the same window at rest: {rest.told()}"
    table.append(
        Row(f"gaps of the event loop, {_VISITS} visits' screens", turns.told(), beside, "p99 < 16 ms, worst < 50 ms")
    )


def test_memory(table: list[Row], window: MainWindow, qtbot: QtBot) -> None:
    sizes = {}
    for number in range(1, 1001):
        visit_fast(window, number)
        if number in (10, 1000):
            qtbot.wait(50)
            sizes[number] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.append(
        Row("memory after 1,000 visits (most so far)", f"{sizes[1000]:.1f} MB", f"after 10: {sizes[10]:.1f} MB", "flat")
    )


def visit_fast(window: MainWindow, number: int) -> None:
    result = list(RESULTS.values())[number % len(RESULTS)]
    for state in (State(FaceCheck(), DESK), State(Reading(VisitStep.READ), DESK), result):
        window.show_state(state)
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
