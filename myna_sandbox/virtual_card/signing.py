"""The six schemes of COMPUTE DIGITAL SIGNATURE, by P1 (measured, myna-card), and INTERNAL AUTHENTICATE."""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo, Prehashed

from myna_sandbox.virtual_card.status import SW, RefusedError

SCHEMES = range(6)
_SHA256 = hashes.SHA256()
_HASH_LENGTH = 32
_LONGEST_MESSAGE = 255
_LONGEST_PADDED = 245
"""A 2048-bit block less the eleven bytes of PKCS #1 v1.5 type 1 padding."""


def compute_signature(scheme: int, key: RSAPrivateKey, given: bytes) -> bytes:
    """256 bytes. `RefusedError`: 6700 for no input or more than 255 bytes, 6985 for a length the scheme refuses."""
    if not 1 <= len(given) <= _LONGEST_MESSAGE:
        raise RefusedError(SW.WRONG_LENGTH)
    match scheme:
        case 0:
            if len(given) > _LONGEST_PADDED:
                raise RefusedError(SW.CONDITIONS)
            return key.sign(given, PKCS1v15(), NoDigestInfo())
        case 1:
            return key.sign(hashlib.sha256(given).digest(), PKCS1v15(), NoDigestInfo())
        case 2:
            return key.sign(_digest(given), PKCS1v15(), Prehashed(_SHA256))
        case 3:
            return key.sign(given, PKCS1v15(), _SHA256)
        case 4:
            return key.sign(_digest(given), _pss(), Prehashed(_SHA256))
        case 5:
            return key.sign(given, _pss(), _SHA256)
    raise RefusedError(SW.WRONG_PARAMETERS)


def authenticate(key: RSAPrivateKey, challenge: bytes) -> bytes:
    """INTERNAL AUTHENTICATE: PKCS #1 v1.5 over the SHA-256 of a challenge of 1 to 255 bytes."""
    if not 1 <= len(challenge) <= _LONGEST_MESSAGE:
        raise RefusedError(SW.WRONG_LENGTH)
    return key.sign(challenge, PKCS1v15(), _SHA256)


def _digest(given: bytes) -> bytes:
    if len(given) != _HASH_LENGTH:
        raise RefusedError(SW.CONDITIONS)
    return given


def _pss() -> PSS:
    return PSS(MGF1(_SHA256), _HASH_LENGTH)
