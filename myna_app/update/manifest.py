"""What an update server publishes: which version there is, in a form that only the holder of the key can write.

``update.json`` is ``{"manifest": <base64>, "signature": <base64>}``: an Ed25519 signature (RFC 8032) over the bytes of
the manifest, which is itself JSON. One file, so that manifest and signature cannot be of different days.
"""

import binascii
import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum, unique

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_CONTEXT = b"myna-app update 1\n"
"""In front of what is signed, so that a signature made for something else is none here."""
_LARGEST_INSTALLER = 1_000_000_000


@unique
class Reason(StrEnum):
    """Why an update was not taken."""

    SIGNATURE = "signature"
    """Not signed by the policy's key."""
    MANIFEST = "manifest"
    """Signed, but not what this program understands."""
    CONTENT = "content"
    """The file is not the one the manifest speaks of."""


class UpdateRefusedError(Exception):
    """An update that must not be installed. The screen of updates says so; the program goes on as it is."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version. `size` in bytes, `sha256` in hex; notes are for people, one line a change."""

    version: str
    file: str
    size: int
    sha256: str
    notes_ja: str
    notes_en: str

    def __post_init__(self) -> None:
        texts = (self.version, self.file, self.sha256, self.notes_ja, self.notes_en)
        if (
            not all(isinstance(text, str) for text in texts)
            or type(self.size) is not int
            or not 0 < self.size <= _LARGEST_INSTALLER
            or not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){2}", self.version, re.ASCII)
            or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.exe", self.file)  # a plain name: never a path
            or not re.fullmatch(r"[0-9a-f]{64}", self.sha256)
        ):
            raise UpdateRefusedError(Reason.MANIFEST)


def write_signed(manifest: Manifest, key: Ed25519PrivateKey) -> bytes:
    """The content of ``update.json``."""
    fields = {name: getattr(manifest, name) for name in Manifest.__slots__}
    body = json.dumps(fields, ensure_ascii=False, indent=1).encode()
    signed = {"manifest": b64encode(body).decode(), "signature": b64encode(key.sign(_CONTEXT + body)).decode()}
    return json.dumps(signed, indent=1).encode() + b"\n"


def read_signed(content: bytes, public_key: str) -> Manifest:
    """The manifest, once its signature is good. `public_key`: 32 bytes in base64. Raises `UpdateRefusedError`."""
    try:
        outer = json.loads(content)
        body, signature = (b64decode(outer[name], validate=True) for name in ("manifest", "signature"))
        Ed25519PublicKey.from_public_bytes(b64decode(public_key, validate=True)).verify(signature, _CONTEXT + body)
    except (InvalidSignature, binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        raise UpdateRefusedError(Reason.SIGNATURE) from None
    try:
        fields = json.loads(body)
        return Manifest(**{name: fields[name] for name in Manifest.__slots__})
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UpdateRefusedError(Reason.MANIFEST) from None
