"""How a page is answered when it is not: sent elsewhere, refused, to be signed in for, or the store is gone."""

import logging
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.responses import Response

from myna_backend.mail import MailError
from myna_backend.pages.browser import Area, Browser, PageRefusal, Redirect, SignInNeeded, too_many
from myna_backend.pages.forms import Kept, StaleForm, kept_of
from myna_backend.pages.frame import page, see_other
from myna_backend.problems import Refusal

log = logging.getLogger(__name__)

_STORE_RETRY = 5


class PageRoute(APIRoute):
    """Answers with pages also where something is refused or the store is gone."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            area = next(area for area in Area if request.url.path.startswith(area.path))
            browser = Browser(request, request.app.state.backend, area)
            try:
                return await handle(request)
            except Redirect as redirect:
                return see_other(redirect.path)
            except SignInNeeded:
                return to_sign_in(browser, await kept_of(browser))
            except StaleForm as stale:
                kept = await kept_of(browser)
                return _refused(browser, stale) if kept is None else resume_page(browser, kept, HTTPStatus.FORBIDDEN)
            except PageRefusal as refusal:
                return _refused(browser, refusal)
            except RequestValidationError:
                return _refused(browser, PageRefusal(HTTPStatus.NOT_FOUND, "その画面はありません。"))
            except Refusal as refusal:
                wait = refusal.members.get("retry_after")
                return _refused(browser, too_many(wait if isinstance(wait, int) else _STORE_RETRY))
            except MailError as error:
                log.error("alarm: mail cannot be sent (%s)", error)  # noqa: TRY400 - no personal data in stacks
                text = "ワンタイムコードを送れませんでした。しばらくしてから、もう一度お試しください。"
                return _refused(browser, PageRefusal(HTTPStatus.SERVICE_UNAVAILABLE, text, _STORE_RETRY))
            except (OperationalError, InterfaceError, PoolTimeoutError) as error:
                log.error("alarm: the store does not answer (%s)", type(error).__name__)  # noqa: TRY400 - no personal data in stacks
                busy = "ただいまご利用になれません。しばらくしてから、もう一度お試しください。"
                return _refused(browser, PageRefusal(HTTPStatus.SERVICE_UNAVAILABLE, busy, _STORE_RETRY))

        return answered


def page_router(area: Area) -> APIRouter:
    return APIRouter(prefix=area.path, route_class=PageRoute, include_in_schema=False)


def unknown_pages() -> APIRouter:
    """Comes after all pages: a person who is lost reads so on a page, not in a problem document."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    for area in Area:
        router.add_api_route(f"{area.path}/{{rest:path}}", _unknown, methods=["GET"])
    return router


def _unknown() -> None:
    raise PageRefusal(HTTPStatus.NOT_FOUND, "その画面はありません。")


def to_sign_in(browser: Browser, kept: Kept | None) -> Response:
    """Where everybody without a session is sent, with what they had typed."""
    if kept is None:
        return see_other(browser.area.sign_in_path)
    return page(browser, browser.area.screen("01"), "sign_in.html", kept.as_form(), HTTPStatus.FORBIDDEN)


def resume_page(browser: Browser, kept: Kept, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """What was typed before, to be sent now."""
    return page(browser, browser.area.screen("12"), "resume.html", status=status, kept=kept)


def _refused(browser: Browser, refusal: PageRefusal) -> Response:
    response = page(browser, browser.area.screen("00"), "refusal.html", status=refusal.status, text=refusal.text)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
