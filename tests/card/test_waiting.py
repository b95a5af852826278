"""Waiting for a card on the chosen reader."""

from threading import Event, Thread

import pytest

from myna_app.card.readers import Readers, ReaderState
from myna_app.card.waiting import CardWait, WaitCancelledError
from myna_app.errors import CardError, Problem, ReaderError

NAME = "Virtual PCD 00 00"
EMPTY = Readers((ReaderState(NAME),))
WITH_CARD = Readers((ReaderState(NAME, placement=1),))


def test_a_card_already_there_is_found_at_once() -> None:
    cards = CardWait()
    cards.update(WITH_CARD)
    assert cards.wait(NAME, 0.0, Event()) == NAME


def test_a_reader_that_is_numbered_anew_is_found_by_the_name_it_has_now() -> None:
    cards = CardWait()
    cards.update(Readers((ReaderState("Virtual PCD 02 00", placement=1),)))
    assert cards.wait(NAME, 0.0, Event()) == "Virtual PCD 02 00"


def test_a_card_that_comes_ends_the_wait() -> None:
    cards, found = CardWait(), []
    cards.update(EMPTY)
    waiting = Thread(target=lambda: found.append(cards.wait(NAME, 30.0, Event())))
    waiting.start()
    cards.update(WITH_CARD)
    waiting.join(30)
    assert found == [NAME]


@pytest.mark.parametrize(
    ("readers", "problem"),
    [
        (Readers(), Problem.READER_MISSING),
        (Readers(problem=Problem.SERVICE_STOPPED), Problem.SERVICE_STOPPED),
    ],
)
def test_without_the_reader_nobody_waits(readers: Readers, problem: Problem) -> None:
    cards = CardWait()
    cards.update(readers)
    with pytest.raises(ReaderError) as caught:
        cards.wait(NAME, 30.0, Event())
    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("readers", "problem"),
    [
        (EMPTY, Problem.CARD_MISSING),
        (Readers((ReaderState(NAME, placement=1, card_mute=True),)), Problem.CARDS_TWO),
    ],
)
def test_a_wait_that_ends_says_why(readers: Readers, problem: Problem) -> None:
    cards = CardWait()
    cards.update(readers)
    with pytest.raises(CardError) as caught:
        cards.wait(NAME, 0.01, Event())
    assert caught.value.problem is problem


def test_a_cancelled_wait_ends_and_the_next_one_is_not_affected() -> None:
    cards, cancelled = CardWait(), Event()
    cards.update(EMPTY)
    ended: list[type] = []

    def wait() -> None:
        try:
            cards.wait(NAME, 30.0, cancelled)
        except WaitCancelledError as end:
            ended.append(type(end))

    waiting = Thread(target=wait)
    waiting.start()
    cancelled.set()
    cards.wake()
    waiting.join(30)
    assert ended == [WaitCancelledError]
    cards.update(WITH_CARD)
    assert cards.wait(NAME, 0.0, Event()) == NAME
