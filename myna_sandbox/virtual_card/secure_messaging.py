"""Secure messaging of 券面入力補助AP: AES-128-CBC, no integrity (CLA 08; measured, myna-card).

A session is opened by SET SESSION KEY with an RSA-OAEP cryptogram. Every secure command counts N up, even one that the
application refuses; command and response of the same N use the same IV, AES(key, N).
"""

from dataclasses import replace

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from myna_sandbox.virtual_card.apdu import Command
from myna_sandbox.virtual_card.status import SW, RefusedError

SELECT, READ_BINARY, VERIFY = 0xA4, 0xB0, 0x20
INSTRUCTIONS = (SELECT, READ_BINARY, VERIFY)
_CRYPTOGRAM, _EXPECTED = 0x86, 0x96
_BLOCK = 16
_SEED_HEADER = bytes.fromhex("A0228020")
_PADDING_INDICATOR = 0x01


def open_session(key: RSAPrivateKey, cryptogram: bytes) -> "Session":
    """Raises `RefusedError`: 6700 not 256 bytes, 6F00 not below the modulus, 6A80 wrong key or inner structure."""
    public = key.public_key().public_numbers()
    if len(cryptogram) != key.key_size // 8:
        raise RefusedError(SW.WRONG_LENGTH)
    if int.from_bytes(cryptogram, "big") >= public.n:
        raise RefusedError(SW.INTERNAL)
    try:
        message = key.decrypt(cryptogram, OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), None))
    except ValueError as error:
        raise RefusedError(SW.WRONG_DATA) from error
    if len(message) != len(_SEED_HEADER) + 32 or not message.startswith(_SEED_HEADER):
        raise RefusedError(SW.WRONG_DATA)
    return Session(message[len(_SEED_HEADER) :][:_BLOCK])


class Session:
    """One session; `unwrap` and `wrap` alternate."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._count = 0

    def unwrap(self, secure: Command) -> Command:
        """The plain command inside. `RefusedError` 6988 when the one data object it holds is not as it must be."""
        self._count += 1
        tag, value = _single_object(secure.data)
        if secure.ins == READ_BINARY:
            if tag != _EXPECTED or len(value) != 3 or value[0] != 0:
                raise RefusedError(SW.SECURE_OBJECT_WRONG)
            return replace(secure, cla=0, data=b"", expected=int.from_bytes(value, "big") or 65536)
        if tag != _CRYPTOGRAM or value[:1] != bytes([_PADDING_INDICATOR]):
            raise RefusedError(SW.SECURE_OBJECT_WRONG)
        return replace(secure, cla=0, data=self._decrypt(value[1:]), expected=None)

    def wrap(self, data: bytes) -> bytes:
        """The response's data object; an answer without data has none."""
        if not data:
            return b""
        encryptor = self._cipher().encryptor()
        value = bytes([_PADDING_INDICATOR]) + encryptor.update(_pad(data)) + encryptor.finalize()
        return bytes([_CRYPTOGRAM]) + _length(len(value)) + value

    def _decrypt(self, ciphertext: bytes) -> bytes:
        if not ciphertext or len(ciphertext) % _BLOCK:
            raise RefusedError(SW.SECURE_OBJECT_WRONG)
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        data, mark, filler = padded.rpartition(b"\x80")
        if not mark or any(filler) or len(filler) >= _BLOCK:
            raise RefusedError(SW.SECURE_OBJECT_WRONG)
        return data

    def _cipher(self) -> Cipher[CBC]:
        encryptor = Cipher(AES(self._key), CBC(bytes(_BLOCK))).encryptor()
        return Cipher(AES(self._key), CBC(encryptor.update(self._count.to_bytes(_BLOCK, "big"))))


def _pad(data: bytes) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % _BLOCK)


def _single_object(data: bytes) -> tuple[int, bytes]:
    """Tag and value of the only object; its length may be in the short or a long form."""
    if len(data) < 2:
        raise RefusedError(SW.SECURE_OBJECT_WRONG)
    start, length = 2, data[1]
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(data[2:start], "big")
    if start + length != len(data):
        raise RefusedError(SW.SECURE_OBJECT_WRONG)
    return data[0], data[start:]


def _length(length: int) -> bytes:
    return bytes([length]) if length < 0x80 else b"\x82" + length.to_bytes(2, "big")
