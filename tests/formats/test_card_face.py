"""The card face: measured layout, the three digests, 照合番号B, the photograph; and hostile bytes."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from myna_app.formats.card_face import face_statement, parse_card_face
from myna_app.formats.card_number_b import card_number_b, is_card_number_b, is_security_code
from myna_app.formats.photograph import decode_photograph
from myna_app.formats.tlv import MalformedError

KEY = bytes.fromhex("9003010001" + "91820100") + b"\xb6" + bytes(range(254)) + b"\x83"
SIGNATURE = bytes(range(256))
FIRST_GROUP = (
    (bytes.fromhex("DF2208") + b"19800217") + (bytes.fromhex("DF2301") + b"1") + (bytes.fromhex("DF24820109") + KEY)
)
NAME = bytes.fromhex("DF2504") + b"name"
ADDRESS = bytes.fromhex("DF2607") + b"address"
PHOTOGRAPH = bytes.fromhex("DF2782000A") + b"photograph"
SIGNED = bytes.fromhex("DF28820100") + SIGNATURE
REST = bytes.fromhex("DF2908") + b"20350217" + bytes.fromhex("DF2A04") + b"code"
# With a five-byte outer header the first four entries are always these (arithmetic of the measured layout).
OFFSETS = bytes.fromhex("001A00250029013701" + "3E0148015702" + "5C0267")
BODY = bytes.fromhex("DF2112") + OFFSETS + FIRST_GROUP + NAME + ADDRESS + PHOTOGRAPH + SIGNED + REST
FILE = bytes.fromhex("FF2082") + len(BODY).to_bytes(2, "big") + BODY


def test_of_the_card_face_the_parts_of_its_proof_and_the_photograph_are_kept() -> None:
    face = parse_card_face(FILE + b"\xff" * 7)
    assert face.photograph == b"photograph"
    assert face.proof.df22 + face.proof.df23 + face.proof.df24 == FIRST_GROUP
    assert face.proof.h2 == hashlib.sha256(NAME + ADDRESS).digest()
    assert face.proof.h3 == hashlib.sha256(PHOTOGRAPH).digest()
    assert face.proof.df28 == SIGNED
    assert "1980" not in repr(face)


def test_the_issuer_signs_three_digests_in_one_digest_info() -> None:
    statement = face_statement(parse_card_face(FILE).proof)
    groups = (FIRST_GROUP, NAME + ADDRESS, PHOTOGRAPH)
    assert statement.digest_info == bytes.fromhex("3071300D060960864801650304020105000460") + b"".join(
        hashlib.sha256(group).digest() for group in groups
    )
    assert statement.signature == SIGNATURE
    assert statement.card_key.modulus == int.from_bytes(KEY[9:], "big")


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"\x00\x1a\x00\x25", b"\x00\x1a\x00\x26"),
        (b"\xdf\x23\x01", b"\xdf\x2b\x01"),
        (b"\xff\x20", b"\xff\x10"),
        (b"\xdf\x28\x82\x01\x00", b"\xdf\x28\x82\x00\xff"),
        (b"\x90\x03\x01\x00\x01", b"\x90\x03\x01\x00\x03"),
    ],
)
def test_a_card_face_with_anything_out_of_place_is_refused(was: bytes, becomes: bytes) -> None:
    assert was in FILE
    with pytest.raises(MalformedError):
        parse_card_face(FILE.replace(was, becomes, 1))


@given(st.binary(max_size=400) | st.integers(0, len(FILE)).map(lambda end: FILE[:end]))
def test_any_bytes_are_a_card_face_or_malformed(data: bytes) -> None:
    with suppress(MalformedError):
        assert parse_card_face(data).proof.df28 == SIGNED


@given(position=st.integers(0, len(FILE) - 1), value=st.integers(0, 255))
def test_a_changed_byte_never_goes_unnoticed_in_what_was_signed(position: int, value: int) -> None:
    changed = FILE[:position] + bytes([value]) + FILE[position + 1 :]
    whole = face_statement(parse_card_face(FILE).proof)
    with suppress(MalformedError):
        statement = face_statement(parse_card_face(changed).proof)
        unsigned = position >= FILE.index(REST) or changed == FILE
        assert unsigned or (statement.digest_info, statement.signature) != (whole.digest_info, whole.signature)


def test_the_number_b_of_the_public_test_card() -> None:
    assert card_number_b("550217", date(2035, 2, 17), "2285") == "55021720352285"


@pytest.mark.parametrize(
    ("key", "expires_on", "code"),
    [
        ("551317", date(2035, 2, 17), "2285"),
        ("55021", date(2035, 2, 17), "2285"),
        ("550217", date(1999, 2, 17), "2285"),
        ("550217", date(2035, 2, 17), "228"),
        ("550217", date(2035, 2, 17), "２２８５"),
    ],
)
def test_parts_that_make_no_number_b_are_refused_without_being_shown(key: str, expires_on: date, code: str) -> None:
    with pytest.raises(ValueError, match="these make no number B") as caught:
        card_number_b(key, expires_on, code)
    assert not any(letter.isdigit() for letter in str(caught.value))


@given(st.text(max_size=16))
def test_a_number_b_is_fourteen_digits_and_a_code_four(text: str) -> None:
    for length, accepts in ((14, is_card_number_b), (4, is_security_code)):
        if accepts(text):
            assert len(text.encode()) == length
            assert text.isdecimal()


def jpeg_2000(mode: str, size: tuple[int, int]) -> bytes:
    stream = BytesIO()
    Image.new(mode, size, 200 if mode == "L" else (200, 200, 200)).save(stream, "JPEG2000")
    return stream.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_photograph_becomes_grey_pixels(mode: str) -> None:
    picture = decode_photograph(jpeg_2000(mode, (24, 30)))
    assert (picture.width, picture.height) == (24, 30)
    assert picture.pixels == bytes([200]) * 24 * 30


def png() -> bytes:
    stream = BytesIO()
    Image.new("L", (2, 2)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    "make",
    [lambda: b"", png, lambda: jpeg_2000("L", (2001, 8)), lambda: jpeg_2000("L", (64, 64))[:-200]],
    ids=["nothing", "another format", "too wide", "cut"],
)
def test_what_is_no_photograph_of_a_card_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(MalformedError):
        decode_photograph(make())


WHOLE = jpeg_2000("L", (24, 30))


@given(position=st.integers(0, len(WHOLE) - 1), value=st.integers(0, 255))
@settings(deadline=None)
def test_a_damaged_photograph_is_a_picture_or_malformed(position: int, value: int) -> None:
    with suppress(MalformedError):
        picture = decode_photograph(WHOLE[:position] + bytes([value]) + WHOLE[position + 1 :])
        assert len(picture.pixels) == picture.width * picture.height
