"""The contract's ground rules on HTTP: size and media type of bodies, headers of every answer, problem documents."""

import asyncio
import json
import logging
import traceback
from collections.abc import Callable, Coroutine, Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from myna_backend.contract import MAX_BODY
from myna_backend.encodings import whole_seconds
from myna_backend.problems import MEDIA_TYPE, Code, Member, Refusal
from myna_backend.settings import Stall

log = logging.getLogger(__name__)

TOKEN_PATH = "/v1/token"  # noqa: S105 - a path
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_STORE_RETRY = 5
"""Seconds after which a store that was gone may be asked again."""
_WORDS = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_too_short": "length",
    "string_too_long": "length",
    "bytes_length": "length",
    "string_pattern_mismatch": "pattern",
    "literal_error": "pattern",
    "uuid_parsing": "pattern",
    "greater_than_equal": "range",
    "less_than_equal": "range",
}
"""pydantic's kinds of errors in the contract's words; any other is `type`."""
_UNION_TAGS = frozenset({"proof", "refusal"})


class ContractRoute(APIRoute):
    """A call of the contract: its body is bounded before anything reads it, and is of the call's media type.

    Answers leave out what equals its default (`contract`).
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "response_model_exclude_defaults": True})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        is_form = self.body_field is not None and isinstance(self.body_field.field_info, params.Form)
        expected = _FORM if is_form else _JSON

        async def bounded(request: Request) -> Response:
            body = await _read_bounded(request)
            if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != expected:
                raise Refusal(Code.MEDIA_TYPE)
            return await handle(Request(request.scope, _replay(body)))

        return bounded


class AnswerHeaders:
    """ASGI middleware: `X-Request-ID` and `Cache-Control` on every answer, a problem where the program failed.

    Nothing a visitor sent is logged: route templates, status, exception types and stack frames are.
    """

    def __init__(self, app: ASGIApp, stall: Stall | None = None) -> None:
        self._app = app
        self._stall = stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["Cache-Control"] = "no-store"
                route = getattr(scope.get("route"), "path", "-")
                log.info("%s %s %s %s", scope["method"], route, message["status"], request_id)
                if message["status"] < HTTPStatus.BAD_REQUEST:
                    await self._wait_once(scope)
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last place; the caller gets a problem, the operator the stack
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s in request %s\n%s", type(error).__name__, request_id, frames)  # noqa: TRY400 - no message: it may quote data
            if not started:
                await problem_response(Request(scope), Refusal(Code.INTERNAL))(scope, receive, answer)

    async def _wait_once(self, scope: Scope) -> None:
        """The stall fault: the work is committed, the answer waits; only the first one."""
        stall = self._stall
        if stall is not None and getattr(scope.get("route"), "name", None) == stall.call:
            self._stall = None
            await asyncio.sleep(stall.seconds)


def install_problem_handlers(app: FastAPI) -> None:
    """Every refusal and fault is answered with a problem document."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return problem_response(request, error)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        fields = {_field(item["loc"]): _WORDS.get(item["type"], "type") for item in error.errors()}
        return problem_response(request, Refusal(Code.FIELDS, fields=fields))

    def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        match error.status_code:
            case 404:
                refusal = Refusal(Code.NOT_FOUND)
            case 405:
                return problem_response(request, Refusal(Code.METHOD), {"Allow": _methods_of(request, error)})
            case _:  # the framework could not make sense of the body
                refusal = Refusal(Code.FIELDS, fields={"body": "type"})
        return problem_response(request, refusal, error.headers)

    def store_gone(request: Request, error: Exception) -> Response:
        log.error("alarm: the store does not answer (%s)", type(error).__name__)
        return problem_response(request, Refusal(Code.STORE_UNAVAILABLE, retry_after=_STORE_RETRY))

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_status)
    for kind in (OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(kind, store_gone)


def _methods_of(request: Request, error: HTTPException) -> str:
    """All methods of the path: the framework knows those of its first route alone."""
    published = request.app.openapi()["paths"].get(request.url.path)
    return ", ".join(published).upper() if published else (error.headers or {}).get("Allow", "")


def problem_response(request: Request, refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """The RFC 9457 document; the token call's has RFC 6749's `error` as well."""
    code = refusal.code
    document: dict[str, Member] = {
        "type": f"urn:myna:problem:{code}",
        "title": code.meaning,
        "status": code.status,
        "code": code,
        **refusal.members,
    }
    more = dict(headers or {})
    if "retry_after" in refusal.members:
        more["Retry-After"] = str(refusal.members["retry_after"])
    if code is Code.TOKEN:
        more["WWW-Authenticate"] = "Bearer"
    if request.url.path == TOKEN_PATH:
        document["error"] = "invalid_client" if code.status in (401, 403, 410) else "invalid_request"
    content = json.dumps(document, default=_text, ensure_ascii=False).encode()
    return Response(content, code.status, more, MEDIA_TYPE)


def _text(value: object) -> str:
    match value:
        case datetime():
            return whole_seconds(value).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
    raise TypeError(type(value).__name__)


def _field(location: tuple[int | str, ...]) -> str:
    """``("body", "face_check", "way")`` → ``face_check.way``; the body as a whole is ``body``."""
    inner = [part for part in location[1:] if isinstance(part, str) and part not in _UNION_TAGS]
    return ".".join(inner) or "body"


async def _read_bounded(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > MAX_BODY:
        raise Refusal(Code.BODY_TOO_LARGE)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refusal(Code.BODY_TOO_LARGE)
    return bytes(body)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
