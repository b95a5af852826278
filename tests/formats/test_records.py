"""The card's records: measured offsets and literals, and hostile bytes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.formats.records import (
    parse_birth_date_record,
    parse_card_record,
    parse_cv_certificate,
    parse_rsa_public_key,
)
from myna_app.formats.tlv import MalformedError

MODULUS = b"\xb6" + bytes(range(254)) + b"\x83"
KEY = bytes.fromhex("9003010001" + "91820100") + MODULUS
SIGNATURE = bytes(range(256))
BIRTH_DATE_RECORD = (
    bytes.fromhex("FF1082021E")
    + (bytes.fromhex("DF1108") + b"19800217")
    + (bytes.fromhex("DF12820109") + KEY)
    + (bytes.fromhex("DF13820100") + SIGNATURE)
)
ISSUER_ID = bytes.fromhex("36303030303233080530303100000000")  # 6000023/001
SUBJECT_ID = bytes.fromhex("31333232313231080530303000000000")  # 1322121/000
CV_CERTIFICATE = (
    bytes.fromhex("7F21820233" + "5F4E820129") + ISSUER_ID + SUBJECT_ID + KEY + bytes.fromhex("5F37820100") + SIGNATURE
)
CARD_RECORD = bytes.fromhex("011C") + b"4000000127198431322120350217"
PARSERS: list[tuple[Callable[[bytes], object], bytes]] = [
    (parse_birth_date_record, BIRTH_DATE_RECORD),
    (parse_cv_certificate, CV_CERTIFICATE),
    (parse_rsa_public_key, KEY),
    (parse_card_record, CARD_RECORD),
]


def test_the_birth_date_record_has_its_parts_at_the_measured_offsets() -> None:
    assert len(BIRTH_DATE_RECORD) == 547
    record = parse_birth_date_record(BIRTH_DATE_RECORD)
    assert record.birth_date == "19800217"
    assert record.signed == BIRTH_DATE_RECORD[5:286]
    assert record.signature == BIRTH_DATE_RECORD[291:547]
    assert (record.card_key.modulus, record.card_key.exponent) == (int.from_bytes(MODULUS, "big"), 65537)


def test_the_cv_certificate_has_its_parts_at_the_measured_offsets() -> None:
    assert len(CV_CERTIFICATE) == 568
    certificate = parse_cv_certificate(CV_CERTIFICATE)
    assert (certificate.issuer_key_id, certificate.subject_key_id) == (ISSUER_ID, SUBJECT_ID)
    assert certificate.signed == CV_CERTIFICATE[10:307]
    assert certificate.signature == CV_CERTIFICATE[312:568]
    assert certificate.subject_key.modulus == int.from_bytes(CV_CERTIFICATE[51:307], "big")


def test_the_card_record_of_the_test_card_is_read() -> None:
    record = parse_card_record(CARD_RECORD)
    assert (record.serial, record.municipality) == ("400000012719843", "13221")
    assert record.expires_on == date(2035, 2, 17)


def test_filler_after_a_file_is_tolerated_and_changes_nothing() -> None:
    assert parse_birth_date_record(BIRTH_DATE_RECORD + b"\xff" * 9) == parse_birth_date_record(BIRTH_DATE_RECORD)
    assert parse_cv_certificate(CV_CERTIFICATE + b"\xff") == parse_cv_certificate(CV_CERTIFICATE)


@pytest.mark.parametrize(("parse", "data"), PARSERS)
def test_every_cut_of_a_record_is_malformed(parse: Callable[[bytes], object], data: bytes) -> None:
    for length in range(len(data)):
        with pytest.raises(MalformedError):
            parse(data[:length])


@pytest.mark.parametrize(
    ("parse", "data"),
    [
        (parse_birth_date_record, BIRTH_DATE_RECORD.replace(b"19800217", b"1980021A")),
        (parse_birth_date_record, BIRTH_DATE_RECORD.replace(b"\xff\x10", b"\xff\x20")),
        (parse_birth_date_record, BIRTH_DATE_RECORD.replace(b"\xdf\x13", b"\xdf\x14")),
        (parse_birth_date_record, CV_CERTIFICATE),
        (parse_cv_certificate, BIRTH_DATE_RECORD),
        (parse_rsa_public_key, KEY.replace(b"\x01\x00\x01", b"\x01\x00\x03", 1)),
        (parse_rsa_public_key, KEY.replace(MODULUS, b"\0" + MODULUS[1:])),
        (parse_rsa_public_key, KEY + b"\x90\x00"),
        (parse_rsa_public_key, bytes.fromhex("900301000191820101") + b"\0" + MODULUS),
        (parse_card_record, CARD_RECORD.replace(b"0217", b"0230")),
        (parse_card_record, CARD_RECORD.replace(b"\x01\x1c", b"\x02\x1c")),
        (parse_card_record, CARD_RECORD.replace(b"4000", b"400x")),
    ],
)
def test_a_wrong_part_is_malformed(parse: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse(data)


def test_a_repr_shows_nothing_of_the_holder() -> None:
    shown = repr(parse_birth_date_record(BIRTH_DATE_RECORD)) + repr(parse_card_record(CARD_RECORD))
    for secret in ("19800217", "400000012719843", "13221", "2035", str(int.from_bytes(MODULUS, "big"))):
        assert secret not in shown


@given(st.data())
def test_a_record_with_bytes_changed_is_parsed_or_malformed(data: st.DataObject) -> None:
    parse, good = data.draw(st.sampled_from(PARSERS))
    broken = bytearray(good)
    for position in data.draw(st.lists(st.integers(0, len(good) - 1), max_size=5)):
        broken[position] = data.draw(st.integers(0, 255))
    with suppress(MalformedError):
        parse(bytes(broken))


@given(st.binary(max_size=700))
def test_any_bytes_are_a_record_or_malformed(data: bytes) -> None:
    for parse, _ in PARSERS:
        with suppress(MalformedError):
            parse(data)
