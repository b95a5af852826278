"""What the program is compared with: nothing but PC/SC calls, in the same bytes.

``python -m benchmarks.bare`` tells every change on the virtual reader by a line, ``card`` or ``empty`` and the moment
on the machine's monotonic clock: `SCardGetStatusChange` in a loop, in a process of its own.
"""

import time
from collections.abc import Sequence

from smartcard import scard

READER = "Virtual PCD 00 00"


class BareCard:
    """A connection and its transactions; `began` and `ended` are of the first command and the last answer."""

    def __init__(self) -> None:
        self.began = self.ended = 0.0
        _, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, self._card, self._protocol = scard.SCardConnect(
            self._context, READER, scard.SCARD_SHARE_SHARED, protocols
        )
        assert code == 0

    def send(self, commands: Sequence[bytes]) -> list[bytes]:
        """The answers to all of them, in one transaction."""
        scard.SCardBeginTransaction(self._card)
        self.began = self.began or time.perf_counter()
        answers = [scard.SCardTransmit(self._card, self._protocol, list(command))[1] for command in commands]
        self.ended = time.perf_counter()
        scard.SCardEndTransaction(self._card, scard.SCARD_LEAVE_CARD)
        return [bytes(answer) for answer in answers]

    def close(self) -> None:
        scard.SCardDisconnect(self._card, scard.SCARD_UNPOWER_CARD)
        scard.SCardReleaseContext(self._context)


def watch() -> None:
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    state = scard.SCARD_STATE_UNAWARE
    while True:
        code, states = scard.SCardGetStatusChange(context, 60_000, [(READER, state)])
        now = time.monotonic()
        if code:
            continue
        state = states[0][1] & ~scard.SCARD_STATE_CHANGED
        word = "card" if state & scard.SCARD_STATE_PRESENT else "empty"
        print(f"{word} {now!r}", flush=True)


if __name__ == "__main__":
    watch()
