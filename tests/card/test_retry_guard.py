"""The rule that keeps the visitor's card away from lock-out, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.card.retry_guard import Guard, guard

ROWS = [
    # answer to the empty VERIFY, automatic, typed by staff
    (0x63CF, Guard.GO, Guard.GO),
    (0x63CA, Guard.GO, Guard.GO),
    (0x63C6, Guard.GO, Guard.GO),
    (0x63C5, Guard.GO, Guard.GO),
    (0x63C4, Guard.SPARED, Guard.GO),
    (0x63C3, Guard.SPARED, Guard.GO),
    (0x63C2, Guard.SPARED, Guard.GO),
    (0x63C1, Guard.SPARED, Guard.SPARED),
    (0x63C0, Guard.LOCKED, Guard.LOCKED),
    (0x6983, Guard.LOCKED, Guard.LOCKED),
    (0x6984, Guard.LOCKED, Guard.LOCKED),
    (0x9000, Guard.STATE_LEFT, Guard.STATE_LEFT),
    (0x6300, Guard.SPARED, Guard.SPARED),  # no counter: nobody knows how many are left
    (0x6700, Guard.SPARED, Guard.SPARED),
    (0x6A82, Guard.SPARED, Guard.SPARED),
    (0x6A88, Guard.SPARED, Guard.SPARED),
    (0x6F00, Guard.SPARED, Guard.SPARED),
]


@pytest.mark.parametrize(("status_word", "automatic", "typed"), ROWS)
def test_the_key_is_tried_only_where_the_counter_leaves_room(status_word: int, automatic: Guard, typed: Guard) -> None:
    assert guard(status_word, staff_typed_it=False) is automatic
    assert guard(status_word, staff_typed_it=True) is typed


@given(st.integers(0, 0xFFFF))
def test_nothing_but_a_counter_of_five_lets_the_program_try_by_itself(status_word: int) -> None:
    assert (guard(status_word, staff_typed_it=False) is Guard.GO) == (0x63C5 <= status_word <= 0x63CF)
