"""The real program in a real window, driven from outside: X11 key presses in, the window title out."""

import subprocess
import time
from pathlib import Path

from tests.parts import BIN, OfficeAccount, Program

PASSCODE = "4826"


class Window:
    """Runs of the program, one after another, on one profile. The window's title tells the 画面番号.

    Without `home`, the profile is the user's own (which the tests' room made).
    """

    def __init__(self, program: Path = BIN / "myna-app", home: Path | None = None, **environment: str) -> None:
        self._command = program
        self._environment = {"LC_ALL": "C.UTF-8"} | ({} if home is None else {"MYNA_APP_HOME": str(home)}) | environment
        self._program: Program | None = None

    def open(self, screen: str) -> None:
        """Start the program and wait for the first screen; fails on another one than `screen`."""
        self._program = Program(self._command, "run", env=self._environment)
        first = self.next_screen()
        assert first == screen, f"{first} came, not {screen}"

    @property
    def pid(self) -> int:
        assert self._program is not None
        return self._program.process.pid

    def kill(self) -> None:
        """`kill -9`."""
        assert self._program is not None
        self._program.kill()

    def close(self) -> None:
        """However it stands."""
        if self._program is not None:
            self._program.kill()

    def press(self, *keys: str) -> None:
        self._focus()
        for key in keys:
            _send("key", key)

    def press_until(self, screen: str, key: str, seconds: float = 120.0) -> None:
        """Press again and again, for a screen may take no key at first."""
        end = time.monotonic() + seconds
        while self.screen() != screen:
            assert time.monotonic() < end, f"waited for {screen}, stood at {self.screen()}"
            self.press(key)

    def agree(self) -> None:
        """M-01; pressed again until it is taken, for the key means nothing before the text has come."""
        end = time.monotonic() + 120.0
        while self.screen() != "M-02":
            assert time.monotonic() < end, "consent was not taken"
            self.press("alt+a")
            time.sleep(0.2)

    def type(self, text: str) -> None:
        self._focus()
        _send("type", "--delay", "5", text)

    def until(self, screen: str, seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while self.screen() != screen:
            assert time.monotonic() < end, f"waited for {screen}, stood at {self.screen()}"
            time.sleep(0.02)

    def next_screen(self, seconds: float = 120.0) -> str:
        """The first screen with something to see."""
        end = time.monotonic() + seconds
        while (screen := self.screen()) in ("", "M-00"):
            assert time.monotonic() < end, "no window came"
            time.sleep(0.02)
        return screen

    def screen(self) -> str:
        """画面番号 of the window's title, empty while there is none."""
        for window in self._windows():
            name = _ask("getwindowname", window)
            if " - " in name:
                return name.split(" - ", 1)[1].split(" ")[0]
        return ""

    def fill_in(self, account: OfficeAccount) -> None:
        """M-02 by access keys."""
        for key, text in (
            ("alt+k", account.institution_code),
            ("alt+u", account.user_id),
            ("alt+p", account.password),
            ("alt+a", account.activation_code),
        ):
            self.press(key, "ctrl+a")
            self.type(text)

    def choose_passcode(self) -> None:
        """From M-04 to M-07."""
        self.type(PASSCODE)
        self.press("Return")
        self.until("M-05")
        self.type(PASSCODE)
        self.press("Return")
        self.until("M-07")

    def set_up(self, account: OfficeAccount) -> None:
        """From the terms to the first face check, with the only reader there is."""
        self.open("M-01")
        self.agree()
        self.fill_in(account)
        self.press("Return")
        self.until("M-03")
        self.press("Return")
        self.until("M-04")
        self.choose_passcode()
        self.press("Return")
        self.until("M-11")
        self.press("space", "Return")
        self.until("M-10")

    def _windows(self) -> list[str]:
        assert self._program is not None
        return _ask("search", "--onlyvisible", "--pid", str(self.pid), "--name", "M-").split()

    def _focus(self) -> None:
        """Until the window has the keyboard: asked again and again, for `--sync` waits for ever where it vanishes."""
        end = time.monotonic() + 120.0
        while _ask("getwindowfocus", "-f") not in (windows := self._windows()):
            assert time.monotonic() < end, "the window does not take the keyboard"
            for window in windows:
                _ask("windowfocus", window)


def titles(pid: int) -> str:
    """Of all windows of a process."""
    return _ask("search", "--onlyvisible", "--pid", str(pid), "--name", ".", "getwindowname", "%@")


def _ask(*words: str) -> str:
    """What xdotool says; nothing where it waits for a window that has just gone."""
    try:
        return subprocess.run(
            ["xdotool", *words], capture_output=True, text=True, check=False, timeout=5
        ).stdout.strip()
    except subprocess.TimeoutExpired:
        return ""


def _send(*words: str) -> None:
    """Keys into the window that has the keyboard; fails rather than waits for ever."""
    subprocess.run(["xdotool", *words], capture_output=True, check=True, timeout=60)
