"""A card whose commands are kept, and after one of whose answers something happens."""

from collections.abc import Callable

from myna_sandbox.virtual_card.card import Card

VERIFY = bytes.fromhex("0020009106")


class Watched:
    """Stands between a reader and `card`, which may be exchanged; `act` is called after the answer number `after`."""

    def __init__(self, card: Card, after: int = 0, act: Callable[[], None] = lambda: None) -> None:
        self.card = card
        self.seen: list[bytes] = []
        self._after = after
        self._act = act

    @property
    def atr(self) -> bytes:
        return self.card.atr

    def power_on(self) -> None:
        self.card.power_on()

    def power_off(self) -> None:
        self.card.power_off()

    def reset(self) -> None:
        self.card.reset()

    def transmit(self, command: bytes) -> bytes:
        answer = self.card.transmit(command)
        self.seen.append(command)
        if len(self.seen) == self._after:
            self._act()
        return answer

    @property
    def presented(self) -> int:
        """How often a birth-date key was presented."""
        return sum(command.startswith(VERIFY) for command in self.seen)
