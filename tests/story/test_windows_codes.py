"""What Windows does when the last reader is unplugged, replayed at every state of the desk: it stops the service.

Every call then answers SCARD_E_NO_SERVICE or SCARD_E_SERVICE_STOPPED, until a reader is plugged in and the service runs
again. The program is ready then by itself.
"""

from collections.abc import Callable

import pytest

from myna_app.card.pcsc_errors import ScardCode, pcsc_error
from myna_app.errors import Problem
from myna_app.flow import states as st
from myna_app.flow.states import VisitStep
from myna_sandbox.personalise import Sandbox
from tests.card.fake_pcsc import FakePcsc
from tests.story.fake_windows import desk, sandbox, windows
from tests.story.reception import READER, Reception

__all__ = ["desk", "sandbox", "windows"]

CODES = [ScardCode.E_NO_SERVICE, ScardCode.E_SERVICE_STOPPED]


class Unplugged:
    """A card that powers up as it is, and whose reader goes at the command number `at` (0: never)."""

    def __init__(self, sandbox: Sandbox, unplug: Callable[[], None], at: int = 0) -> None:
        self._card = sandbox.card("p01", volatile=True)
        self._card.power_on()
        self._unplug = unplug
        self._left = at

    def transmit(self, command: bytes) -> bytes:
        self._left -= 1
        if self._left == 0:
            self._unplug()
            raise pcsc_error(ScardCode.E_READER_UNAVAILABLE)
        return self._card.transmit(command)


def unplug(windows: FakePcsc, code: ScardCode) -> None:
    windows.unplug(READER)
    windows.stop_service(code)


def plug_again(windows: FakePcsc) -> None:
    windows.plug(READER)
    windows.start_service()


def gone(desk: st.Desk) -> bool:
    return not desk.service_running


def visit_succeeds(desk: Reception, windows: FakePcsc, sandbox: Sandbox) -> None:
    """Without a touch but the face check, which a visit needs that could not be finished."""
    desk.until_desk(lambda now: now.service_running and now.reader is not None)
    if isinstance(desk.state.screen, st.Result):
        desk.clear()
    if not isinstance(desk.state.screen, st.Reading):
        desk.confirm_face()
    windows.card = Unplugged(sandbox, lambda: None)
    windows.put_card(READER)
    desk.until(st.Result)
    windows.lift_card(READER)
    desk.until_desk(lambda now: now.reader is not None and not now.reader.card_present)


@pytest.fixture(autouse=True)
def at_home(desk: Reception) -> None:
    """Each test begins where a visitor does."""
    desk.clear()


@pytest.mark.parametrize("code", CODES)
def test_at_home(desk: Reception, windows: FakePcsc, sandbox: Sandbox, code: ScardCode) -> None:
    unplug(windows, code)
    desk.until_desk(gone)
    assert isinstance(desk.state.screen, st.FaceCheck)
    plug_again(windows)
    visit_succeeds(desk, windows, sandbox)


@pytest.mark.parametrize("code", CODES)
def test_while_it_waits_for_a_card(desk: Reception, windows: FakePcsc, sandbox: Sandbox, code: ScardCode) -> None:
    desk.confirm_face()
    desk.until(st.Reading, lambda screen: screen.step is VisitStep.PLACE)
    unplug(windows, code)
    assert desk.until(st.Trouble).report.problem is Problem.READER_MISSING
    plug_again(windows)
    desk.until(st.FaceCheck)
    visit_succeeds(desk, windows, sandbox)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("number", [1, 2, 4])
def test_during_a_visit(desk: Reception, windows: FakePcsc, sandbox: Sandbox, code: ScardCode, number: int) -> None:
    windows.card = Unplugged(sandbox, lambda: unplug(windows, code), number)
    windows.put_card(READER)
    desk.confirm_face()
    assert desk.until(st.Trouble).report.problem in (Problem.READER_LOST, Problem.READER_MISSING)
    desk.until_desk(gone)
    plug_again(windows)
    desk.until(st.FaceCheck)


@pytest.mark.parametrize("code", CODES)
def test_while_a_result_is_shown(desk: Reception, windows: FakePcsc, sandbox: Sandbox, code: ScardCode) -> None:
    visit_succeeds(desk, windows, sandbox)
    unplug(windows, code)
    desk.until_desk(gone)
    assert isinstance(desk.state.screen, st.Result), "the visitor's answer stays"
    plug_again(windows)
    visit_succeeds(desk, windows, sandbox)
