"""Faults on demand: a tester orders on the administration's page what the next answers of a call shall be.

In sandbox mode, where the setting `tester_faults` is on. A refusal comes before the call does anything; any other
effect comes after its work is committed, as when a network fails on the way back.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum, unique

from fastapi.routing import APIRoute
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from myna_backend import api
from myna_backend.backend import Backend
from myna_backend.evidence.modes import Mode
from myna_backend.problems import MEDIA_TYPE, Code, Member, Refusal
from myna_backend.settings import Settings
from myna_backend.store.engine import update_one
from myna_backend.store.tables import OrderedFault

LATE = 30.0
"""Seconds; longer than the application waits."""
_RETRY = 60
_CONTACT = "見本の問い合わせ先　000-000-0000"


@unique
class Effect(StrEnum):
    """What can become of an answer whose call has done its work."""

    DELAYED = "delayed"
    LOST = "lost"
    """The connection ends in the middle of the answer."""
    EMPTY = "empty"
    """JSON that does not fit the contract."""
    FOREIGN = "foreign"
    """A page of somebody in between, as a hotel's network answers."""


_EFFECTS: Mapping[str | None, Effect] = {effect.value: effect for effect in Effect}
_BODIES: Mapping[Effect, tuple[bytes, bytes]] = {
    Effect.EMPTY: (b"application/json", b"{}"),
    Effect.FOREIGN: (b"text/html", b"<!doctype html><title>Welcome</title><p>Please sign in to this network."),
}


def are_allowed(settings: Settings) -> bool:
    return settings.tester_faults and settings.mode is Mode.SANDBOX


def published_refusals() -> Mapping[str, tuple[Code, ...]]:
    """The calls of the contract, and with which codes each may refuse."""
    calls: dict[str, tuple[Code, ...]] = {}
    for route in api.router.routes:
        assert isinstance(route, APIRoute)
        problems = [answer["content"][MEDIA_TYPE] for answer in route.responses.values() if "content" in answer]
        words = [word for problem in problems for word in problem["schema"]["properties"]["code"]["enum"]]
        calls[route.name] = tuple(Code(word) for word in words)
    return calls


def order(session: Session, call: str, effect: Code | Effect, times: int, backend: Backend) -> None:
    session.add(OrderedFault(call=call, effect=effect.value, times_left=times, ordered_at=backend.clock()))


def cancel(session: Session, number: int) -> None:
    session.execute(delete(OrderedFault).where(OrderedFault.id == number))


def do_as_ordered(request: Request) -> None:
    """A dependency of every call: refuses it, or notes what is to become of its answer."""
    backend: Backend = request.app.state.backend
    word = _take(backend, request.scope["route"].name)
    if word in _EFFECTS:
        request.state.effect = _EFFECTS[word]
    elif word is not None:
        raise Refusal(Code(word), **_members(backend, Code(word)))


def _take(backend: Backend, call: str) -> str | None:
    """Counts down the oldest order for the call. In a race the one who comes too late goes undisturbed."""
    waiting = select(OrderedFault).where(OrderedFault.call == call).order_by(OrderedFault.id)
    with backend.store.reading() as session:
        fault = session.scalars(waiting).first()
    if fault is None:
        return None
    mine = (OrderedFault.id == fault.id, OrderedFault.times_left > 0)
    with backend.store.writing() as session:
        taken = update_one(session, update(OrderedFault).where(*mine).values(times_left=OrderedFault.times_left - 1))
        session.execute(delete(OrderedFault).where(OrderedFault.id == fault.id, OrderedFault.times_left <= 0))
    return fault.effect if taken else None


def _members(backend: Backend, code: Code) -> Mapping[str, Member]:
    """What the contract says the code carries, with values a tester will know again."""
    now = backend.clock()
    match code:
        case Code.FIELDS:
            return {"fields": {"body": "type"}}
        case Code.ACCOUNT_STOPPED | Code.ACCOUNT_ENDED:
            return {"contact": _CONTACT}
        case Code.NOT_STARTED:
            return {"contact": _CONTACT, "service_starts_on": backend.today() + timedelta(days=7)}
        case Code.TERMS_REQUIRED:
            return {"contact": _CONTACT, "required_terms_version": backend.settings.terms_version}
        case Code.TERMS_VERSION:
            return {"required_terms_version": backend.settings.terms_version}
        case Code.ASSERTION_CLOCK:
            return {"server_time": now}
        case Code.RATE_LIMITED | Code.BIRTH_DATE_KEYS_LIMITED | Code.STORE_UNAVAILABLE:
            return {"retry_after": _RETRY}
        case Code.MAINTENANCE:
            return {"retry_after": _RETRY, "ends_at": now + timedelta(seconds=_RETRY)}
        case _:
            return {}


class SpoiledAnswers:
    """ASGI middleware: does to an answer what `do_as_ordered` noted for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            effect: Effect | None = scope.get("state", {}).get("effect")
            starts = message["type"] == "http.response.start"
            match effect:
                case Effect.DELAYED if starts:
                    await asyncio.sleep(LATE)
                case Effect.LOST if starts:
                    message = _replaced(message, b"application/json", b" ")
                case Effect.LOST:
                    return  # the server closes a connection whose answer stays unfinished
                case Effect.EMPTY | Effect.FOREIGN:
                    message = _replaced(message, *_BODIES[effect])
            await send(message)

        await self._app(scope, receive, answer)


def _replaced(message: Message, media_type: bytes, body: bytes) -> Message:
    if message["type"] != "http.response.start":
        return {**message, "body": body, "more_body": False}
    headers = MutableHeaders(scope=message)
    headers["Content-Type"], headers["Content-Length"] = media_type.decode(), str(len(body))
    return {**message, "status": 200}
