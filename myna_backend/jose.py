"""What a terminal signs with its device key (JWS, RFC 7515): ES256, addressed to this server, made just now."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from myna_backend.encodings import whole_seconds
from myna_backend.problems import Code, Refusal

CLOCK_TOLERANCE = timedelta(seconds=60)
_ALGORITHMS = ("ES256",)
_JTI_LENGTHS = range(16, 65)
_UNREADABLE = (JoseError, ValueError, RecursionError)
"""What reading a hostile token can raise; the last by deeply nested JSON."""


class ProofError(ValueError):
    """The token does not prove what it should."""


def device_key(x: str, y: str) -> ECKey:
    """The P-256 key at this point. Raises `ValueError` where there is none."""
    return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})


def claimed_subject(token: str) -> str:
    """Whom a token says it is from (`sub`), unproved: it tells which key must have signed it. Raises `ProofError`."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
    except _UNREADABLE:
        raise ProofError("not a token") from None
    if not isinstance(claims, dict) or not isinstance(claims.get("sub"), str):
        raise ProofError("no subject")
    return str(claims["sub"])


def verified_claims(token: str, key: ECKey, issuer: str, token_type: str | None = None) -> dict[str, Any]:
    """Claims of a token signed by `key` for `issuer` alone, with a `jti` of 16–64 characters. Raises `ProofError`.

    Its times are whole numbers but not judged: see `require_timely`.
    """
    try:
        decoded = jwt.decode(token, key, algorithms=_ALGORITHMS)
    except _UNREADABLE:
        raise ProofError("not signed by the key") from None
    claims = decoded.claims
    jti = claims.get("jti")
    if (
        (token_type is not None and decoded.header.get("typ") != token_type)
        or claims.get("aud") != issuer
        or not isinstance(jti, str)
        or len(jti) not in _JTI_LENGTHS
        or type(claims.get("iat")) is not int
        or ("exp" in claims and type(claims["exp"]) is not int)
    ):
        raise ProofError("claims do not fit")
    return claims


def require_timely(issued: int, expires: int, now: datetime) -> None:
    """Raises `assertion_clock` where the token is from the future or the past, 60 seconds either way."""
    seconds, tolerance = now.timestamp(), CLOCK_TOLERANCE.total_seconds()
    if not (issued - tolerance <= seconds <= expires + tolerance):
        raise Refusal(Code.ASSERTION_CLOCK, server_time=whole_seconds(now))


def expiry(claims: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(claims["exp"], UTC)
