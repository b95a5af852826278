"""The photograph in the chip by keyboard alone: the real program in a real window, at the real PC/SC service."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import tomli_w

from myna_app.ui.widgets.confirming import GUARD_SECONDS
from myna_sandbox.personalise import Sandbox
from tests.parts import OfficeAccount, Pcscd, ReferenceBackend, lying, wait_until
from tests.story.window import Window

PERSON = "p01"
COUNTER = "SURFACE.0012"


@pytest.fixture
def window(tmp_path: Path, backend: ReferenceBackend, pcscd: Pcscd) -> Iterator[Window]:
    """Of an office whose policy allows the photograph, and gives the test time."""
    (tmp_path / "policy").mkdir()
    policy = {
        "backend_url": backend.address,
        "ca_file": str(backend.ca_file),
        "allow_photograph": True,
        "result_seconds": 300,
        "card_wait_seconds": 120,
    }
    (tmp_path / "policy" / "policy.toml").write_text(tomli_w.dumps(policy), "utf-8")
    window = Window(home=tmp_path)
    yield window
    window.close()


def outcomes(backend: ReferenceBackend, account: OfficeAccount) -> list[str]:
    """What the backend keeps of the account's visits, oldest first."""
    terminal = (backend.terminal_of(account.user_id) or "").replace("-", "")
    with closing(sqlite3.connect(backend.data / "backend.sqlite3")) as store:
        rows = store.execute("SELECT outcome FROM audit WHERE terminal_id = ? ORDER BY at", (terminal,))
        return [outcome for (outcome,) in rows]


def confirm_the_face(window: Window) -> None:
    """Pressed until it is taken, for nothing is confirmed before it can have been seen. Each press has time to be
    taken: one more would close the result."""
    while window.screen() == "M-17":
        window.press("Return")
        end = time.monotonic() + 2 * GUARD_SECONDS
        while window.screen() == "M-17" and time.monotonic() < end:
            pass


def test_the_photograph_is_looked_at_left_out_and_turned_down_by_keyboard_alone(
    window: Window, backend: ReferenceBackend, deck: object
) -> None:
    sandbox, account = Sandbox(), backend.new_account()
    card, code = sandbox.card(PERSON), sandbox.person(PERSON).card.security_code
    window.set_up(account)

    window.press_until("M-12", "Return")  # before the card lies there, or M-12 might be gone before it is seen
    with lying(card):  # a mistyped code, then the right one
        window.until("M-16")
        window.type(f"{(int(code) + 1) % 10_000:04d}")
        window.press("Return")
        wait_until(lambda: card.counters[COUNTER] == 9, "the card has refused the code")
        window.until("M-16")
        window.type(code)
        window.press("Return")
        window.until("M-17")
        confirm_the_face(window)
        window.until("M-13")
        assert card.counters[COUNTER] == 10
        window.press_until("M-10", "F8")
    wait_until(lambda: outcomes(backend, account) == ["same_person"], "the backend knows of the comparison")

    window.press_until("M-12", "Return")
    with lying(card):
        window.until("M-16")
        window.press_until("M-13", "alt+s")
        window.press_until("M-10", "F8")

    window.press_until("M-12", "Return")
    with lying(card):
        window.until("M-16")
        window.type(code)
        window.press("Return")
        window.until("M-17")
        window.press("alt+d")
        window.press_until("M-10", "alt+k")
    told = ["same_person", "confirmed", "other_person"]
    wait_until(lambda: outcomes(backend, account) == told, "the backend knows of the other person")
