"""Records of the card, parsed strictly: the birth-date record, the issuer's CV certificate, the card record.

Layouts: measured by myna-card, tags confirmed by jsapdu. Offsets in the docstrings are those of a file without filler;
``FF`` filler after the object is tolerated. Everything raises `MalformedError` on bytes that do not fit.
What was signed is handed on as the exact slice of the file, so that a signature is never checked over re-encoded bytes.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from myna_app.formats.tlv import MalformedError, Tlv, parse_file, parse_objects, parse_simple_record

KEY_ID_LENGTH = 16
SIGNATURE_LENGTH = 256
_EXPONENT = 65537
_MODULUS_BITS = 2048
_CARD_RECORD = re.compile(rb"([0-9]{15})([0-9]{5})([0-9]{8})")


@dataclass(frozen=True, slots=True)
class RsaPublicKey:
    """RSA-2048 with exponent 65537, the only kind these cards hold."""

    modulus: int = field(repr=False)
    exponent: int = _EXPONENT


@dataclass(frozen=True, slots=True)
class BirthDateRecord:
    """生年月日, EF ``0001`` of 券面事項確認AP, 547 bytes: ``FF10`` { ``DF11``, ``DF12``, ``DF13`` }.

    `birth_date` is YYYYMMDD as written (parts may be zeros). `signed` is ``DF11`` ‖ ``DF12`` with headers, bytes
    5..285; `signature` is RSASSA-PKCS1-v1_5 with SHA-256 over it by the key of the issuer's certificate.
    """

    birth_date: str = field(repr=False)
    card_key: RsaPublicKey
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CvCertificate:
    """Card-verifiable certificate, EF ``0004`` of 券面事項確認AP, 568 bytes: ``7F21`` { ``5F4E``, ``5F37`` }.

    The key ids (証明者鍵ID, 被証明者鍵ID) are 16 bytes; all sixteen count. `signed` is the value of ``5F4E``, bytes
    10..306; `signature` is RSASSA-PKCS1-v1_5 with SHA-256 over it by the key `issuer_key_id` names.
    """

    issuer_key_id: bytes
    subject_key_id: bytes
    subject_key: RsaPublicKey
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardRecord:
    """Record 1 of EF ``0001`` of 共通カードAP, 30 bytes: ``01 1C`` and 28 digits. Nobody signed it.

    `municipality` is 全国地方公共団体コード without its check digit.
    """

    serial: str = field(repr=False)
    municipality: str = field(repr=False)
    expires_on: date = field(repr=False)


def parse_birth_date_record(data: bytes) -> BirthDateRecord:
    birth_date, key, signature = children(parse_file(data), 0xFF10, (0xDF11, 0xDF12, 0xDF13))
    if not re.fullmatch(rb"[0-9]{8}", birth_date.value):
        raise MalformedError("birth date is not eight digits")
    return BirthDateRecord(
        birth_date=birth_date.value.decode("ascii"),
        card_key=parse_rsa_public_key(key.value),
        signed=birth_date.raw + key.raw,
        signature=signature_of(signature),
    )


def parse_cv_certificate(data: bytes) -> CvCertificate:
    body, signature = children(parse_file(data), 0x7F21, (0x5F4E, 0x5F37))
    return CvCertificate(
        issuer_key_id=body.value[:KEY_ID_LENGTH],
        subject_key_id=body.value[KEY_ID_LENGTH : 2 * KEY_ID_LENGTH],
        subject_key=parse_rsa_public_key(body.value[2 * KEY_ID_LENGTH :]),
        signed=body.value,
        signature=signature_of(signature),
    )


def parse_rsa_public_key(data: bytes) -> RsaPublicKey:
    """``90 03 010001``, ``91 82 0100`` and the modulus: 265 bytes."""
    exponent, modulus = expect(parse_objects(data), (0x90, 0x91))
    key = RsaPublicKey(int.from_bytes(modulus.value, "big"), int.from_bytes(exponent.value, "big"))
    if (
        key.exponent != _EXPONENT
        or len(modulus.value) * 8 != _MODULUS_BITS
        or key.modulus.bit_length() != _MODULUS_BITS
    ):
        raise MalformedError("not an RSA-2048 key with exponent 65537")
    return key


def parse_card_record(data: bytes) -> CardRecord:
    record = parse_simple_record(data)
    digits = _CARD_RECORD.fullmatch(record.value) if record.tag == 1 else None
    if digits is None:
        raise MalformedError("card record is not tag 01 with 28 digits")
    serial, municipality, expiry = (part.decode("ascii") for part in digits.groups())
    try:
        expires_on = date(int(expiry[:4]), int(expiry[4:6]), int(expiry[6:]))
    except ValueError:
        raise MalformedError("card record expires on no day of the calendar") from None
    return CardRecord(serial, municipality, expires_on)


def children(parent: Tlv, tag: int, tags: tuple[int, ...]) -> tuple[Tlv, ...]:
    expect((parent,), (tag,))
    return expect(parse_objects(parent.value), tags)


def expect(objects: tuple[Tlv, ...], tags: tuple[int, ...]) -> tuple[Tlv, ...]:
    if tuple(one.tag for one in objects) != tags:
        raise MalformedError("expected " + " ".join(f"{tag:X}" for tag in tags))
    return objects


def signature_of(one: Tlv) -> bytes:
    if len(one.value) != SIGNATURE_LENGTH:
        raise MalformedError("signature is not 256 bytes")
    return one.value
