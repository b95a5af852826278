"""One HTTPS exchange with one server, in one way: the one module that imports requests.

It brings requests along (0.2 s), so it is imported on a worker with the first call, not at start.
"""

import json
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests
from requests import exceptions
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ReadTimeoutError

from myna_app import __version__
from myna_app.api import models
from myna_app.api.clock import CLOCK_TOLERANCE, ServerClock
from myna_app.api.refusals import contract_broken, minutes_off, refusal
from myna_app.api.trust import tls_context
from myna_app.errors import ApiError, Problem

_TIMEOUTS = (10.0, 20.0)
"""Seconds to connect, and to wait for more bytes of an answer."""
_LONGEST_ANSWER = 60.0
_LARGEST_ANSWER = 1_048_576
_CHUNK = 65_536

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
class Request:
    """One call. `repeatable`: the contract lets the same bytes be sent again when no answer came."""

    method: str
    path: str
    body: bytes | None = field(default=None, repr=False)
    media_type: str = "application/json"
    repeatable: bool = True
    expected: HTTPStatus = HTTPStatus.OK
    timeouts: tuple[float, float] | None = None
    """In place of the usual ones."""

    @classmethod
    def json(cls, method: str, path: str, body: Mapping[str, object], **more: Any) -> "Request":
        return cls(method, path, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), **more)


class Transport:
    """The way to one server; safe to be used by several workers at once. `proxy` may carry user and password.

    Without `ca_file` the operating system's authorities are trusted. `clock` learns from every answer.
    """

    def __init__(self, base_url: str, clock: ServerClock, *, ca_file: Path | None, proxy: str | None) -> None:
        if not base_url.startswith("https://"):
            raise ValueError("the backend is spoken to over HTTPS alone")
        self._base_url = base_url
        self._clock = clock
        self._session = _session(tls_context(ca_file), proxy)

    def send(self, request: Request, token: str | None = None) -> bytes:
        """The body of a successful answer. Where the contract allows it, the same bytes are sent once more when no
        answer came: urllib3's own repetition ends where the body begins, and a cut body is a lost answer too.

        Raises `RefusalError` for a refusal, `ApiError` when no usable answer came.
        """
        try:
            return self._exchange(request, token)
        except _LostAnswerError:
            if not request.repeatable:
                raise
        return self._exchange(request, token)

    def close(self) -> None:
        """Let go of all connections."""
        self._session.close()

    def _exchange(self, request: Request, token: str | None) -> bytes:
        headers = {"Content-Type": request.media_type} if request.body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            with self._session.request(
                request.method,
                self._base_url + request.path,
                data=request.body,
                headers=headers,
                timeout=request.timeouts or _TIMEOUTS,
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
            case exceptions.SSLError() if abs(off := self._clock.seconds_off()) > CLOCK_TOLERANCE:
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
