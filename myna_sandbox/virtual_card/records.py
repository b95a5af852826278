"""Writes the card's signed records, byte for byte as measured on the public test card (myna-card).

Lengths: one byte below 0x80, from there on ``82 hh ll`` even where ``81 xx`` would do. Offset tables count from the
first byte of the file. A record signature is RSASSA-PKCS1-v1_5 with SHA-256 by the issuer's key.
"""

import hashlib
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo

FILLER = b"\xff"
CV_HEADER = bytes.fromhex("7F21820233")
_DIGESTS_INFO = bytes.fromhex("3071300D060960864801650304020105000460")
"""A DigestInfo that names SHA-256 but carries three digests, 96 bytes unhashed, as the card face's signature does."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """証明者: `certificate` is its CV certificate as a file, 568 bytes; `key` signs records."""

    certificate: bytes
    key: RSAPrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardFace:
    """What is printed. Dates YYYYMMDD, `sex` one digit; name, address, code and number are PNG, the photograph JP2."""

    birth_date: str
    sex: str
    expires: str
    name: bytes = field(repr=False)
    address: bytes = field(repr=False)
    photograph: bytes = field(repr=False)
    security_code: bytes = field(repr=False)
    individual_number: bytes = field(repr=False)


def tlv(tag: str, value: bytes) -> bytes:
    """One object; `tag` is hexadecimal."""
    length = bytes([len(value)]) if len(value) < 0x80 else b"\x82" + len(value).to_bytes(2, "big")
    return bytes.fromhex(tag) + length + value


def key_id(number: str, group: str = "001", padding: str = "00000000") -> bytes:
    """鍵ID, 16 bytes: seven digits, ``08 05``, three digits, padding."""
    return number.encode("ascii") + b"\x08\x05" + group.encode("ascii") + bytes.fromhex(padding)


def public_key(key: RSAPublicKey) -> bytes:
    """Exponent and modulus, 265 bytes."""
    numbers = key.public_numbers()
    return tlv("90", numbers.e.to_bytes(3, "big")) + tlv("91", numbers.n.to_bytes(256, "big"))


def cv_certificate(issuer_id: bytes, issuer_key: RSAPrivateKey, subject_id: bytes, subject: RSAPublicKey) -> bytes:
    """Card-verifiable certificate as a file, 568 bytes."""
    body = issuer_id + subject_id + public_key(subject)
    return CV_HEADER + tlv("5F4E", body) + tlv("5F37", _sign(issuer_key, body))


def age_record(birth_date: str, card_key: RSAPublicKey, issuer: Issuer) -> bytes:
    """生年月日 (券面事項確認AP 0001), 547 bytes."""
    signed = tlv("DF11", birth_date.encode("ascii")) + tlv("DF12", public_key(card_key))
    return tlv("FF10", signed + tlv("DF13", _sign(issuer.key, signed)))


def card_face(face: CardFace, card_key: RSAPublicKey, issuer: Issuer) -> bytes:
    """券面事項 (券面事項確認AP 0002)."""
    groups = (
        (
            tlv("DF22", face.birth_date.encode("ascii")),
            tlv("DF23", face.sex.encode("ascii")),
            tlv("DF24", public_key(card_key)),
        ),
        (tlv("DF25", face.name), tlv("DF26", face.address)),
        (tlv("DF27", face.photograph),),
    )
    digests = b"".join(hashlib.sha256(b"".join(group)).digest() for group in groups)
    signature = issuer.key.sign(_DIGESTS_INFO + digests, PKCS1v15(), NoDigestInfo())
    objects = (
        *(one for group in groups for one in group),
        tlv("DF28", signature),
        tlv("DF29", face.expires.encode("ascii")),
        tlv("DF2A", face.security_code),
    )
    return _with_offsets("FF20", "DF21", objects)


def number_picture(picture: bytes, card_key: RSAPublicKey, issuer: Issuer) -> bytes:
    """個人番号 as a picture (券面事項確認AP 0005)."""
    signed = tlv("DF41", picture) + tlv("DF42", public_key(card_key))
    return tlv("FF40", signed + tlv("DF43", _sign(issuer.key, signed)))


def surface_information(municipality: str, opaque: bytes) -> bytes:
    """AP基本情報 of 券面事項確認AP (0003), 320 bytes; `opaque` is 256 bytes whose meaning is not known."""
    return tlv(
        "FF30",
        tlv("DF31", bytes.fromhex("06030E01"))
        + tlv("DF32", key_id("7000024"))
        + tlv("DF33", b"\x00")
        + tlv("DF34", municipality.encode("ascii"))
        + tlv("DF35", key_id("7900025") + opaque),
    )


def individual_number(number: str) -> bytes:
    """個人番号 (券面入力補助AP 0001), 17 bytes with its filler."""
    return tlv("FF10", number.encode("ascii")) + 2 * FILLER


def basic_four(name: str, address: str, birth_date: str, sex: str) -> bytes:
    """基本4情報 (券面入力補助AP 0002)."""
    values = zip(("DF22", "DF23", "DF24", "DF25"), (name, address, birth_date, sex), strict=True)
    return _with_offsets("FF20", "DF21", tuple(tlv(tag, value.encode()) for tag, value in values))


def text_digests(number_file: bytes, four_file: bytes, issuer: Issuer) -> bytes:
    """Digests and signature (券面入力補助AP 0003), 336 bytes, over the two files as they are stored.

    The second digest leaves out header and offset table.
    """
    header = 3 if four_file[2] < 0x80 else 5
    table = 3 + four_file[header + 2]
    signed = tlv("DF31", hashlib.sha256(number_file).digest())
    signed += tlv("DF32", hashlib.sha256(four_file[header + table :]).digest())
    return tlv("FF30", signed + tlv("DF33", _sign(issuer.key, signed)))


def text_information(opaque: bytes) -> bytes:
    """AP基本情報 of 券面入力補助AP (0005), 164 bytes; `opaque` is 32 bytes whose meaning is not known."""
    return tlv(
        "FF40",
        tlv("DF41", bytes.fromhex("01030E01")) + tlv("DF42", key_id("7000034")) + tlv("DF43", opaque + 96 * FILLER),
    )


def session_public_key(key: RSAPublicKey) -> bytes:
    """Public half of the session key (券面入力補助AP 0006), 269 bytes."""
    return tlv("A1", public_key(key))


def authentication_key(card_key: RSAPublicKey, issuer: Issuer) -> bytes:
    """認証鍵 (券面入力補助AP 0007), 536 bytes."""
    signed = tlv("DF51", public_key(card_key))
    return tlv("FF50", signed + tlv("DF52", _sign(issuer.key, signed)))


def card_record(serial: str, municipality: str, expires: str) -> bytes:
    """Record 1 of 共通カードAP 0001, simple TLV, 30 bytes."""
    return simple_tlv((serial + municipality + expires).encode("ascii"))


def simple_tlv(value: bytes) -> bytes:
    """JICSAP 1.1, 4.4.1, with tag 01; values here are shorter than 255 bytes."""
    return bytes([0x01, len(value)]) + value


def token_information(label: str) -> bytes:
    """PKCS #11 ``CK_TOKEN_INFO`` (公的個人認証AP 0006), 160 bytes."""
    rng, login_required, user_pin_initialised, token_initialised = 0x01, 0x04, 0x08, 0x400
    return struct.pack(
        ">32s32s16s16s7I16s2s2s16s",
        label.ljust(32).encode("ascii"),
        b"%032d" % 1,
        b"E16R01NJ".ljust(16),
        b"%016d" % 20500003,
        rng | login_required | user_pin_initialised | token_initialised,
        *(1, 0, 1, 0),  # sessions: most, open; the same for read and write
        *(16, 6),  # longest and shortest PIN
        16 * FILLER,  # memory counters: not available
        b"03",
        b"01",
        b"9" * 16,
    )


def _with_offsets(tag: str, table_tag: str, objects: tuple[bytes, ...]) -> bytes:
    """A file whose first object is a table of 16-bit offsets of the others."""
    table_length = 3 + 2 * len(objects)
    total = table_length + sum(map(len, objects))
    start = (3 if total < 0x80 else 5) + table_length
    offsets = [start + sum(map(len, objects[:index])) for index in range(len(objects))]
    return tlv(tag, tlv(table_tag, struct.pack(f">{len(offsets)}H", *offsets)) + b"".join(objects))


def _sign(key: RSAPrivateKey, signed: bytes) -> bytes:
    return key.sign(signed, PKCS1v15(), hashes.SHA256())
