"""What every page shares: its frame, its headers, its cookie, and how things are written on it."""

import csv
import io
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import APIRouter
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import RedirectResponse, Response

from myna_app.formats.terminal_id import show_terminal_id
from myna_backend.accounts import is_handed_out, user_id_of
from myna_backend.japan_time import JST
from myna_backend.pages.browser import Area, Browser
from myna_backend.pages.forms import FIELD_NAMES, NOTHING_TYPED, Typed
from myna_backend.store.tables import Account

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def page(
    browser: Browser,
    screen: str,
    template: str,
    typed: Typed = NOTHING_TYPED,
    status: HTTPStatus | None = None,
    **content: Any,
) -> Response:
    """The page with 画面番号 `screen`. A form with errors is answered with 422."""
    fresh = "" if browser.cookie else secrets.token_urlsafe(32)
    if fresh:
        browser = browser.with_cookie(fresh)
    html = _TEMPLATES.get_template(template).render(
        area=browser.area, screen=screen, csrf=browser.csrf, values=typed.values, errors=typed.errors, **content
    )
    code = status or (HTTPStatus.UNPROCESSABLE_ENTITY if typed.errors else HTTPStatus.OK)
    return _with_cookie(browser, Response(html, code, HEADERS, "text/html; charset=utf-8"))


def go_to(browser: Browser, path: str) -> Response:
    """See other, with the browser's new cookie."""
    return _with_cookie(browser, see_other(path))


def see_other(path: str) -> Response:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def forget_cookie(response: Response, area: Area) -> Response:
    response.delete_cookie(area.cookie, path="/", secure=True, httponly=True, samesite="lax")
    return response


def table_file(name: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Response:
    """CSV as Excel opens it. None of our columns can begin a formula: they are ids, codes, days and fixed words."""
    text = io.StringIO()
    csv.writer(text).writerows((head, *rows))
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue().encode("utf-8-sig"), headers=headers, media_type="text/csv; charset=utf-8")


style_router = APIRouter(include_in_schema=False)
_STYLE = resources.files(__package__).joinpath("style.css").read_bytes()


@style_router.get("/style.css")
async def style() -> Response:
    return Response(_STYLE, media_type="text/css")


def _with_cookie(browser: Browser, response: Response) -> Response:
    if browser.new_cookie:
        response.set_cookie(
            browser.area.cookie, browser.new_cookie, path="/", secure=True, httponly=True, samesite="lax"
        )
    return response


def account_state(account: Account, terminal_id: str | None) -> str:
    if account.status != "active":
        return {"stopped": "利用停止中", "ended": "利用終了"}[account.status]
    if not is_handed_out(account):
        return "未発行"
    return "未登録" if terminal_id is None else "利用中"


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("myna_backend.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["user_id"] = lambda account: user_id_of(account.id)
    environment.filters["terminal_id"] = show_terminal_id
    environment.filters["day"] = lambda day: f"{day.year}年{day.month}月{day.day}日"
    environment.filters["time"] = lambda moment: f"{moment.astimezone(JST):%Y/%m/%d %H:%M}"
    environment.globals["field_names"] = FIELD_NAMES
    environment.globals["account_state"] = account_state
    return environment


_TEMPLATES = _templates()
