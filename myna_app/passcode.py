"""パスコード: the four-digit lock of the screen.

It keeps a curious visitor out, no more: whoever owns the Windows session can use the device key without it. The record
is a salted scrypt hash (RFC 7914) in the key store. The count of failures is written before a code is looked at, and
again into a file; the larger one counts, so that neither a killed program nor a restored file gives tries back.
"""

import json
import math
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum, unique
from itertools import pairwise
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

from myna_app.errors import PasscodeError, Problem, SettingsError
from myna_app.settings.files import write_durably
from myna_app.vault import Entry, Record, Vault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

WAITS = MappingProxyType({5: 30, 6: 60, 7: 300, 8: 900, 9: 3600})
"""Seconds to wait after so many failures in a row."""
PASSWORD_NEEDED = 10
"""After so many failures only the account password helps."""
_FIRST_WAIT = min(WAITS)
_CLOCK_JUMP = 10.0
"""Seconds by which wall and monotonic clock may part during a wait before it starts anew."""

_COST = 2**15
_LARGEST_COST = 2**20
_LIFETIME_YEARS = 110


@unique
class Weakness(StrEnum):
    """Why a code is refused; the words stand in the texts under M-04."""

    NOT_FOUR_DIGITS = "not_four_digits"
    SAME_DIGITS = "same_digits"
    RUN = "run"
    REPEATED_PAIR = "repeated_pair"
    KEYPAD_LINE = "keypad_line"
    YEAR = "year"


def weakness(code: str, this_year: int) -> Weakness | None:
    """Why `code` must not be used; None for a good one. A year is one somebody living could be born in, or the next."""
    if len(code) != 4 or not (code.isascii() and code.isdigit()):  # noqa: PLR2004 - a passcode has four digits
        return Weakness.NOT_FOUR_DIGITS
    digits = [int(char) for char in code]
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    if steps == {0}:
        return Weakness.SAME_DIGITS
    if steps in ({1}, {9}):
        return Weakness.RUN
    if code[:2] == code[2:]:
        return Weakness.REPEATED_PAIR
    if code in ("2580", "0852"):
        return Weakness.KEYPAD_LINE
    if this_year - _LIFETIME_YEARS <= int(code) <= this_year + 1:
        return Weakness.YEAR
    return None


@dataclass(frozen=True, slots=True)
class PasscodeState:
    """`wait_seconds` > 0: no try now. `password_needed`: only the account password helps, after the tenth failure or
    when the record is gone though a passcode had been set."""

    is_set: bool
    failures: int
    wait_seconds: int
    password_needed: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """The record in the key store. `name` ties the count in the file to this passcode and no earlier one."""

    name: str
    salt: bytes = field(repr=False)
    key: bytes = field(repr=False)
    cost: int
    failures: int

    @classmethod
    def of(cls, code: str) -> "_Kept":
        salt = secrets.token_bytes(16)
        return cls(secrets.token_hex(8), salt, _scrypt(salt, _COST).derive(code.encode()), _COST, 0)

    @classmethod
    def read(cls, record: Record) -> "_Kept":
        """Raises `KeyError`, `TypeError`, `ValueError` when the record is not one of ours."""
        cost, failures = _whole(record["n"]), _whole(record["failures"])
        if not _COST <= cost <= _LARGEST_COST or cost.bit_count() != 1:
            raise ValueError("cost out of bounds")
        salt, key = (b64decode(str(record[name]), validate=True) for name in ("salt", "key"))
        return cls(str(record["name"]), salt, key, cost, failures)

    def record(self) -> Record:
        salt, key = (b64encode(value).decode() for value in (self.salt, self.key))
        return {"name": self.name, "salt": salt, "key": key, "n": self.cost, "failures": self.failures}

    def opens_with(self, code: str) -> bool:
        from cryptography.exceptions import InvalidKey  # noqa: PLC0415 - the keypad is there before it is needed

        try:
            _scrypt(self.salt, self.cost).verify(code.encode(), self.key)
        except InvalidKey:
            return False
        return True


class Passcode:
    """The lock of one profile; `count_file` is the second place of the count. Every method may raise `VaultError`."""

    def __init__(
        self,
        vault: Vault,
        count_file: Path,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._vault = vault
        self._count_file = count_file
        self._monotonic = monotonic
        self._now = now
        self._lock = Lock()
        self._waiting: tuple[int, float, datetime] | None = None
        """Failures that caused the wait, and when it began by both clocks. Not kept: a restart waits in full."""

    def weakness(self, code: str) -> Weakness | None:
        """Why `code` must not be used; None for a good one."""
        return weakness(code, self._now().year)

    def state(self) -> PasscodeState:
        with self._lock:
            kept = self._kept()
            if kept is None:
                lost = self._counted() is not None
                return PasscodeState(is_set=lost, failures=0, wait_seconds=0, password_needed=lost)
            return PasscodeState(
                is_set=True,
                failures=kept.failures,
                wait_seconds=self._seconds_left(kept.failures),
                password_needed=kept.failures >= PASSWORD_NEEDED,
            )

    def check(self, code: str) -> None:
        """Open the lock with `code`.

        Raises `PasscodeError`: PASSCODE_WRONG with the facts ``tries_left`` (until a wait) and ``seconds`` (of that
        wait, or of the one that begins now), or PASSCODE_WAIT with ``seconds``, 0 when the account password is needed.
        """
        with self._lock:
            kept = self._kept()
            if kept is None or kept.failures >= PASSWORD_NEEDED:
                raise self._not_now(0)
            if seconds := self._seconds_left(kept.failures):
                raise self._not_now(seconds)
            tried = replace(kept, failures=kept.failures + 1)
            self._keep(tried)
            if kept.opens_with(code):
                self._keep(replace(kept, failures=0))
                return
            seconds = self._seconds_left(tried.failures) or WAITS[_FIRST_WAIT]
            tries_left = max(0, _FIRST_WAIT - tried.failures)
            raise PasscodeError(Problem.PASSCODE_WRONG, tries_left=tries_left, seconds=seconds)

    def set(self, code: str) -> None:
        """The first passcode, or another one right after `check` accepted the present one.

        Raises `ValueError` for a weak code: `weakness` is asked first.
        """
        if self.weakness(code) is not None:
            raise ValueError("a weak passcode")
        with self._lock:
            self._keep(_Kept.of(code))
            self._waiting = None

    def replace_after_reauthentication(self, code: str) -> None:
        """A new passcode in place of a forgotten one, failures forgotten; nothing else is touched."""
        self.set(code)

    def forget(self) -> None:
        """Delete the record, when the terminal is released."""
        with self._lock:
            self._vault.delete(Entry.PASSCODE)
            self._count_file.unlink(missing_ok=True)

    def _not_now(self, seconds: int) -> PasscodeError:
        return PasscodeError(Problem.PASSCODE_WAIT, "" if seconds else "account password needed", seconds=seconds)

    def _seconds_left(self, failures: int) -> int:
        """Whole seconds of the wait, rounded up. A wait this process did not see begin, or during which the clock was
        set, begins now."""
        if failures not in WAITS:
            return 0
        ticks, now = self._monotonic(), self._now()
        if self._waiting is not None and self._waiting[0] == failures:
            elapsed = ticks - self._waiting[1]
            if abs((now - self._waiting[2]).total_seconds() - elapsed) <= _CLOCK_JUMP:
                return max(0, math.ceil(WAITS[failures] - elapsed))
        self._waiting = (failures, ticks, now)
        return WAITS[failures]

    def _kept(self) -> _Kept | None:
        """The record with the larger of its two counts."""
        kept = self._vault.get(Entry.PASSCODE, _Kept.read)
        counted = self._counted()
        if kept is None or counted is None or counted[0] != kept.name:
            return kept
        return replace(kept, failures=max(kept.failures, counted[1]))

    def _counted(self) -> tuple[str, int] | None:
        """The count in the file, with the name of the record it belongs to."""
        try:
            count = json.loads(self._count_file.read_text(encoding="utf-8"))
            return str(count["name"]), _whole(count["failures"])
        except FileNotFoundError:
            return None
        except (OSError, KeyError, TypeError, ValueError, RecursionError):
            return "", 0

    def _keep(self, kept: _Kept) -> None:
        self._vault.set(Entry.PASSCODE, kept.record())
        with suppress(OSError, SettingsError):  # a full disk must not lock anyone out: the key store counts too
            write_durably(self._count_file, json.dumps({"name": kept.name, "failures": kept.failures}))


def _scrypt(salt: bytes, cost: int) -> "Scrypt":
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - the keypad is there before it is needed

    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a count")
    return value
