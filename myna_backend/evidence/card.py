"""Proof that a genuine card was present: birth-date record, its issuer's CV certificate, the card's signature.

Chain: known authority → CV certificate of EF 0004 → birth-date record of EF 0001 → card key → signature over M. All
RSASSA-PKCS1-v1_5 with SHA-256 (measured, myna-card). The card face of EF 0002 stands in the record's place where its
photograph is to be proved; its signature carries three digests instead of one.
"""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from myna_app.formats.card_face import FaceProof, FaceStatement, face_statement
from myna_app.formats.records import RsaPublicKey, parse_birth_date_record, parse_cv_certificate
from myna_backend.evidence.anchors import Anchors
from myna_backend.problems import Code, Refusal

EXPONENT = 65537
_MODULUS_BYTES = 256


@dataclass(frozen=True, slots=True)
class ProvedCard:
    """A genuine card that signed this visit: what its issuer vouches for."""

    birth_date: str = field(repr=False)
    """YYYYMMDD, ``00`` for unknown parts."""
    modulus: bytes = field(repr=False)


def check_card(
    record: bytes, issuer_certificate: bytes, message: bytes, signature: bytes, anchors: Anchors
) -> ProvedCard:
    """Raises `record_malformed`, `issuer_certificate`, `issuer_unknown`, `record_signature` or `card_signature`."""
    try:
        parsed = parse_birth_date_record(record)
        card_key = _usable(parsed.card_key)
    except ValueError:
        raise Refusal(Code.RECORD_MALFORMED) from None
    issuer_key = _issuer_key(issuer_certificate, anchors)
    if not is_signed(issuer_key, parsed.signature, parsed.signed):
        raise Refusal(Code.RECORD_SIGNATURE)
    if not is_signed(card_key, signature, message):
        raise Refusal(Code.CARD_SIGNATURE)
    return ProvedCard(parsed.birth_date, parsed.card_key.modulus.to_bytes(_MODULUS_BYTES, "big"))


def check_face(proof: FaceProof, issuer_certificate: bytes, message: bytes, signature: bytes, anchors: Anchors) -> None:
    """The photograph of digest `proof.h3` belongs to the card that signed `message`. Raises as `check_card`."""
    try:
        statement = face_statement(proof)
        card_key = _usable(statement.card_key)
    except ValueError:
        raise Refusal(Code.RECORD_MALFORMED) from None
    issuer_key = _issuer_key(issuer_certificate, anchors)
    if not _is_face_signed(issuer_key, statement):
        raise Refusal(Code.RECORD_SIGNATURE)
    if not is_signed(card_key, signature, message):
        raise Refusal(Code.CARD_SIGNATURE)


def is_signed_by_card(modulus: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the card of this key signed the message."""
    return is_signed(rsa_key(int.from_bytes(modulus, "big")), signature, message)


def is_signed(key: RSAPublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _is_face_signed(key: RSAPublicKey, statement: FaceStatement) -> bool:
    """RSASSA-PKCS1-v1_5 over a DigestInfo that is no hash of anything: the signature holds it as it stands."""
    try:
        return key.recover_data_from_signature(statement.signature, PKCS1v15(), None) == statement.digest_info
    except InvalidSignature:
        return False


def rsa_key(modulus: int, exponent: int = EXPONENT) -> RSAPublicKey:
    """Raises `ValueError` for numbers that make no key."""
    return RSAPublicNumbers(exponent, modulus).public_key()


def fits_birth_date(shown: str, known: str) -> bool:
    """Every part that is known (not ``00``) must be the same: year, month, day."""
    parts = ((0, 4), (4, 6), (6, 8))
    return all(int(known[a:b]) == 0 or shown[a:b] == known[a:b] for a, b in parts)


def _issuer_key(data: bytes, anchors: Anchors) -> RSAPublicKey:
    """The issuer's key, vouched for by a known authority."""
    try:
        certificate = parse_cv_certificate(data)
        key = _usable(certificate.subject_key)
    except ValueError:
        raise Refusal(Code.ISSUER_CERTIFICATE) from None
    authority = anchors.card_issuers.get(certificate.issuer_key_id)
    if authority is None:
        raise Refusal(Code.ISSUER_UNKNOWN)
    if not is_signed(authority, certificate.signature, certificate.signed):
        raise Refusal(Code.ISSUER_CERTIFICATE)
    return key


def _usable(key: RsaPublicKey) -> RSAPublicKey:
    return rsa_key(key.modulus, key.exponent)
