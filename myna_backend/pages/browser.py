"""Who asks for a page: the area, the browser's cookie, and the ways to answer with something else than the page.

A browser has one random cookie an area (``__Host-…``: Secure, host only). Its CSRF token is an HMAC of the cookie, so
that the sign-in form is protected as well and nothing is stored for a visitor who only looks.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from enum import Enum, unique
from http import HTTPStatus
from typing import Any

from starlette.requests import Request

from myna_backend.backend import Backend


@unique
class Area(Enum):
    """One set of pages, with sign-in and cookie of its own."""

    PORTAL = ("portal", "P", "資格確認 利用者ポータル")
    WEB_SERVICE = ("web", "K", "介護保険資格確認等 WEBサービス")
    ADMINISTRATION = ("admin", "A", "資格確認 管理")

    @property
    def path(self) -> str:
        return f"/{self.value[0]}"

    @property
    def sign_in_path(self) -> str:
        return f"{self.path}/signin"

    @property
    def title(self) -> str:
        return self.value[2]

    @property
    def cookie(self) -> str:
        return f"__Host-{self.value[0]}"

    def screen(self, number: str) -> str:
        """画面番号 of a page that every area has."""
        return f"{self.value[1]}-{number}"


@dataclass(frozen=True, slots=True)
class Browser:
    """One request of a page."""

    request: Request
    backend: Backend
    area: Area
    new_cookie: str = ""
    """What it is given with the answer in place of its own."""

    @property
    def cookie(self) -> str:
        """Empty at the first visit."""
        return self.new_cookie or self.request.cookies.get(self.area.cookie, "")

    @property
    def csrf(self) -> str:
        return self.backend.server_key.digest("csrf", self.area.cookie, self.cookie)

    def with_cookie(self, value: str) -> "Browser":
        return replace(self, new_cookie=value)


def browser_of(area: Area) -> Callable[[Request], Coroutine[Any, Any, Browser]]:
    async def browser(request: Request) -> Browser:
        return Browser(request, request.app.state.backend, area)

    return browser


class Redirect(Exception):  # noqa: N818 - an answer, not an error
    """See other."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class SignInNeeded(Exception):  # noqa: N818 - an answer, not an error
    """Nobody is signed in, or not any more."""


class PageRefusal(Exception):  # noqa: N818 - an answer, not an error
    """A page that says in `text` why there is nothing to see."""

    def __init__(self, status: HTTPStatus, text: str, retry_after: int | None = None) -> None:
        super().__init__(status)
        self.status, self.text, self.retry_after = status, text, retry_after


def too_many(wait: int) -> PageRefusal:
    minutes = -(-wait // 60)
    text = f"回数が多すぎます。{minutes}分たってから、もう一度お試しください。"
    return PageRefusal(HTTPStatus.TOO_MANY_REQUESTS, text, wait)
