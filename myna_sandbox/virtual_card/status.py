"""Status words of the virtual card, with the meaning the real card gives them (JICSAP 1.1; measured, myna-card)."""

from enum import IntEnum, unique


@unique
class SW(IntEnum):
    """Two bytes at the end of every answer."""

    DONE = 0x9000
    NO_SECURITY_ENVIRONMENT = 0x66F1
    """SET SESSION KEY in an application that has no secure messaging."""
    WRONG_LENGTH = 0x6700
    NO_LOGICAL_CHANNEL = 0x6881
    NO_SECURE_MESSAGING = 0x6882
    WRONG_FILE_TYPE = 0x6981
    NOT_ALLOWED = 0x6982
    """Security status not satisfied."""
    LOCKED = 0x6984
    """「referenced IEF closed」: no tries are left; the ISO word 6983 is not used by this card."""
    CONDITIONS = 0x6985
    NO_CURRENT_FILE = 0x6986
    SECURE_OBJECT_MISSING = 0x6987
    SECURE_OBJECT_WRONG = 0x6988
    NO_SESSION = 0x69FC
    WRONG_DATA = 0x6A80
    NOT_FOUND = 0x6A82
    RECORD_NOT_FOUND = 0x6A83
    WRONG_PARAMETERS = 0x6A86
    REFERENCE_NOT_FOUND = 0x6A88
    OUTSIDE_FILE = 0x6B00
    UNKNOWN_INSTRUCTION = 0x6D00
    UNKNOWN_CLASS = 0x6E00
    INTERNAL = 0x6F00


def tries_left(count: int) -> int:
    """``63Cx``: not matching, `count` tries left."""
    return 0x63C0 | count


class RefusedError(Exception):
    """Ends a command with a status word and no data."""

    def __init__(self, status_word: int) -> None:
        super().__init__(f"{status_word:04X}")
        self.status_word = status_word
