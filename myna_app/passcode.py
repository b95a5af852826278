"""パスコード: the four-digit screen lock."""

from dataclasses import dataclass
from enum import StrEnum, unique

from myna_app.vault import Vault


@unique
class Weakness(StrEnum):
    """Why a code is refused."""

    NOT_FOUR_DIGITS = "not_four_digits"
    SAME_DIGITS = "same_digits"
    RUN = "run"
    REPEATED_PAIR = "repeated_pair"
    KEYPAD_LINE = "keypad_line"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PasscodeState:
    """`wait_seconds` > 0: no try now. `password_needed`: only the account password helps (the tenth failure, or the
    record is gone though a passcode had been set)."""

    is_set: bool
    failures: int
    wait_seconds: int
    password_needed: bool


class Passcode:
    def __init__(self, vault: Vault) -> None:
        raise NotImplementedError

    def weakness(self, code: str) -> Weakness | None:
        raise NotImplementedError

    def state(self) -> PasscodeState:
        raise NotImplementedError

    def set(self, code: str) -> None:
        """The first passcode, or a new one right after `check` accepted the old one."""
        raise NotImplementedError

    def check(self, code: str) -> None:
        """Raise `PasscodeError` PASSCODE_WRONG (facts ``tries_left`` until the next wait, ``seconds`` of that wait) or
        PASSCODE_WAIT (fact ``seconds``; 0 when the account password is needed)."""
        raise NotImplementedError

    def replace_after_reauthentication(self, code: str) -> None:
        raise NotImplementedError

    def forget(self) -> None:
        """Delete the record, when the terminal is released."""
        raise NotImplementedError
