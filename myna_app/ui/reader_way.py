"""Whether a card is laid on a reader or put into it, as far as the reader's name tells."""

import re
from enum import StrEnum, unique

_INSERTED = re.compile(r"\bICC\b|\bContact\b|ACR3[89]|SCR33|IDBridge CT", re.IGNORECASE)
_LAID = re.compile(r"\bPICC\b|\bContactless\b|\bCL\b|\bNFC\b|FeliCa|PaSoRi|RC-S[39]", re.IGNORECASE)


@unique
class ReaderWay(StrEnum):
    """The value is the key of its words under M-12."""

    EITHER = "place"
    """Not known: its name tells neither, or both."""
    LAID = "place_laid"
    INSERTED = "place_inserted"


def reader_way(name: str) -> ReaderWay:
    match bool(_LAID.search(name)), bool(_INSERTED.search(name)):
        case True, False:
            return ReaderWay.LAID
        case False, True:
            return ReaderWay.INSERTED
        case _:
            return ReaderWay.EITHER
