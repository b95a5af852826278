"""The channel: what it repeats, what never, and how a file is read through readers of every kind."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.apdu.channel import Channel, ExtendedLength
from myna_app.apdu.command import CommandApdu
from myna_app.errors import CardDataError, CardError, CardRemovedError, CardResetError, StatusWordError
from tests.card_script import ScriptedCard

OBJECT = bytes.fromhex("30820254") + bytes(range(256)) * 2 + bytes(84)
"""600 bytes."""
READ = CommandApdu.read_binary(4)


def test_a_select_answered_6f00_is_sent_once_more() -> None:
    card = ScriptedCard("""
        > 00A4020C020011
        < 6F00                      # a card's first command after power-on
        > 00A4020C020011
        < 9000
    """)
    channel = Channel(card)
    assert channel.send(CommandApdu.select_file(0x11)).ok
    assert channel.sent == 2
    card.assert_finished()


def test_a_second_6f00_is_the_answer() -> None:
    card = ScriptedCard("> 00B0000004\n < 6F00\n > 00B0000004\n < 6F00")
    assert Channel(card).send(READ).status_word == 0x6F00


def test_6cxx_repeats_a_read_with_the_right_length() -> None:
    card = ScriptedCard("> 00B0000004\n < 6C02\n > 00B0000002\n < AABB9000")
    assert Channel(card).send(READ).data == b"\xaa\xbb"


def test_61xx_is_completed_by_get_response() -> None:
    card = ScriptedCard("""
        > 00B0000004
        < AA 6102
        > 00C0000002
        < BB 6101
        > 00C0000001
        < CC 9000
    """)
    assert Channel(card).send(READ).data == b"\xaa\xbb\xcc"


def test_61xx_without_end_is_an_error() -> None:
    with pytest.raises(CardDataError):
        Channel(ScriptedCard("> 00B0000004\n < 6101\n > 00C0000001\n < 6101")).send(READ)


@pytest.mark.parametrize("status_word", ["6F00", "6C06", "6106", "63C4", "6700"])
@pytest.mark.parametrize(
    "command",
    [CommandApdu.verify(0x91, b"550217"), CommandApdu.verify_status(0x91), CommandApdu.compute_signature(b"x")],
)
def test_verify_and_signing_are_sent_once_whatever_comes_back(command: CommandApdu, status_word: str) -> None:
    card = ScriptedCard("> {command}\n < " + status_word, command=command.encoded)
    assert Channel(card).send(command).status_word == int(status_word, 16)
    card.assert_finished()


def test_a_transport_error_repeats_nothing() -> None:
    for command in (READ, CommandApdu.verify(0x91, b"550217")):
        with pytest.raises(CardError):
            Channel(ScriptedCard("> {command}\n ! 80100016", command=command.encoded)).send(command)


def test_an_object_is_read_in_one_command_where_extended_apdus_pass() -> None:
    card = ScriptedCard("> 00B08A00000000\n < {object} FFFF 9000", object=OBJECT)
    channel = Channel(card)
    assert channel.read_object(0x0A) == OBJECT  # without the filler
    assert (channel.sent, channel.extended) == (1, ExtendedLength.PASSES)


def test_an_extended_read_that_ends_early_is_completed() -> None:
    card = ScriptedCard(
        """
        > 00B08A00000000
        < {first} 9000              # a reader that cuts at 256
        > 00B0010000
        < {second} 9000
        > 00B0020058
        < {third} 9000
        """,
        first=OBJECT[:256],
        second=OBJECT[256:512],
        third=OBJECT[512:],
    )
    channel = Channel(card)
    assert channel.read_object(0x0A) == OBJECT
    assert channel.extended is ExtendedLength.SHORT_ONLY
    card.assert_finished()


@pytest.mark.parametrize("refusal", ["< 6700", "< 6D00", "< 6E00", "< 6B00", "! 80100016", "! 80100008", "! 0000001F"])
def test_a_reader_that_refuses_extended_apdus_is_read_in_short_form(refusal: str) -> None:
    card = ScriptedCard(
        f"""
        > 00B08A00000000
        {refusal}
        > 00B08A0000
        < {{first}} 9000
        > 00B0010000
        < {{second}} 9000
        > 00B0020058
        < {{third}} 9000
        """,
        first=OBJECT[:256],
        second=OBJECT[256:512],
        third=OBJECT[512:],
    )
    channel = Channel(card)
    assert channel.read_object(0x0A) == OBJECT
    assert channel.extended is ExtendedLength.SHORT_ONLY
    card.assert_finished()


def test_what_is_known_to_be_short_only_is_not_tried_again() -> None:
    card = ScriptedCard("> 00B0880000\n < 30 01 AA 9000")
    assert Channel(card, ExtendedLength.SHORT_ONLY).read_object(8) == bytes.fromhex("3001AA")


def test_a_refusal_about_the_file_is_no_reason_to_read_in_short_form() -> None:
    channel = Channel(ScriptedCard("> 00B08100000000\n < 6982"))
    with pytest.raises(StatusWordError) as caught:
        channel.read_object(1)
    assert caught.value.status_word == 0x6982
    assert channel.extended is ExtendedLength.UNKNOWN


@pytest.mark.parametrize(("code", "error"), [("80100069", CardRemovedError), ("80100068", CardResetError)])
def test_a_card_lifted_or_reset_during_the_extended_read_is_not_blamed_on_the_length(
    code: str, error: type[CardError]
) -> None:
    channel = Channel(ScriptedCard(f"> 00B08A00000000\n ! {code}"))
    with pytest.raises(error):
        channel.read_object(0x0A)
    assert channel.extended is ExtendedLength.UNKNOWN


def test_a_reader_that_loses_the_card_over_an_extended_apdu_is_short_only() -> None:
    channel = Channel(ScriptedCard("> 00B08A00000000\n ! 80100016\n > 00B08A0000\n ! 80100068"))
    with pytest.raises(CardResetError):
        channel.read_object(0x0A)
    assert channel.extended is ExtendedLength.SHORT_ONLY


@pytest.mark.parametrize(
    "script",
    [
        "> 00B08A00000000\n < 9000\n > 00B0000008\n < 9000",  # empty file
        "> 00B08A00000000\n < 3004AABB9000\n > 00B0000402\n < 9000",  # shorter than it says
        "> 00B08A00000000\n < 3084FFFFFFFF9000",  # larger than a file can be
        "> 00B08A00000000\n < FFFFFFFFFF9000",  # filler only
        "> 00B08A00000000\n < 90\n > 00B08A0000\n < 90",  # no status word, in neither form
    ],
)
def test_a_file_without_a_whole_object_is_a_data_error(script: str) -> None:
    card = ScriptedCard(script)
    with pytest.raises(CardDataError):
        Channel(card).read_object(0x0A)
    card.assert_finished()


class HostileCard:
    """Answers whatever it likes."""

    def __init__(self, draw: Callable[[], bytes]) -> None:
        self._draw = draw

    def transmit(self, _command: bytes) -> bytes:
        return self._draw()


@given(st.data())
def test_a_hostile_card_causes_mapped_errors_only(data: st.DataObject) -> None:
    status_words = st.sampled_from(["9000", "6282", "6700", "6F00", "6C05", "6103", "6982", ""]).map(bytes.fromhex)
    bodies = st.one_of(st.binary(max_size=300), st.just(bytes.fromhex("30820120") + bytes(200)))
    answers = st.builds(lambda body, status_word: body + status_word, bodies, status_words)
    channel = Channel(HostileCard(lambda: data.draw(answers)))
    try:
        result = channel.read_object(0x0A)
    except CardError:
        return
    assert result
