"""The PC sleeps and wakes at the desk: the window is told first, then reader and connection go without a word.

Windows announces the sleep (``PBT_APMSUSPEND``; `ui.session` turns it into a lock). On the way back the reader is
listed anew with whatever lies on it, an exchange that was under way ends in a code of the reader's removal or of its
driver, and connections to the server are dead although nobody closed them.
"""

from collections.abc import Callable
from threading import Event

import pytest

from myna_app.card.pcsc_errors import ScardCode, pcsc_error
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.flow.states import VisitStep
from myna_sandbox.personalise import Sandbox
from tests.card.fake_pcsc import FakePcsc
from tests.parts import ReferenceBackend
from tests.story.fake_windows import desk, sandbox, windows
from tests.story.reception import PASSCODE, READER, Reception

__all__ = ["desk", "sandbox", "windows"]

ENDS_WITH = {
    "the reader is gone": ScardCode.E_READER_UNAVAILABLE,
    "the card is gone": ScardCode.W_REMOVED_CARD,
    "the card lost its state": ScardCode.W_RESET_CARD,
    "the card lost its power": ScardCode.W_UNPOWERED_CARD,
    "the system cancelled": ScardCode.E_SYSTEM_CANCELLED,
    "the driver failed (ERROR_GEN_FAILURE)": 0x1F,
    "the driver stopped (ERROR_OPERATION_ABORTED)": 0x3E3,
    "the device was removed (ERROR_DEVICE_REMOVED)": 0x651,
    "the device is not connected (ERROR_DEVICE_NOT_CONNECTED)": 0x48F,
}


class FallsAsleep:
    """A card whose command number `at` (0: none) is under way when the PC sleeps; it ends in `code` after the wake."""

    def __init__(self, sandbox: Sandbox, at: int = 0, code: int = 0) -> None:
        self._card = sandbox.card("p01", volatile=True)
        self._card.power_on()
        self._left = at
        self._code = code
        self.under_way = Event()
        self.awake = Event()

    def transmit(self, command: bytes) -> bytes:
        self._left -= 1
        if self._left == 0:
            self.under_way.set()
            assert self.awake.wait(120)
            raise pcsc_error(self._code)
        return self._card.transmit(command)


def sleeps_and_wakes(
    desk: Reception, windows: FakePcsc, *, card_lies: bool = False, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """To the passcode, with the reader listed anew."""
    desk.send(ev.LockAsked())
    assert isinstance(desk.state.screen, st.Locked), "before the PC is asleep"
    windows.unplug(READER)
    desk.until_desk(lambda now: now.reader is None)
    meanwhile()
    windows.plug(READER)
    if card_lies:
        windows.put_card(READER)
    desk.until_desk(lambda now: now.reader is not None and now.reader.card_present is card_lies)
    assert isinstance(desk.state.screen, st.Locked)


def opened_again(desk: Reception) -> None:
    """By the passcode; nothing of what was before comes back."""
    begun = len(desk.states)
    desk.until_state(lambda state: isinstance(state.screen, st.Locked) and state.work is None)
    desk.send(ev.PasscodeTyped(PASSCODE))
    desk.until(st.FaceCheck)
    shown = {type(state.screen) for state in desk.states[begun:]}
    assert shown <= {st.Locked, st.FaceCheck}


def visit_succeeds(desk: Reception, windows: FakePcsc, sandbox: Sandbox) -> None:
    if desk.state.desk.reader is not None and desk.state.desk.reader.card_present:
        windows.lift_card(READER)
    desk.confirm_face()
    windows.card = FallsAsleep(sandbox)
    windows.put_card(READER)
    desk.until(st.Result)


def leave(desk: Reception, windows: FakePcsc) -> None:
    """The desk as the next test finds it."""
    windows.lift_card(READER)
    desk.clear()
    desk.until_desk(lambda now: now.reader is not None and not now.reader.card_present)


def test_a_result_is_gone_before_the_pc_sleeps_and_does_not_come_back(
    desk: Reception, windows: FakePcsc, sandbox: Sandbox
) -> None:
    visit_succeeds(desk, windows, sandbox)
    sleeps_and_wakes(desk, windows, card_lies=True)
    opened_again(desk)
    assert desk.state.desk.card_left, "it may be the last visitor's"
    visit_succeeds(desk, windows, sandbox)
    leave(desk, windows)


def test_a_desk_that_waited_for_a_card_waits_for_a_face_after_the_wake(
    desk: Reception, windows: FakePcsc, sandbox: Sandbox
) -> None:
    desk.confirm_face()
    desk.until(st.Reading, lambda screen: screen.step is VisitStep.PLACE)
    sleeps_and_wakes(desk, windows)
    opened_again(desk)
    visit_succeeds(desk, windows, sandbox)
    leave(desk, windows)


@pytest.mark.parametrize("words", ENDS_WITH)
def test_an_exchange_that_the_sleep_cut_off_ends_quietly_and_the_next_visit_succeeds(
    desk: Reception, windows: FakePcsc, sandbox: Sandbox, words: str
) -> None:
    card = FallsAsleep(sandbox, 2, ENDS_WITH[words])
    windows.card = card
    windows.put_card(READER)
    desk.confirm_face()
    assert card.under_way.wait(120)
    sleeps_and_wakes(desk, windows, card_lies=True, meanwhile=card.awake.set)
    opened_again(desk)
    visit_succeeds(desk, windows, sandbox)
    leave(desk, windows)


def test_connections_that_died_in_the_sleep_are_made_anew_without_a_word(
    desk: Reception, windows: FakePcsc, sandbox: Sandbox, backend: ReferenceBackend
) -> None:
    visit_succeeds(desk, windows, sandbox)

    def server_forgets_its_callers() -> None:
        backend.stop()
        backend.start()

    sleeps_and_wakes(desk, windows, card_lies=True, meanwhile=server_forgets_its_callers)
    opened_again(desk)
    visit_succeeds(desk, windows, sandbox)
    leave(desk, windows)
