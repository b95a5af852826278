"""The calls of the contract (`docs/contract.md`), each with the types of its answer; bytes travel by `Transport`.

It brings pydantic along (0.2 s), so it is imported on a worker with the first call, not at start.
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode
from uuid import UUID

from myna_app.api import models
from myna_app.api.answers import (
    Challenge,
    FaceCheck,
    Health,
    Registration,
    RegistrationRequest,
    SecondFaceCheck,
    TerminalStatus,
    VisitAnswer,
)
from myna_app.api.clock import ServerClock
from myna_app.api.transport import Request, Transport
from myna_app.errors import RefusalError
from myna_app.formats.card_face import FaceProof
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.terms import Terms

AssertionProvider = Callable[[str, datetime], str]
"""(issuer, now) -> client assertion (RFC 7523) of the registered device key."""

_TOKEN_MARGIN = 30.0
_NEW_TOKEN_HELPS = frozenset({"token", "assertion_replayed", "assertion_clock"})
"""`assertion_clock` too: the refusal's own `Date` has just corrected the time."""
_EXAMINED = (4.0, 4.0)
"""Seconds to connect and to wait, when somebody watches the doctor."""


class BackendClient:
    """One backend, reached in one way; safe to be used by several workers at once.

    Every call raises `RefusalError` for a refusal of the backend and `ApiError` when no usable answer came. `proxy`
    may carry user and password. Without `ca_file` the operating system's authorities are trusted.
    """

    def __init__(
        self,
        base_url: str,
        assertion: AssertionProvider,
        *,
        ca_file: Path | None = None,
        proxy: str | None = None,
        clock: ServerClock | None = None,
    ) -> None:
        self.issuer = base_url
        self._assertion = assertion
        self._clock = clock or ServerClock()
        self._transport = Transport(base_url, self._clock, ca_file=ca_file, proxy=proxy)
        self._token_lock = Lock()
        self._token: tuple[str, float] | None = None

    def now(self) -> datetime:
        """This PC's time plus the offset of the last verified answer, UTC."""
        return self._clock.now()

    def health(self) -> Health:
        """Asked once, with little patience; every other call takes the patience of a visit."""
        call = Request("GET", "/v1/health", repeatable=False, timeouts=_EXAMINED)
        return models.decode(models.HEALTH, self._transport.send(call))

    def seconds_off(self) -> float:
        """How far this PC's clock is ahead (negative: behind) of the last verified answer."""
        return self._clock.seconds_off()

    def terms(self) -> Terms:
        """利用規約 in force."""
        return models.decode(models.TERMS, self._transport.send(Request("GET", "/v1/terms")))

    def register(self, request: RegistrationRequest) -> Registration:
        """Bind an account to this device key; the same key gets the same terminal id however often it asks."""
        call = Request.json("POST", "/v1/terminals", asdict(request), expected=HTTPStatus.CREATED)
        return models.decode(models.REGISTRATION, self._transport.send(call))

    def me(self) -> TerminalStatus:
        """What the backend knows about this terminal."""
        return models.decode(models.TERMINAL, self._send_authorised(Request("GET", "/v1/terminals/me")))

    def agree_to_terms(self, version: str) -> None:
        self._send_authorised(
            Request.json("PUT", "/v1/terminals/me/terms", {"version": version}, expected=HTTPStatus.NO_CONTENT)
        )

    def reauthenticate(self, password: str) -> None:
        """Check the account password (five tries an hour): never sent twice, since each try counts."""
        self._send_authorised(
            Request.json(
                "POST",
                "/v1/terminals/me/reauthentication",
                {"password": password},
                repeatable=False,
                expected=HTTPStatus.NO_CONTENT,
            )
        )

    def release(self) -> None:
        """Free the account for another PC. Not sent twice: after the first the token is worth nothing."""
        self._send_authorised(Request("DELETE", "/v1/terminals/me", repeatable=False, expected=HTTPStatus.NO_CONTENT))

    def challenge(self) -> Challenge:
        """What the next card shall sign."""
        call = Request("POST", "/v1/challenges", expected=HTTPStatus.CREATED)
        return models.decode(models.CHALLENGE, self._send_authorised(call))

    def visit(self, challenge_id: UUID, certificate: bytes, signature: bytes, face_check: FaceCheck) -> VisitAnswer:
        """Who this card's holder is, or what is still to be proved."""
        body = {
            "challenge_id": str(challenge_id),
            "certificate": _base64url(certificate),
            "signature": _base64url(signature),
            "face_check": asdict(face_check),
        }
        return models.decode(models.VISIT, self._send_authorised(Request.json("POST", "/v1/visits", body)))

    def prove(self, visit_id: UUID, birth_date_record: bytes, issuer_certificate: bytes) -> Eligibility:
        """Prove that the card is genuine."""
        body = {
            "birth_date_record": _base64url(birth_date_record),
            "issuer_certificate": _base64url(issuer_certificate),
        }
        answer = self._send_authorised(Request.json("PUT", f"/v1/visits/{visit_id}/proof", body))
        return models.decode(models.PROOF, answer).eligibility

    def confirm_photograph(
        self,
        visit_id: UUID,
        proof: FaceProof,
        issuer_certificate: bytes,
        face_check: SecondFaceCheck | None = None,
    ) -> None:
        """Prove that the photograph of this card face belongs to the card of the visit; a refusal says it does not.

        Once it was shown, again with `face_check`: whether staff saw the same person.
        """
        parts = {**asdict(proof), "issuer_certificate": issuer_certificate}
        body: dict[str, object] = {name: _base64url(part) for name, part in parts.items()}
        if face_check is not None:
            body["face_check"] = asdict(face_check)
        answer = self._send_authorised(Request.json("PUT", f"/v1/visits/{visit_id}/photograph", body))
        models.decode(models.PHOTOGRAPH, answer)

    def report_refusal(self, visit_id: UUID, status_word: int, tries_left: int | None) -> None:
        """Tell that the card refused the birth-date key, so that it is never released again."""
        refused: dict[str, object] = {"sw": f"{status_word:04X}"}
        if tries_left is not None:
            refused["tries_left"] = tries_left
        self._send_authorised(
            Request.json("PUT", f"/v1/visits/{visit_id}/proof", {"refused": refused}, expected=HTTPStatus.NO_CONTENT)
        )

    def close(self) -> None:
        """Let go of all connections."""
        self._transport.close()

    def _send_authorised(self, request: Request) -> bytes:
        """Send with the access token; a token that is not taken is renewed once."""
        token = self._access_token()
        try:
            return self._transport.send(request, token)
        except RefusalError as error:
            if error.code not in _NEW_TOKEN_HELPS:
                raise
        return self._transport.send(request, self._access_token(instead_of=token))

    def _access_token(self, instead_of: str | None = None) -> str:
        """A token that is good for a while; one fetch serves all workers that wait for it."""
        with self._token_lock:
            if self._token is not None and self._token[0] != instead_of and time.monotonic() < self._token[1]:
                return self._token[0]
            try:
                self._token = self._fetch_token()
            except RefusalError as error:
                if error.code not in _NEW_TOKEN_HELPS:
                    raise
                self._token = self._fetch_token()
            return self._token[0]

    def _fetch_token(self) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(self.issuer, self.now()),
        }
        asked_at = time.monotonic()
        answer = self._transport.send(
            Request(
                "POST",
                "/v1/token",
                urlencode(form).encode("ascii"),
                media_type="application/x-www-form-urlencoded",
                repeatable=False,
            )
        )
        token = models.decode(models.TOKEN, answer)
        return token.access_token, asked_at + token.expires_in - _TOKEN_MARGIN


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
