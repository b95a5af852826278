"""BER-TLV and simple TLV: literal bytes of measured cards, the length boundaries, and hostile bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.formats.tlv import MalformedError, outer_length, parse_file, parse_objects, parse_simple_record


@pytest.mark.parametrize(
    ("length_field", "length"),
    [
        ("00", 0),
        ("01", 1),
        ("7F", 0x7F),
        ("8180", 0x80),
        ("81FF", 0xFF),
        ("820100", 0x100),
        ("820101", 0x101),
        ("82FFFF", 0xFFFF),
        ("83010000", 0x10000),
        ("82009F", 0x9F),  # as the cards write it, although 81 9F would do
        ("840000001C", 0x1C),
    ],
)
@pytest.mark.parametrize("tag", ["30", "FF10", "7F21", "DF8101"])
def test_an_object_of_every_length_form_is_read_and_measured(tag: str, length_field: str, length: int) -> None:
    header = bytes.fromhex(tag + length_field)
    data = header + bytes(length)
    (one,) = parse_objects(data)
    assert (one.tag, one.value, one.raw) == (int(tag, 16), bytes(length), data)
    assert outer_length(data[:8]) == len(data)
    for shorter in range(len(header)):
        assert outer_length(header[:shorter]) is None


@pytest.mark.parametrize("data", ["3080", "FF1080", "3085", "30FF", "FFFFFF", "FF808000", "DFFFFF01"])
def test_indefinite_and_oversized_headers_are_malformed(data: str) -> None:
    with pytest.raises(MalformedError):
        outer_length(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["", "30", "3001", "308201", "DF11083139", "0100300200"])
def test_an_object_that_goes_past_the_end_is_malformed(data: str) -> None:
    with pytest.raises(MalformedError):
        parse_file(bytes.fromhex(data))


def test_several_objects_keep_their_order_and_their_exact_bytes() -> None:
    first, second = parse_objects(bytes.fromhex("DF11083139383030323137DF330100"))
    assert (first.tag, first.value, first.raw.hex()) == (0xDF11, b"19800217", "df11083139383030323137")
    assert (second.tag, second.value, second.raw.hex()) == (0xDF33, b"\0", "df330100")


def test_filler_of_ff_may_follow_the_object_of_a_file_and_nothing_else() -> None:
    assert parse_file(bytes.fromhex("DF330100" + "FFFF")).tag == 0xDF33
    with pytest.raises(MalformedError):
        parse_file(bytes.fromhex("DF330100" + "FF00"))


def test_the_card_record_of_the_test_card_is_simple_tlv() -> None:
    record = parse_simple_record(bytes.fromhex("011C") + b"4000000127198431322120350217")
    assert (record.tag, record.value) == (1, b"4000000127198431322120350217")


def test_the_long_form_of_simple_tlv_is_ff_and_two_bytes() -> None:
    assert parse_simple_record(bytes.fromhex("05FF0100") + bytes(256)).value == bytes(256)
    assert parse_simple_record(bytes.fromhex("05FE") + bytes(254)).value == bytes(254)


@pytest.mark.parametrize("data", ["", "01", "0101", "01010000", "01FF", "01FF00", "01FF000100FF"])
def test_simple_tlv_that_does_not_end_with_its_value_is_malformed(data: str) -> None:
    with pytest.raises(MalformedError):
        parse_simple_record(bytes.fromhex(data))


def test_a_repr_shows_no_value() -> None:
    assert repr(parse_file(bytes.fromhex("DF1108") + b"19800217")) == f"Tlv(tag={0xDF11})"


@given(st.binary(max_size=600))
def test_any_bytes_are_parsed_or_malformed(data: bytes) -> None:
    for parse in (parse_objects, parse_file, parse_simple_record, outer_length):
        try:
            parse(data)
        except MalformedError as error:
            assert data.hex() not in str(error) or len(data) < 2


@given(st.lists(st.tuples(st.sampled_from([0x30, 0xFF10, 0xDF11, 0x5F37]), st.binary(max_size=300)), max_size=6))
def test_what_is_written_is_read_again(objects: list[tuple[int, bytes]]) -> None:
    data = b"".join(
        tag.to_bytes(1 if tag < 0x100 else 2, "big") + b"\x82" + len(value).to_bytes(2, "big") + value
        for tag, value in objects
    )
    assert [(one.tag, one.value) for one in parse_objects(data)] == objects
    assert b"".join(one.raw for one in parse_objects(data)) == data
