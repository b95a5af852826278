"""Response APDUs as immutable values (ISO/IEC 7816-4:2020 5.2), and the two errors their content can be."""

from dataclasses import dataclass
from typing import Self

from myna_app.apdu.status import SW
from myna_app.errors import CardDataError, Problem, StatusWordError

_MEANINGLESS = Problem.CARD_TALK_FAILED
"""What people are told when the card answers something nobody can act on: put it on the reader again."""


@dataclass(frozen=True, slots=True, repr=False)
class ResponseApdu:
    """One answer. The repr shows the status word and the length, never data."""

    data: bytes
    status_word: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Split data and status word; `CardDataError` for fewer than two bytes."""
        if len(raw) < 2:  # noqa: PLR2004 - SW1 SW2
            raise malformed("response APDU")
        return cls(raw[:-2], int.from_bytes(raw[-2:], "big"))

    @property
    def ok(self) -> bool:
        """Whether the command was done; `6282` too, for a READ that met the end of the file."""
        return self.status_word in (SW.OK, SW.END_OF_FILE)

    def data_or_error(self, step: str) -> bytes:
        """The data of a command that was done; `StatusWordError` naming our `step` otherwise."""
        if not self.ok:
            raise unexpected_status(self.status_word, step)
        return self.data

    def __repr__(self) -> str:
        return f"ResponseApdu({len(self.data)} bytes, SW {self.status_word:04X})"


def unexpected_status(status_word: int, step: str) -> StatusWordError:
    """The error for a status word with no meaning of its own at this step."""
    return StatusWordError(_MEANINGLESS, status_word, step)


def malformed(layout: str) -> CardDataError:
    """The error for bytes that do not fit `layout`, which is a name of ours."""
    return CardDataError(_MEANINGLESS, layout)
