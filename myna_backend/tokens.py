"""Access tokens for client assertions (RFC 7523). A token is opaque; the store holds its SHA-256."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from myna_backend.backend import Backend
from myna_backend.callers import Caller, caller_of
from myna_backend.contract import AccessToken
from myna_backend.jose import (
    CLOCK_TOLERANCE,
    ProofError,
    claimed_subject,
    device_key,
    expiry,
    require_timely,
    verified_claims,
)
from myna_backend.problems import Code, Refusal
from myna_backend.store import limits
from myna_backend.store.engine import put_once
from myna_backend.store.tables import AccessTokenHash, Terminal, UsedAssertion

LIFETIME = timedelta(minutes=10)
_LONGEST_ASSERTION = 60
"""Seconds from `iat` to `exp`."""


def issue(backend: Backend, assertion: str) -> AccessToken:
    """A token for the terminal that signed the assertion; the assertion is used up by it."""
    now = backend.clock()
    with backend.store.writing() as session:
        terminal, claims = _proved(session, assertion, backend.settings.issuer)
        require_timely(claims["iat"], claims["exp"], now)
        limits.require(session, limits.TOKENS, terminal.terminal_id, now)
        digest = _digest(f"{terminal.terminal_id} {claims['jti']}")
        if not put_once(session, UsedAssertion, digest=digest, expires_at=expiry(claims) + CLOCK_TOLERANCE):
            raise Refusal(Code.ASSERTION_REPLAYED)
        caller_of(terminal, backend.today())
        token = secrets.token_urlsafe(32)
        session.add(AccessTokenHash(digest=_digest(token), terminal_id=terminal.terminal_id, expires_at=now + LIFETIME))
    return AccessToken(token, "Bearer", int(LIFETIME.total_seconds()))


def caller_with(backend: Backend, token: str) -> Caller:
    """The terminal a token was issued to. Its account's status is looked up anew, so that a stop works at once."""
    with backend.store.reading() as session:
        terminal = session.scalar(
            select(Terminal)
            .join(AccessTokenHash, AccessTokenHash.terminal_id == Terminal.terminal_id)
            .where(AccessTokenHash.digest == _digest(token), AccessTokenHash.expires_at > backend.clock())
        )
        if terminal is None:
            raise Refusal(Code.TOKEN)
        return caller_of(terminal, backend.today())


def _proved(session: Session, assertion: str, issuer: str) -> tuple[Terminal, dict[str, Any]]:
    """The terminal whose key signed the assertion, and the claims."""
    try:
        terminal = session.get(Terminal, claimed_subject(assertion))
        if terminal is None:
            raise Refusal(Code.TERMINAL_UNKNOWN)
        claims = verified_claims(assertion, device_key(terminal.key_x, terminal.key_y), issuer)
    except ProofError:
        raise Refusal(Code.ASSERTION) from None
    lifetime = claims.get("exp", 0) - claims["iat"]
    if claims.get("iss") != claims["sub"] or not 0 < lifetime <= _LONGEST_ASSERTION:
        raise Refusal(Code.ASSERTION)
    return terminal, claims


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
