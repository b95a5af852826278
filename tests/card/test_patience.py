"""Calls that others may hold up: made by a deputy, given up in time, and cleaned up after."""

from threading import Event, get_ident

import pytest

from myna_app.card.patience import Deputy
from myna_app.errors import AppError, CardError, Problem


def never() -> None:
    raise AssertionError("nothing was given up")


def test_calls_are_made_one_after_another_by_the_same_other_thread() -> None:
    deputy, threads = Deputy(), []
    for _ in range(3):
        deputy.within(20, lambda: threads.append(get_ident()), never)
    deputy.dismiss()
    assert len(set(threads)) == 1
    assert get_ident() not in threads


def test_what_a_call_raises_is_raised_here() -> None:
    deputy = Deputy()

    def fail() -> None:
        raise CardError(Problem.CARD_OTHER)

    with pytest.raises(AppError) as caught:
        deputy.within(20, fail, never)
    assert caught.value.problem is Problem.CARD_OTHER
    deputy.dismiss()


@pytest.mark.parametrize("fails", [False, True])
def test_a_call_that_ends_too_late_is_cleaned_up_after_however_it_ends(fails: bool) -> None:
    deputy, others, cleaned = Deputy(), Event(), Event()

    def call() -> None:
        assert others.wait(20)
        if fails:
            raise CardError(Problem.CARD_OTHER)

    with pytest.raises(TimeoutError):
        deputy.within(0.001, call, cleaned.set)
    deputy.dismiss()
    assert not cleaned.is_set()
    others.set()
    assert cleaned.wait(20)
