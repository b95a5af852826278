"""Command APDUs: the boundaries of the length forms, and the literal bytes of the commands in use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.apdu.command import CommandApdu


@pytest.mark.parametrize(
    ("expected_length", "le"),
    [
        (None, ""),
        (1, "01"),
        (0x7F, "7F"),
        (0x80, "80"),
        (0xFF, "FF"),
        (0x100, "00"),
        (0x101, "000101"),
        (0xFFFF, "00FFFF"),
        (0x10000, "000000"),
    ],
)
def test_a_command_without_data_ends_with_le_in_one_or_three_bytes(expected_length: int | None, le: str) -> None:
    command = CommandApdu(0x00, 0xB0, 0x01, 0x02, expected_length=expected_length)
    assert command.encoded == bytes.fromhex("00B00102" + le)


@pytest.mark.parametrize(
    ("count", "lc"), [(1, "01"), (0x7F, "7F"), (0x80, "80"), (0xFF, "FF"), (0x100, "000100"), (0xFFFF, "00FFFF")]
)
def test_data_stands_behind_lc_in_one_or_three_bytes(count: int, lc: str) -> None:
    data = bytes(count)
    assert CommandApdu(0, 0x20, 0, 0, data).encoded == bytes.fromhex("00200000" + lc) + data


@pytest.mark.parametrize(
    ("count", "expected_length", "lc", "le"),
    [
        (1, 1, "01", "01"),
        (0xFF, 0x100, "FF", "00"),
        (1, 0x101, "000001", "0101"),
        (0x100, 1, "000100", "0001"),
        (0x100, 0x100, "000100", "0100"),
        (0xFFFF, 0x10000, "00FFFF", "0000"),
    ],
)
def test_lc_and_le_take_the_same_form(count: int, expected_length: int, lc: str, le: str) -> None:
    command = CommandApdu(0x80, 0x2A, 0, 0, bytes(count), expected_length)
    assert command.encoded == bytes.fromhex("802A0000" + lc) + bytes(count) + bytes.fromhex(le)


@pytest.mark.parametrize(
    "impossible",
    [
        {"expected_length": 0},
        {"expected_length": -1},
        {"expected_length": 0x10001},
        {"data": bytes(0x10000)},
        {"p1": 0x100},
        {"cla": -1},
    ],
)
def test_what_no_apdu_can_say_is_refused(impossible: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"range\(0, 256\)|at most|1\.\.65536"):
        CommandApdu(**{"cla": 0, "ins": 0xB0, "p1": 0, "p2": 0, **impossible})  # type: ignore[arg-type] # wrong on purpose


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            CommandApdu.select_application(bytes.fromhex("D392F000260100000001")),
            "00A4040C0AD392F000260100000001",
        ),
        (CommandApdu.select_file(0x0011), "00A4020C020011"),
        (CommandApdu.read_binary(0x10000, short_ef_id=0x0A), "00B08A00000000"),
        (CommandApdu.read_binary(256, offset=0x100), "00B0010000"),
        (CommandApdu.read_binary(4), "00B0000004"),
        (CommandApdu.read_binary(0x20, short_ef_id=0x06), "00B0860020"),
        (CommandApdu.read_binary(1, offset=0x7FFF), "00B07FFF01"),
        (CommandApdu.read_record(1, 0x01), "00B2010C00"),
        (CommandApdu.verify_status(0x80), "00200080"),
        (CommandApdu.verify_status(0x91), "00200091"),
        (CommandApdu.verify(0x98, b"1234"), "002000980431323334"),
        (CommandApdu.get_response(256), "00C0000000"),
    ],
)
def test_the_named_commands_are_the_measured_bytes(command: CommandApdu, expected: str) -> None:
    assert command.encoded == bytes.fromhex(expected)


def test_signing_asks_for_256_bytes() -> None:
    digest_info = bytes.fromhex("3031300D060960864801650304020105000420") + bytes(32)
    assert CommandApdu.compute_signature(digest_info).encoded == (
        bytes.fromhex("802A000033") + digest_info + bytes.fromhex("00")
    )


@pytest.mark.parametrize(("offset", "short_ef_id"), [(0x8000, None), (-1, None), (0x100, 1), (0, 0), (0, 0x1F)])
def test_read_binary_reaches_no_further_than_its_header(offset: int, short_ef_id: int | None) -> None:
    with pytest.raises(ValueError, match=r"offset|short EF id"):
        CommandApdu.read_binary(1, offset=offset, short_ef_id=short_ef_id)


def test_only_select_and_read_may_be_repeated() -> None:
    assert CommandApdu.select_file(1).repeatable
    assert CommandApdu.read_binary(1).repeatable
    assert CommandApdu.read_record(1, 1).repeatable
    assert not CommandApdu.verify(0x91, b"550217").repeatable
    assert not CommandApdu.verify_status(0x91).repeatable
    assert not CommandApdu.compute_signature(b"x").repeatable


def test_a_repr_shows_no_data() -> None:
    assert repr(CommandApdu.verify(0x91, b"550217")) == "CommandApdu(00 20 00 91, 6 bytes, Ne None)"


def taken_apart(body: bytes) -> tuple[bytes, int | None]:
    """Data and expected length of what follows the header, told apart as ISO/IEC 7816-4 5.2 has a card do it."""
    size, start = (2, 1) if len(body) > 1 and body[0] == 0 else (1, 0)
    body = body[start:]
    data = b""
    if len(body) > size:
        count = int.from_bytes(body[:size], "big")
        data, body = body[size : size + count], body[size + count :]
    return data, (int.from_bytes(body, "big") or 256**size) if body else None


@given(st.one_of(st.binary(max_size=300), st.just(bytes(0xFFFF))), st.one_of(st.none(), st.integers(1, 0x10000)))
def test_every_command_can_be_taken_apart_again(data: bytes, expected_length: int | None) -> None:
    raw = CommandApdu(0, 0xA4, 4, 0, data, expected_length).encoded
    assert taken_apart(raw[4:]) == (data, expected_length)
