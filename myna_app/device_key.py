"""The terminal's key pair: ES256 on P-256, kept as a private JWK and used as JOSE (RFC 7515, 7517, 7638).

A module of its own, so that start-up, which only asks who this terminal is, need not wait for JOSE.
"""

from collections.abc import Mapping
from typing import Self

from joserfc import jwt
from joserfc.jwk import ECKey

_CURVE = "P-256"
_PRIVATE = ("x", "y", "d")
Jwk = Mapping[str, str]


class DeviceKey:
    """Signs; tells its public half and its name."""

    def __init__(self, key: ECKey) -> None:
        self._key = key

    @classmethod
    def generate(cls) -> Self:
        return cls(ECKey.generate_key(_CURVE))

    @classmethod
    def read(cls, kept: Mapping[str, object]) -> Self:
        """From coordinates and private value as `kept` gave them. Raises `KeyError`, `TypeError`, `ValueError`."""
        members = {name: str(kept[name]) for name in _PRIVATE}
        return cls(ECKey.import_key({"kty": "EC", "crv": _CURVE, **members}))

    def kept(self) -> Jwk:
        """Secret."""
        private = self._key.as_dict(private=True)
        return {name: str(private[name]) for name in _PRIVATE}

    def public(self) -> Jwk:
        return {name: str(value) for name, value in self._key.as_dict(private=False).items()}

    def thumbprint(self) -> str:
        """RFC 7638, SHA-256, base64url."""
        return self._key.thumbprint()

    def sign(self, claims: Mapping[str, object], kind: str | None = None) -> str:
        """A compact JWS; `kind` is its ``typ``."""
        header = {"alg": "ES256"} if kind is None else {"alg": "ES256", "typ": kind}
        return jwt.encode(header, dict(claims), self._key)
