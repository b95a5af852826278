"""What every page shares: its frame and headers, forms with their CSRF token, and answers to what goes wrong.

A browser has one random cookie an area (``__Host-…``: Secure, host only). Its CSRF token is an HMAC of the cookie, so
that the sign-in form is protected as well and nothing is stored for a visitor who only looks.
"""

import hmac
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from myna_app.formats.terminal_id import show_terminal_id
from myna_backend.accounts import is_handed_out, user_id_of
from myna_backend.backend import Backend
from myna_backend.japan_time import JST
from myna_backend.mail import MailError
from myna_backend.problems import Refusal
from myna_backend.store.tables import Account

log = logging.getLogger(__name__)

CSRF_FIELD = "csrf"
_MAX_FORM = 65_536
_STORE_RETRY = 5
_FIELD_NAMES = {
    "login": "ユーザー名",
    "password": "パスワード",
    "code": "ワンタイムコード",
    "staff_count": "職員数",
    "terminal_count": "申請台数",
    "terms": "利用規約",
    "file": "通知書のファイル",
    "starts_on": "運用開始日",
    "name": "氏名",
    "mail": "メールアドレス",
    "role": "権限",
    "user_id": "オンライン資格確認ユーザID",
    "terminal_id": "端末固有ID",
    "fault": "起こすこと",
    "times": "回数",
}
"""How the list of errors at the top of a page calls a field."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@unique
class Area(Enum):
    """One set of pages, with sign-in and cookie of its own."""

    PORTAL = ("portal", "資格確認 利用者ポータル")
    WEB_SERVICE = ("web", "介護保険資格確認等 WEBサービス")
    ADMINISTRATION = ("admin", "資格確認 管理")

    @property
    def path(self) -> str:
        return f"/{self.value[0]}"

    @property
    def title(self) -> str:
        return self.value[1]

    @property
    def cookie(self) -> str:
        return f"__Host-{self.value[0]}"


class Redirect(Exception):  # noqa: N818 - an answer, not an error
    """See other."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class PageRefusal(Exception):  # noqa: N818 - an answer, not an error
    """A page that says in `text` why there is nothing to see."""

    def __init__(self, status: HTTPStatus, text: str, retry_after: int | None = None) -> None:
        super().__init__(status)
        self.status, self.text, self.retry_after = status, text, retry_after


@dataclass(frozen=True, slots=True)
class Browser:
    """One request of a page."""

    request: Request
    backend: Backend
    area: Area

    @property
    def cookie(self) -> str:
        """The cookie it came with; empty at the first visit."""
        return self.request.cookies.get(self.area.cookie, "")

    def csrf_of(self, cookie: str) -> str:
        return self.backend.server_key.digest("csrf", self.area.cookie, cookie)


@dataclass(slots=True)
class Typed:
    """A form as somebody typed it, and what is wrong with it, field by field."""

    data: FormData
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, most: int = 200) -> str:
        """The field without surrounding spaces; too long or missing is noted."""
        value = self.data.get(name)
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            self.errors[name] = "入力してください。"
        elif len(text) > most:
            self.errors[name] = f"{most}文字以内で入力してください。"
        return text

    def number(self, name: str, least: int, most: int) -> int:
        text = self.text(name, 9)
        if name not in self.errors and not (text.isdecimal() and least <= int(text) <= most):
            self.errors[name] = f"{least}から{most}までの数字で入力してください。"
        return 0 if name in self.errors else int(text)

    def ticked(self, name: str, error: str) -> None:
        if self.data.get(name) != "on":
            self.errors[name] = error

    @property
    def values(self) -> Mapping[str, str]:
        """What was typed, to be shown again; passwords are not."""
        return {key: value for key, value in self.data.items() if isinstance(value, str) and key != "password"}


NOTHING_TYPED = Typed(FormData())


class PageRoute(APIRoute):
    """Answers with pages also where something is refused or the store is gone."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except Redirect as redirect:
                return RedirectResponse(redirect.path, HTTPStatus.SEE_OTHER)
            except PageRefusal as refusal:
                return _refusal_page(request, refusal)
            except RequestValidationError:
                return _refusal_page(request, PageRefusal(HTTPStatus.NOT_FOUND, "その画面はありません。"))
            except Refusal as refusal:
                wait = refusal.members.get("retry_after")
                return _refusal_page(request, too_many(wait if isinstance(wait, int) else _STORE_RETRY))
            except MailError as error:
                log.error("alarm: mail cannot be sent (%s)", error)  # noqa: TRY400 - no personal data in stacks
                text = "ワンタイムコードを送れませんでした。しばらくしてから、もう一度お試しください。"
                return _refusal_page(request, PageRefusal(HTTPStatus.SERVICE_UNAVAILABLE, text, _STORE_RETRY))
            except (OperationalError, InterfaceError, PoolTimeoutError) as error:
                log.error("alarm: the store does not answer (%s)", type(error).__name__)  # noqa: TRY400 - no personal data in stacks
                busy = "ただいまご利用になれません。しばらくしてから、もう一度お試しください。"
                return _refusal_page(request, PageRefusal(HTTPStatus.SERVICE_UNAVAILABLE, busy, _STORE_RETRY))

        return answered


def page_router(area: Area) -> APIRouter:
    return APIRouter(prefix=area.path, route_class=PageRoute, include_in_schema=False)


def browser_of(area: Area) -> Callable[[Request], Coroutine[Any, Any, Browser]]:
    async def browser(request: Request) -> Browser:
        return Browser(request, request.app.state.backend, area)

    return browser


def too_many(wait: int) -> PageRefusal:
    minutes = -(-wait // 60)
    text = f"回数が多すぎます。{minutes}分たってから、もう一度お試しください。"
    return PageRefusal(HTTPStatus.TOO_MANY_REQUESTS, text, wait)


async def read_form(browser: Browser) -> Typed:
    """The bounded form of a POST whose CSRF token fits. Raises `PageRefusal`."""
    return Typed(await read_any_form(browser, _MAX_FORM))


async def read_any_form(browser: Browser, most: int) -> FormData:
    request = browser.request
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal() or int(declared) > most:  # the server holds bodies to the length they declare
        raise PageRefusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "送られた内容が大きすぎます。")
    try:
        form = await request.form(max_files=1, max_fields=40, max_part_size=_MAX_FORM)
    except HTTPException:
        raise PageRefusal(HTTPStatus.BAD_REQUEST, "送られた内容を読み取れません。") from None
    given = form.get(CSRF_FIELD)
    if not (isinstance(given, str) and given.isascii() and hmac.compare_digest(given, browser.csrf_of(browser.cookie))):
        raise PageRefusal(
            HTTPStatus.FORBIDDEN, "画面の有効期限が切れました。前の画面を開きなおして、もう一度お試しください。"
        )
    return form


def page(
    browser: Browser,
    screen: str,
    template: str,
    typed: Typed = NOTHING_TYPED,
    status: HTTPStatus | None = None,
    **content: Any,
) -> Response:
    """The page with 画面番号 `screen`. A form with errors is answered with 422."""
    cookie = browser.cookie or secrets.token_urlsafe(32)
    html = _TEMPLATES.get_template(template).render(
        area=browser.area,
        screen=screen,
        csrf=browser.csrf_of(cookie),
        values=typed.values,
        errors=typed.errors,
        **content,
    )
    code = status or (HTTPStatus.UNPROCESSABLE_ENTITY if typed.errors else HTTPStatus.OK)
    response = Response(html, code, _HEADERS, "text/html; charset=utf-8")
    if not browser.cookie:
        set_cookie(response, browser.area, cookie)
    return response


def set_cookie(response: Response, area: Area, value: str) -> None:
    response.set_cookie(area.cookie, value, path="/", secure=True, httponly=True, samesite="lax")


def see_other(path: str) -> Response:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


style_router = APIRouter(include_in_schema=False)
_STYLE = resources.files(__package__).joinpath("style.css").read_bytes()


@style_router.get("/style.css")
async def style() -> Response:
    return Response(_STYLE, media_type="text/css")


def _refusal_page(request: Request, refusal: PageRefusal) -> Response:
    area = next(area for area in Area if request.url.path.startswith(area.path))
    browser = Browser(request, request.app.state.backend, area)
    response = page(browser, f"{area.value[0][0].upper()}-00", "refusal.html", status=refusal.status, text=refusal.text)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _account_state(account: Account, terminal_id: str | None) -> str:
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
    environment.globals["field_names"] = _FIELD_NAMES
    environment.globals["account_state"] = _account_state
    return environment


_TEMPLATES = _templates()
