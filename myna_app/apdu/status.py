"""Status words (SW1 SW2) of the commands this program sends, and what is read out of them.

Meanings: ISO/IEC 7816-4:2020 5.6 and JICSAP 1.1; which of them the cards really answer was measured by myna-card.
"""

from enum import IntEnum, unique


@unique
class SW(IntEnum):
    """Status words with a meaning here; `63Cx`, `61xx` and `6Cxx` carry a number and are read by functions."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    """Fewer bytes than asked for. The measured cards say `OK` instead."""
    WRONG_LENGTH = 0x6700
    WRONG_FILE_TYPE = 0x6981
    SECURITY_STATUS = 0x6982
    """The file needs a credential that was not presented."""
    METHOD_BLOCKED = 0x6983
    REFERENCE_BLOCKED = 0x6984
    """The measured cards' answer to VERIFY of a locked reference."""
    NO_CURRENT_FILE = 0x6986
    NOT_FOUND = 0x6A82
    """No such application or file."""
    WRONG_OFFSET = 0x6B00
    INS_UNKNOWN = 0x6D00
    CLA_UNKNOWN = 0x6E00
    INTERNAL = 0x6F00
    """Also the answer of a measured card to its very first command."""


def retries_left(status_word: int) -> int | None:
    """Tries left of a `63Cx`; None for anything else. A bare `6300` means "no counter", never "none left"."""
    return status_word & 0x000F if status_word & 0xFFF0 == 0x63C0 else None  # noqa: PLR2004 - 63Cx is its name


def bytes_waiting(status_word: int) -> int | None:
    """Length to ask for with GET RESPONSE after `61xx`, 1..256; None for anything else."""
    return (status_word & 0xFF or 256) if status_word >> 8 == 0x61 else None  # noqa: PLR2004 - 61xx is its name


def exact_length(status_word: int) -> int | None:
    """Length to repeat the command with after `6Cxx`, 1..256; None for anything else."""
    return (status_word & 0xFF or 256) if status_word >> 8 == 0x6C else None  # noqa: PLR2004 - 6Cxx is its name
