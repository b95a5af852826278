"""券面事項, EF ``0002`` of 券面事項確認AP: what is printed on the card, and the proof of its photograph.

Layout and signature: measured, myna-card. The signature covers three digests, so that a photograph can be proved
without handing on name, address or the photograph itself. Expiry ``DF29`` and security code ``DF2A`` are unsigned and
left alone. Everything raises `MalformedError` on bytes that do not fit.
"""

import hashlib
from dataclasses import dataclass, field
from itertools import accumulate

from myna_app.formats.records import RsaPublicKey, children, expect, parse_rsa_public_key, signature_of
from myna_app.formats.tlv import MalformedError, Tlv, parse_file, parse_objects

_FILE = 0xFF20
_OFFSETS, _BIRTH_DATE, _SEX, _CARD_KEY, _NAME, _ADDRESS, _PHOTOGRAPH, _SIGNATURE, _EXPIRY, _CODE = range(0xDF21, 0xDF2B)
_OFFSET_SIZE = 2
_DIGESTS_INFO = bytes.fromhex("3071300D060960864801650304020105000460")
"""The DER before the three digests: it names SHA-256 and carries 96 bytes that are not hashed once more."""


@dataclass(frozen=True, slots=True)
class FaceProof:
    """What of a card face goes to the backend: objects with their headers, and the digests of what stays here.

    `df22` birth date, 11 bytes; `df23` sex, 4; `df24` card key, 270; `h2` SHA-256 of ``DF25`` ‖ ``DF26`` (name,
    address); `h3` SHA-256 of ``DF27`` (photograph); `df28` the issuer's signature, 261.
    """

    df22: bytes = field(repr=False)
    df23: bytes = field(repr=False)
    df24: bytes = field(repr=False)
    h2: bytes = field(repr=False)
    h3: bytes = field(repr=False)
    df28: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardFace:
    """`photograph` is a JPEG 2000 file in grey, whose digest with header is `proof.h3`."""

    proof: FaceProof
    photograph: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FaceStatement:
    """What the issuer signed. `digest_info` is padded as PKCS #1 v1.5 pads it and not hashed (an ordinary verify with
    SHA-256 rejects it)."""

    card_key: RsaPublicKey
    digest_info: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def parse_card_face(data: bytes) -> CardFace:
    """The file, whose table of offsets must say where the objects stand."""
    file = parse_file(data)
    objects = children(file, _FILE, tuple(range(_OFFSETS, _CODE + 1)))
    _require_offsets(file, objects)
    _, birth_date, sex, key, name, address, photograph, signature, *_ = objects
    proof = FaceProof(
        birth_date.raw,
        sex.raw,
        key.raw,
        hashlib.sha256(name.raw + address.raw).digest(),
        hashlib.sha256(photograph.raw).digest(),
        signature.raw,
    )
    face_statement(proof)  # or the backend would be asked about what it cannot read
    return CardFace(proof, photograph.value)


def face_statement(proof: FaceProof) -> FaceStatement:
    """What `proof` says, to be checked against the issuer's key and the card's."""
    first_group = proof.df22 + proof.df23 + proof.df24
    _, _, key = expect(parse_objects(first_group), (_BIRTH_DATE, _SEX, _CARD_KEY))
    (signature,) = expect(parse_objects(proof.df28), (_SIGNATURE,))
    digests = hashlib.sha256(first_group).digest() + proof.h2 + proof.h3
    return FaceStatement(parse_rsa_public_key(key.value), _DIGESTS_INFO + digests, signature_of(signature))


def _require_offsets(file: Tlv, objects: tuple[Tlv, ...]) -> None:
    """Two bytes for each object after the table, counted from the first byte of the file."""
    table, *others = objects
    start = len(file.raw) - len(file.value) + len(table.raw)
    positions = accumulate((len(one.raw) for one in others[:-1]), initial=start)
    entries = range(0, len(table.value), _OFFSET_SIZE)
    if list(positions) != [int.from_bytes(table.value[at : at + _OFFSET_SIZE], "big") for at in entries]:
        raise MalformedError("offsets of the card face do not fit")
