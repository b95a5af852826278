"""Faults between reader and card."""

import pytest

from myna_sandbox.faults import FaultyCard, parse_fault
from myna_sandbox.virtual_card.card import CardGoneError, VirtualCard

from .talk import AIDS, Talk

SELECT = f"00A4040C0A{AIDS['JPKI']}"


def behind(card: VirtualCard, *words: str) -> Talk:
    faulty = FaultyCard(card, [parse_fault(word) for word in words])
    faulty.power_on()
    return Talk(faulty)


def test_without_faults_the_card_is_as_it_is(card: VirtualCard) -> None:
    assert behind(card).status(SELECT) == "9000"
    assert behind(card).card.atr == card.atr


@pytest.mark.parametrize(("word", "left"), [("pull@2", 3), ("pull-after@2", 2)])
def test_a_pulled_card_has_executed_the_command_or_not(card: VirtualCard, word: str, left: int) -> None:
    talk = behind(card, word)
    assert talk.status(SELECT) == "9000"
    with pytest.raises(CardGoneError):
        talk.verify("18", "0000")
    assert card.counters["JPKI.0018"] == left


def test_a_wrong_status_replaces_the_command(card: VirtualCard) -> None:
    talk = behind(card, "sw@2=6F00")
    talk.status(SELECT)
    assert talk.verify("18", "0000") == "6F00"
    assert card.counters["JPKI.0018"] == 3


def test_an_answer_is_cut(card: VirtualCard) -> None:
    talk = behind(card, "cut@2=1")
    talk.status(SELECT)
    assert card.transmit(bytes.fromhex("00B0860010"))
    assert len(talk.card.transmit(bytes.fromhex("00B0860010"))) == 1


def test_noise_has_the_length_of_the_answer(card: VirtualCard) -> None:
    talk = behind(card, "garbage@2")
    talk.status(SELECT)
    command = bytes.fromhex("00B0860000")
    noise = talk.card.transmit(command)
    assert len(noise) == 162
    assert noise != talk.card.transmit(command)


def test_a_mute_card_stays_mute(card: VirtualCard) -> None:
    talk = behind(card, "mute@2")
    assert talk.status(SELECT) == "9000"
    assert [talk.card.transmit(bytes.fromhex(SELECT)) for _ in range(3)] == [b"", b"", b""]


def test_the_first_command_after_each_power_on_fails(card: VirtualCard) -> None:
    talk = behind(card, "first-fails")
    for _ in range(2):
        talk.card.power_on()
        assert [talk.status(SELECT) for _ in range(2)] == ["6F00", "9000"]


@pytest.mark.parametrize(("word", "answer"), [("short", b""), ("short=6700", b"\x67\x00")])
def test_a_short_reader_passes_no_extended_command(card: VirtualCard, word: str, answer: bytes) -> None:
    talk = behind(card, word)
    talk.status(SELECT)
    assert talk.card.transmit(bytes.fromhex("00B08A00000000")) == answer
    assert len(talk.data("00B08A0000")) == 256


def test_delays_are_told_to_the_clock(card: VirtualCard, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    talk = behind(card, "delay=20", "delay@2=30", "timing")
    talk.status(SELECT)
    talk.status("802A0000")
    assert slept == [0.02, 0.025, 0.02, 0.03, 0.45]


def test_faults_work_together_the_first_nearest_to_the_reader(card: VirtualCard) -> None:
    talk = behind(card, "cut@1=1", "sw@1=6F00")
    assert talk.card.transmit(bytes.fromhex(SELECT)) == b"\x6f"


@pytest.mark.parametrize(
    "word",
    ["", "pull", "pull@0", "pull@x", "pull@1=2", "sw@1", "sw@1=6F", "sw=6F00", "delay", "delay=1F", "short@1", "burn"],
)
def test_other_words_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"not a|invalid literal"):
        parse_fault(word)
