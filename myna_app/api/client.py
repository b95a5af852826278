"""The backend over HTTPS (`docs/contract.md`): the one module that imports requests.

It brings requests and pydantic along (0.4 s), so it is imported on a worker with the first call, not at start.
"""

import json
import ssl
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import requests
from requests import exceptions
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ReadTimeoutError

from myna_app import __version__
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
from myna_app.api.refusals import contract_broken, minutes_off, refusal
from myna_app.api.trust import tls_context
from myna_app.errors import ApiError, Problem, RefusalError
from myna_app.formats.card_face import FaceProof
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.terms import Terms

AssertionProvider = Callable[[str, datetime], str]
"""(issuer, now) -> client assertion (RFC 7523) of the registered device key."""

_TIMEOUTS = (10.0, 20.0)
"""Seconds to connect, and to wait for more bytes of an answer."""
_LONGEST_ANSWER = 60.0
_LARGEST_ANSWER = 1_048_576
_CHUNK = 65_536
_TOKEN_MARGIN = 30.0
_CLOCK_TOLERANCE = 300.0
_NEW_TOKEN_HELPS = frozenset({"token", "assertion_replayed", "assertion_clock"})
"""`assertion_clock` too: the refusal's own `Date` has just corrected the time."""

_PROBLEMS: Mapping[type[exceptions.RequestException], Problem] = MappingProxyType(
    {
        kind: problem
        for problem, kinds in {
            Problem.BACKEND_UNREACHABLE: (
                exceptions.ConnectionError,
                exceptions.ConnectTimeout,
                exceptions.ChunkedEncodingError,
                exceptions.ProxyError,
                exceptions.InvalidProxyURL,
                exceptions.InvalidURL,
                exceptions.InvalidSchema,
                exceptions.MissingSchema,
                exceptions.URLRequired,
                exceptions.RetryError,
                exceptions.RequestException,
            ),
            Problem.BACKEND_SLOW: (exceptions.Timeout, exceptions.ReadTimeout),
            Problem.TLS_REFUSED: (exceptions.SSLError,),
            Problem.CONTRACT_BROKEN: (
                exceptions.ContentDecodingError,
                exceptions.InvalidHeader,
                exceptions.InvalidJSONError,
                exceptions.JSONDecodeError,
                exceptions.HTTPError,
                exceptions.TooManyRedirects,
                exceptions.StreamConsumedError,
                exceptions.UnrewindableBodyError,
            ),
        }.items()
        for kind in kinds
    }
)
"""Every exception of requests; the test of this table fails on one that does not stand here."""
_LOST = (exceptions.ConnectionError, exceptions.Timeout, exceptions.ChunkedEncodingError)
_NOT_REACHED = (exceptions.SSLError, exceptions.ProxyError)


class _LostAnswerError(ApiError):
    """The request may have reached the backend, but no answer came back."""


@dataclass(frozen=True, slots=True)
class _Request:
    """One call. `repeatable`: the contract lets the same bytes be sent again when no answer came."""

    method: str
    path: str
    body: bytes | None = field(default=None, repr=False)
    media_type: str = "application/json"
    repeatable: bool = True
    expected: HTTPStatus = HTTPStatus.OK

    @classmethod
    def json(cls, method: str, path: str, body: Mapping[str, object], **more: Any) -> "_Request":
        return cls(method, path, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), **more)


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
        if not base_url.startswith("https://"):
            raise ValueError("the backend is spoken to over HTTPS alone")
        self.issuer = base_url
        self._assertion = assertion
        self._clock = clock or ServerClock()
        self._session = _session(tls_context(ca_file), proxy)
        self._token_lock = Lock()
        self._token: tuple[str, float] | None = None

    def now(self) -> datetime:
        """This PC's time plus the offset of the last verified answer, UTC."""
        return self._clock.now()

    def health(self) -> Health:
        return models.decode(models.HEALTH, self._send(_Request("GET", "/v1/health")))

    def terms(self) -> Terms:
        """利用規約 in force."""
        return models.decode(models.TERMS, self._send(_Request("GET", "/v1/terms")))

    def register(self, request: RegistrationRequest) -> Registration:
        """Bind an account to this device key; the same key gets the same terminal id however often it asks."""
        call = _Request.json("POST", "/v1/terminals", asdict(request), expected=HTTPStatus.CREATED)
        return models.decode(models.REGISTRATION, self._send(call))

    def me(self) -> TerminalStatus:
        """What the backend knows about this terminal."""
        return models.decode(models.TERMINAL, self._send_authorised(_Request("GET", "/v1/terminals/me")))

    def agree_to_terms(self, version: str) -> None:
        self._send_authorised(
            _Request.json("PUT", "/v1/terminals/me/terms", {"version": version}, expected=HTTPStatus.NO_CONTENT)
        )

    def reauthenticate(self, password: str) -> None:
        """Check the account password (five tries an hour): never sent twice, since each try counts."""
        self._send_authorised(
            _Request.json(
                "POST",
                "/v1/terminals/me/reauthentication",
                {"password": password},
                repeatable=False,
                expected=HTTPStatus.NO_CONTENT,
            )
        )

    def release(self) -> None:
        """Free the account for another PC. Not sent twice: after the first the token is worth nothing."""
        self._send_authorised(_Request("DELETE", "/v1/terminals/me", repeatable=False, expected=HTTPStatus.NO_CONTENT))

    def challenge(self) -> Challenge:
        """What the next card shall sign."""
        call = _Request("POST", "/v1/challenges", expected=HTTPStatus.CREATED)
        return models.decode(models.CHALLENGE, self._send_authorised(call))

    def visit(self, challenge_id: UUID, certificate: bytes, signature: bytes, face_check: FaceCheck) -> VisitAnswer:
        """Who this card's holder is, or what is still to be proved."""
        body = {
            "challenge_id": str(challenge_id),
            "certificate": _base64url(certificate),
            "signature": _base64url(signature),
            "face_check": asdict(face_check),
        }
        return models.decode(models.VISIT, self._send_authorised(_Request.json("POST", "/v1/visits", body)))

    def prove(self, visit_id: UUID, birth_date_record: bytes, issuer_certificate: bytes) -> Eligibility:
        """Prove that the card is genuine."""
        body = {
            "birth_date_record": _base64url(birth_date_record),
            "issuer_certificate": _base64url(issuer_certificate),
        }
        answer = self._send_authorised(_Request.json("PUT", f"/v1/visits/{visit_id}/proof", body))
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
        answer = self._send_authorised(_Request.json("PUT", f"/v1/visits/{visit_id}/photograph", body))
        models.decode(models.PHOTOGRAPH, answer)

    def report_refusal(self, visit_id: UUID, status_word: int, tries_left: int | None) -> None:
        """Tell that the card refused the birth-date key, so that it is never released again."""
        refused: dict[str, object] = {"sw": f"{status_word:04X}"}
        if tries_left is not None:
            refused["tries_left"] = tries_left
        self._send_authorised(
            _Request.json("PUT", f"/v1/visits/{visit_id}/proof", {"refused": refused}, expected=HTTPStatus.NO_CONTENT)
        )

    def close(self) -> None:
        """Let go of all connections."""
        self._session.close()

    def _send_authorised(self, request: _Request) -> bytes:
        """Send with the access token; a token that is not taken is renewed once."""
        token = self._access_token()
        try:
            return self._send(request, token)
        except RefusalError as error:
            if error.code not in _NEW_TOKEN_HELPS:
                raise
        return self._send(request, self._access_token(instead_of=token))

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
        answer = self._send(
            _Request(
                "POST",
                "/v1/token",
                urlencode(form).encode("ascii"),
                media_type="application/x-www-form-urlencoded",
                repeatable=False,
            )
        )
        token = models.decode(models.TOKEN, answer)
        return token.access_token, asked_at + token.expires_in - _TOKEN_MARGIN

    def _send(self, request: _Request, token: str | None = None) -> bytes:
        """The body of a successful answer. Where the contract allows it, the same bytes are sent once more when no
        answer came: urllib3's own repetition ends where the body begins, and a cut body is a lost answer too."""
        try:
            return self._exchange(request, token)
        except _LostAnswerError:
            if not request.repeatable:
                raise
        return self._exchange(request, token)

    def _exchange(self, request: _Request, token: str | None) -> bytes:
        headers = {"Content-Type": request.media_type} if request.body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            with self._session.request(
                request.method,
                self.issuer + request.path,
                data=request.body,
                headers=headers,
                timeout=_TIMEOUTS,
                allow_redirects=False,
                stream=True,
            ) as response:
                self._clock.observe(response.headers.get("Date"))
                body = _read(response)
        except exceptions.RequestException as error:
            raise self._unanswered(error) from error
        if response.status_code == request.expected:
            return body
        if response.ok or response.is_redirect:
            raise contract_broken(f"HTTP {response.status_code} instead of {request.expected.value}")
        raise refusal(response.status_code, models.read_problem(body), self._clock.wall())

    def _unanswered(self, error: exceptions.RequestException) -> ApiError:
        """What an exception of requests is told as."""
        detail = type(error).__name__
        match error:
            case exceptions.SSLError() if abs(off := self._clock.seconds_off()) > _CLOCK_TOLERANCE:
                return ApiError(Problem.CLOCK_OFF, detail, minutes=minutes_off(off))
            case exceptions.ProxyError() if " 407 " in str(error):
                return ApiError(Problem.PROXY_AUTHENTICATION, detail)
        lost = isinstance(error, _LOST) and not isinstance(error, _NOT_REACHED)
        return (_LostAnswerError if lost else ApiError)(_problem_of(error), detail)


def _problem_of(error: exceptions.RequestException) -> Problem:
    return next(_PROBLEMS[kind] for kind in type(error).__mro__ if kind in _PROBLEMS)


def fetch(url: str, *, ca_file: Path | None = None, proxy: str | None = None) -> Iterator[bytes]:
    """The pieces of a file that is no part of the contract, such as an update; trust and proxy as for the backend.

    The caller bounds its size. Raises `ApiError`.
    """
    try:
        with (
            _session(tls_context(ca_file), proxy) as session,
            session.get(url, timeout=_TIMEOUTS, allow_redirects=False, stream=True) as response,
        ):
            if response.status_code != HTTPStatus.OK:
                raise contract_broken(f"HTTP {response.status_code} instead of {HTTPStatus.OK.value}")
            yield from response.iter_content(_CHUNK)
    except exceptions.RequestException as error:
        raise ApiError(_problem_of(error), type(error).__name__) from error


class _TlsAdapter(HTTPAdapter):
    """Speaks TLS in one context alone. requests would add its own list of authorities to every connection."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, **more, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        return super().proxy_manager_for(proxy, **more, ssl_context=self._context, proxy_ssl_context=self._context)

    def cert_verify(self, *_arguments: Any) -> None:
        """The context decides; nothing is set on the connection."""


def _session(context: ssl.SSLContext, proxy: str | None) -> requests.Session:
    """A session that takes nothing from the environment, keeps no cookies and knows no other way than TLS."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.proxies = {"https": proxy} if proxy else {}
    session.headers = CaseInsensitiveDict(
        {"User-Agent": f"myna-app/{__version__}", "Accept": "application/json", "Accept-Encoding": "identity"}
    )
    session.adapters.clear()
    session.mount("https://", _TlsAdapter(context))
    return session


def _read(response: requests.Response) -> bytes:
    """The body, bounded in size and time. Raises exceptions of requests, `ApiError` when it is too large."""
    body, began = bytearray(), time.monotonic()
    try:
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > _LARGEST_ANSWER:
                raise contract_broken("answer too large")
            if time.monotonic() - began > _LONGEST_ANSWER:
                raise exceptions.ReadTimeout("the answer trickles")
    except exceptions.ConnectionError as error:
        if error.args and isinstance(error.args[0], ReadTimeoutError):  # requests has no name of its own for this
            raise exceptions.ReadTimeout(*error.args) from error
        raise
    return bytes(body)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
