"""A My Number card as a reader sees it: power, reset, and commands.

The card is mute until it is powered on or reset: then every command is answered by nothing.
"""

import threading
from typing import Protocol

from myna_sandbox.virtual_card.apdu import Command, parse
from myna_sandbox.virtual_card.commands import COMMANDS, Chip
from myna_sandbox.virtual_card.files import CardImage
from myna_sandbox.virtual_card.memory import Memory, VolatileMemory, counters
from myna_sandbox.virtual_card.recorder import Recorder
from myna_sandbox.virtual_card.secure_messaging import INSTRUCTIONS as SECURE_INSTRUCTIONS
from myna_sandbox.virtual_card.secure_messaging import SELECT
from myna_sandbox.virtual_card.session import SecurityState
from myna_sandbox.virtual_card.status import SW, RefusedError


class Card(Protocol):
    """Anything that can lie on a reader."""

    @property
    def atr(self) -> bytes: ...

    def power_on(self) -> None: ...

    def power_off(self) -> None: ...

    def reset(self) -> None: ...

    def transmit(self, command: bytes) -> bytes:
        """The answer with its status word; empty when the card stays mute. `CardGoneError` when it has left."""
        ...


class CardGoneError(Exception):
    """The card was pulled away from the reader during a command."""


class VirtualCard:
    """One card; `name` is what its record is kept under."""

    def __init__(self, image: CardImage, memory: Memory | None = None, name: str = "card") -> None:
        self.image = image
        self._memory = memory or VolatileMemory()
        self._recorder = Recorder(name)
        self._state = SecurityState()
        self._powered = False
        self._busy = threading.Lock()

    @property
    def atr(self) -> bytes:
        return self.image.atr

    @property
    def counters(self) -> dict[str, int]:
        """Tries left of every reference, by ``APPLICATION.file id``."""
        return counters(self.image, self._memory)

    def power_on(self) -> None:
        """Also when power is on already: the card starts anew."""
        self._state = SecurityState()
        self._powered = True
        self._recorder.begin_session()

    def power_off(self) -> None:
        self._state = SecurityState()
        self._powered = False

    def reset(self) -> None:
        """Warm reset: a powered card keeps its security state; any other starts anew."""
        if not self._powered:
            self.power_on()

    def transmit(self, command: bytes) -> bytes:
        with self._busy:
            if not self._powered:
                return b""
            answer = self._answer(command)
            self._recorder.record(command, answer[-2:], lambda: self.counters)
            return answer

    def _answer(self, raw: bytes) -> bytes:
        try:
            data = self._execute(parse(raw))
        except RefusedError as refusal:
            if refusal.status_word == SW.SECURE_OBJECT_WRONG:
                self._state.secure = None
            return refusal.status_word.to_bytes(2, "big")
        return data + SW.DONE.to_bytes(2, "big")

    def _execute(self, command: Command) -> bytes:
        match command.cla:
            case 0x00 | 0x80:
                run = COMMANDS.get((command.cla, command.ins))
                if run is None:
                    raise RefusedError(SW.UNKNOWN_INSTRUCTION)
                return run(Chip(self.image, self._memory, self._state), command)
            case 0x08:
                return self._execute_secure(command)
            case 0x0C:  # with a header that is authenticated
                raise RefusedError(SW.SECURE_OBJECT_MISSING)
            case cla if cla & 0x03 or 0x40 <= cla < 0x80:  # channels 1-3 and 4-19, ISO/IEC 7816-4, 5.4.1
                raise RefusedError(SW.NO_LOGICAL_CHANNEL)
        raise RefusedError(SW.UNKNOWN_CLASS)

    def _execute_secure(self, command: Command) -> bytes:
        session = self._state.secure
        if command.ins not in SECURE_INSTRUCTIONS:
            raise RefusedError(SW.NO_SECURE_MESSAGING)
        if session is None:
            raise RefusedError(SW.NO_SECURE_MESSAGING if command.ins == SELECT else SW.NO_SESSION)
        return session.wrap(self._execute(session.unwrap(command)))
