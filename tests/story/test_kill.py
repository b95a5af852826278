"""The real process, killed with `kill -9` at every step of its set-up, goes on there; no account is stranded."""

from tests.parts import ReferenceBackend, wait_until
from tests.story.window import PASSCODE, Window


def test_killed_anywhere_the_set_up_goes_on_at_the_last_finished_step(
    window: Window, backend: ReferenceBackend
) -> None:
    account = backend.new_account()
    window.open("M-01")
    window.kill()
    window.open("M-01")
    window.agree()
    window.kill()

    window.open("M-02")
    window.fill_in(account)
    window.kill()
    window.open("M-02")
    window.fill_in(account)
    window.press("Return")
    window.until("M-03")
    window.kill()

    window.open("M-04")
    window.type(PASSCODE)
    window.press("Return")
    window.until("M-05")
    window.kill()
    window.open("M-04")
    window.choose_passcode()
    window.kill()

    window.open("M-06")
    window.type(PASSCODE)
    window.until("M-11")
    window.kill()
    window.open("M-06")
    window.type(PASSCODE)
    window.until("M-11")
    window.press("space", "Return")
    window.until("M-10")
    window.kill()
    window.open("M-06")
    window.type(PASSCODE)
    window.until("M-10")


def test_killed_between_the_servers_commit_and_its_answer_no_account_is_stranded(
    window: Window, backend: ReferenceBackend
) -> None:
    account = backend.new_account()
    backend.stop()
    backend.start(MYNA_BACKEND_STALL="register:60")
    window.open("M-01")
    window.agree()
    window.fill_in(account)
    window.press("Return")
    wait_until(lambda: backend.terminal_of(account.user_id) is not None, "the registration is committed")
    terminal_id = backend.terminal_of(account.user_id)
    window.kill()

    window.open("M-02")
    window.fill_in(account)
    window.press("Return")
    window.until("M-03")
    assert backend.terminal_of(account.user_id) == terminal_id, "the same terminal, not a second one"
