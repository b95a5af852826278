"""The card's own APDU parser: ISO/IEC 7816-3, 12.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_sandbox.virtual_card.apdu import Command, parse
from myna_sandbox.virtual_card.card import VirtualCard
from myna_sandbox.virtual_card.files import CardImage
from myna_sandbox.virtual_card.status import RefusedError

HEADER = bytes.fromhex("00B08A00")


@pytest.mark.parametrize(
    ("body", "expected", "extended"),
    [
        ("", None, False),
        ("01", 1, False),
        ("7F", 0x7F, False),
        ("80", 0x80, False),
        ("FF", 0xFF, False),
        ("00", 256, False),
        ("000001", 1, True),
        ("000100", 256, True),
        ("000101", 0x101, True),
        ("00FFFF", 0xFFFF, True),
        ("000000", 65536, True),
    ],
)
def test_le_is_read_in_both_forms(body: str, expected: int | None, extended: bool) -> None:
    command = parse(HEADER + bytes.fromhex(body))
    assert (command.data, command.expected, command.extended) == (b"", expected, extended)


@pytest.mark.parametrize("length", [1, 0x7F, 0x80, 0xFF, 0x100, 0x101, 0x200, 0xFFFF])
@pytest.mark.parametrize("with_le", [False, True])
def test_data_is_read_in_both_forms(length: int, with_le: bool) -> None:
    data = bytes([0xA5]) * length
    if length <= 0xFF:
        short = HEADER + bytes([length]) + data + (b"\x00" if with_le else b"")
        assert parse(short) == Command(0x00, 0xB0, 0x8A, 0x00, data, 256 if with_le else None)
    extended = HEADER + b"\x00" + length.to_bytes(2, "big") + data + (b"\x00\x00" if with_le else b"")
    assert parse(extended) == Command(0x00, 0xB0, 0x8A, 0x00, data, 65536 if with_le else None, extended=True)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "00B08A",  # no full header
        "00B08A000000",  # 00 and one byte: neither form of Le
        "00B08A0000000011",  # extended Lc of zero
        "00B08A000511223344",  # Lc 5 with four bytes
        "00B08A0001112233",  # Lc 1, data, and two bytes of Le
        "00B08A0000000211",  # extended Lc 2 with one byte
        "00B08A000000021122AA",  # extended data with a one-byte Le
    ],
)
def test_what_is_no_apdu_is_refused(raw: str) -> None:
    with pytest.raises(RefusedError, match="6700"):
        parse(bytes.fromhex(raw))


@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_or_refused(raw: bytes) -> None:
    try:
        command = parse(raw)
    except RefusedError:
        return
    assert command.expected is None or 1 <= command.expected <= 65536


@given(commands=st.lists(st.binary(min_size=4, max_size=40), max_size=8))
def test_any_bytes_get_a_status_word(persona_image: CardImage, commands: list[bytes]) -> None:
    card = VirtualCard(persona_image)
    card.power_on()
    for command in commands:
        assert len(card.transmit(command)) >= 2
