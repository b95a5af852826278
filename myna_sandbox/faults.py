"""Faults on demand, put between a reader and a card.

Each fault is one word; several may be given, the first is nearest to the reader. `N` counts the commands since the card
was put on, from 1.

==================  ===========================================================================
``pull@N``          the card leaves before command N reaches it
``pull-after@N``    the card leaves after it has executed command N, before the answer arrives
``delay=MS``        every command takes MS milliseconds longer; ``delay@N=MS`` command N alone
``timing``          as slow as a real card: signatures 450 ms, the rest 25 ms
``sw@N=HHHH``       command N is not executed and answered with this status word
``cut@N=LENGTH``    of the answer to command N only this many bytes arrive
``garbage@N``       command N is executed and answered with noise of the same length
``mute@N``          from command N on there is no answer
``first-fails``     the first command after each power-on is answered 6F00, as a real card was seen to do
``short``           the reader cannot pass extended APDUs: the exchange fails
``short=HHHH``      the reader cannot pass extended APDUs and answers with this status word
==================  ===========================================================================
"""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from myna_sandbox.virtual_card.card import Card, CardGoneError

Forward = Callable[[bytes], bytes]
_SIGN = b"\x80\x2a"
_INTERNAL = bytes.fromhex("6F00")


@dataclass(frozen=True, slots=True)
class Moment:
    """Which command this is, counted from 1."""

    since_insertion: int
    since_power_on: int


class Fault(Protocol):
    """Stands between reader and card; `forward` hands a command on towards the card."""

    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Pull:
    number: int
    executed: bool

    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes:
        if moment.since_insertion != self.number:
            return forward(command)
        if self.executed:
            forward(command)
        raise CardGoneError


@dataclass(frozen=True, slots=True)
class Delay:
    """`number` None delays every command."""

    milliseconds: int
    number: int | None = None

    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes:
        if self.number in (None, moment.since_insertion):
            time.sleep(self.milliseconds / 1000)
        return forward(command)


@dataclass(frozen=True, slots=True)
class RealTiming:
    signature: Delay = Delay(450)
    other: Delay = Delay(25)

    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes:
        delay = self.signature if command.startswith(_SIGN) else self.other
        return delay.apply(moment, forward, command)


@dataclass(frozen=True, slots=True)
class WrongStatus:
    number: int
    status: bytes

    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes:
        return self.status if moment.since_insertion == self.number else forward(command)


@dataclass(frozen=True, slots=True)
class Cut:
    number: int
    length: int

    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes:
        answer = forward(command)
        return answer[: self.length] if moment.since_insertion == self.number else answer


_NO_STATUS = b"\xa5\x5a"
"""No card answers this. Noise here too might by chance ask for the command again, and nothing would go wrong."""


@dataclass(frozen=True, slots=True)
class Garbage:
    number: int

    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes:
        answer = forward(command)
        if moment.since_insertion != self.number:
            return answer
        return secrets.token_bytes(len(answer) - len(_NO_STATUS)) + _NO_STATUS


@dataclass(frozen=True, slots=True)
class Mute:
    number: int

    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes:
        return b"" if moment.since_insertion >= self.number else forward(command)


@dataclass(frozen=True, slots=True)
class FirstFails:
    def apply(self, moment: Moment, forward: Forward, command: bytes) -> bytes:
        return _INTERNAL if moment.since_power_on == 1 else forward(command)


@dataclass(frozen=True, slots=True)
class ShortOnly:
    """`status` empty: the exchange itself fails."""

    status: bytes = b""

    def apply(self, _moment: Moment, forward: Forward, command: bytes) -> bytes:
        extended = len(command) > 5 and command[4] == 0  # noqa: PLR2004 - header and a first length byte
        return self.status if extended else forward(command)


class FaultyCard:
    """A card behind faults. Counting begins when this is made: make it when the card is put on."""

    def __init__(self, card: Card, faults: Sequence[Fault]) -> None:
        self._card = card
        self._faults = faults
        self._since_insertion = self._since_power_on = 0

    @property
    def atr(self) -> bytes:
        return self._card.atr

    def power_on(self) -> None:
        self._since_power_on = 0
        self._card.power_on()

    def power_off(self) -> None:
        self._card.power_off()

    def reset(self) -> None:
        self._card.reset()

    def transmit(self, command: bytes) -> bytes:
        self._since_insertion += 1
        self._since_power_on += 1
        moment = Moment(self._since_insertion, self._since_power_on)
        forward: Forward = self._card.transmit
        for fault in reversed(self._faults):
            forward = partial(fault.apply, moment, forward)
        return forward(command)


_WORD = re.compile(r"(?P<name>[a-z-]+)(?:@(?P<number>[1-9]\d*))?(?:=(?P<value>[0-9A-Fa-f]+))?")


def parse_fault(word: str) -> Fault:
    """One word of the grammar above. Raises `ValueError`."""
    found = _WORD.fullmatch(word)
    if found is None:
        raise ValueError(f"not a fault: {word}")
    number = int(found["number"] or 0)
    value = found["value"] or ""
    match found["name"], bool(number), bool(value):
        case "pull" | "pull-after" as name, True, False:
            return Pull(number, executed=name == "pull-after")
        case "delay", _, True:
            return Delay(int(value), number or None)
        case "timing", False, False:
            return RealTiming()
        case "sw", True, True:
            return WrongStatus(number, _status(value))
        case "cut", True, True:
            return Cut(number, int(value))
        case "garbage", True, False:
            return Garbage(number)
        case "mute", True, False:
            return Mute(number)
        case "first-fails", False, False:
            return FirstFails()
        case "short", False, _:
            return ShortOnly(_status(value) if value else b"")
    raise ValueError(f"not a fault: {word}")


def _status(value: str) -> bytes:
    status = bytes.fromhex(value)
    if len(status) != 2:  # noqa: PLR2004 - SW1 SW2
        raise ValueError(f"not a status word: {value}")
    return status
