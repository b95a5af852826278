"""Whether birth-date key or 照合番号B may be tried: the rule that keeps the visitor's card away from lock-out.

A locked reference is a trip to the municipal office for the visitor. The limit of this reference is not published, its
counter never recovers by time, and other programs may have spent tries before us.
"""

from enum import Enum, unique

from myna_app.apdu.status import SW, retries_left
from myna_app.card.spec import MOST_CAREFUL_TRIES, ROOMY_TRIES


@unique
class Guard(Enum):
    """What the counter allows."""

    GO = "go"
    SPARED = "spared"
    """Too few tries left, or an answer nobody can read: leave the card alone."""
    LOCKED = "locked"
    STATE_LEFT = "state left"
    """Another program's VERIFY still holds: power the card down and start over once."""


def guard(status_word: int, *, staff_typed_it: bool) -> Guard:
    """The decision for the answer to the empty VERIFY.

    `staff_typed_it`: staff typed the birth date printed on this card, and it equals the key. That makes a wrong key
    unlikely enough for the last tries but one.
    """
    match status_word:
        case SW.OK:
            return Guard.STATE_LEFT
        case SW.METHOD_BLOCKED | SW.REFERENCE_BLOCKED | 0x63C0:
            return Guard.LOCKED
    tries = retries_left(status_word) or 0
    return Guard.GO if tries >= (MOST_CAREFUL_TRIES if staff_typed_it else ROOMY_TRIES) else Guard.SPARED
