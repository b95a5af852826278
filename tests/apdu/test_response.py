"""Response APDUs and status words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.apdu.response import ResponseApdu
from myna_app.apdu.status import bytes_waiting, exact_length, retries_left
from myna_app.errors import CardDataError, StatusWordError


def test_an_answer_is_data_and_a_status_word() -> None:
    response = ResponseApdu.parse(bytes.fromhex("308202D79000"))
    assert (response.data, response.status_word, response.ok) == (bytes.fromhex("308202D7"), 0x9000, True)


def test_an_end_of_file_is_an_answer_too() -> None:
    assert ResponseApdu.parse(bytes.fromhex("306282")).data_or_error("read") == b"0"


@pytest.mark.parametrize("raw", [b"", b"\x90"])
def test_less_than_a_status_word_is_an_error(raw: bytes) -> None:
    with pytest.raises(CardDataError):
        ResponseApdu.parse(raw)


def test_a_refusal_names_our_step_and_the_status_word_and_no_data() -> None:
    with pytest.raises(StatusWordError) as caught:
        ResponseApdu.parse(bytes.fromhex("53454352455469 82")).data_or_error("read")
    assert caught.value.status_word == 0x6982
    assert caught.value.detail == "read SW 6982"
    assert "SECRET" not in repr(caught.value)


def test_a_repr_shows_no_data() -> None:
    assert repr(ResponseApdu(b"secret", 0x9000)) == "ResponseApdu(6 bytes, SW 9000)"


@pytest.mark.parametrize(
    ("status_word", "left"),
    [
        (0x63CF, 15),
        (0x63CA, 10),
        (0x63C1, 1),
        (0x63C0, 0),
        (0x6300, None),  # no counter, not "none left"
        (0x63D0, None),
        (0x9000, None),
        (0x6983, None),
        (0x6984, None),
        (0x62C5, None),
    ],
)
def test_only_63cx_carries_tries(status_word: int, left: int | None) -> None:
    assert retries_left(status_word) == left


def test_lengths_in_61xx_and_6cxx_are_1_to_256() -> None:
    assert [bytes_waiting(one) for one in (0x6101, 0x61FF, 0x6100, 0x6C10, 0x9000)] == [1, 255, 256, None, None]
    assert [exact_length(one) for one in (0x6C01, 0x6CFF, 0x6C00, 0x6110, 0x9000)] == [1, 255, 256, None, None]


@given(st.binary(max_size=300))
def test_any_answer_is_parsed_or_malformed(raw: bytes) -> None:
    try:
        response = ResponseApdu.parse(raw)
    except CardDataError:
        assert len(raw) < 2
    else:
        assert response.data + response.status_word.to_bytes(2, "big") == raw
