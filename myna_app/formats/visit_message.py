"""The message a card signs in a visit: binds challenge, terminal and certificate together (`docs/contract.md`)."""

import hashlib
from uuid import UUID

PREFIX = b"myna-visit-v1"
NONCE_LENGTH = 32
MESSAGE_LENGTH = 110


def visit_message(challenge_id: UUID, nonce: bytes, terminal_id: str, certificate: bytes) -> bytes:
    """M, 110 bytes: prefix (13), 00, challenge id (16), nonce (32), terminal id (16 ASCII), SHA-256(certificate DER).

    `certificate` is the DER alone, without filler of the card's file. Raises `ValueError` on a wrong length.
    """
    message = b"".join(
        (PREFIX, b"\0", challenge_id.bytes, nonce, terminal_id.encode("ascii"), hashlib.sha256(certificate).digest())
    )
    if len(nonce) != NONCE_LENGTH or len(message) != MESSAGE_LENGTH:
        raise ValueError("nonce is 32 bytes and terminal id 16 characters")
    return message
