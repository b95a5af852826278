"""Forms: bounded, with their CSRF token, checked field by field, and kept where they came too late."""

import hmac
import json
import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from myna_backend.pages.browser import Area, Browser, PageRefusal, browser_of

CSRF_FIELD = "csrf"
KEPT_FIELD = "kept"
_NEVER_SENT_BACK = frozenset({CSRF_FIELD, "password", "new_password", "again"})
_MAX_FORM = 65_536
FIELD_NAMES: Mapping[str, str] = {
    "login": "ユーザー名",
    "password": "パスワード",
    "new_password": "新しいパスワード",
    "again": "新しいパスワード（もう一度）",
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
"""How a page speaks of a field outside the form itself."""


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
        typed = {key: value for key, value in self.data.items() if isinstance(value, str)}
        return {key: value for key, value in typed.items() if key not in _NEVER_SENT_BACK}


NOTHING_TYPED = Typed(FormData())


class TooLarge(PageRefusal):
    """More than a form may hold. It is not read."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "送られた内容が大きすぎます。")


class StaleForm(PageRefusal):
    """A form whose token is not this browser's: of before a sign-in, or somebody else's."""

    def __init__(self, data: FormData) -> None:
        text = "画面の有効期限が切れました。前の画面を開きなおして、もう一度お試しください。"
        super().__init__(HTTPStatus.FORBIDDEN, text)
        self.data = data


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that came when its session was over. It waits in the pages of signing in, and is sent again after them."""

    path: str
    fields: Mapping[str, str]

    def as_form(self) -> Typed:
        return Typed(FormData({KEPT_FIELD: json.dumps([self.path, dict(self.fields)], ensure_ascii=False)}))


def kept_in(form: Typed, area: Area) -> Kept | None:
    """What a page of signing in carried along."""
    match _json(form.values.get(KEPT_FIELD, "")):
        case [str(path), dict(fields)] if re.fullmatch(rf"{area.path}(/[\w-]+)*", path):
            return Kept(path, {name: value for name, value in fields.items() if isinstance(value, str)})
    return None


async def kept_of(browser: Browser) -> Kept | None:
    """The form that came too late, if somebody had typed something into a page of ours."""
    if browser.request.method != "POST":
        return None
    try:
        form = await read_form(browser)
    except StaleForm as stale:
        # A page of another site can send a form here, but not say that it is ours.
        if browser.request.headers.get("sec-fetch-site") != "same-origin":
            return None
        form = Typed(stale.data)
    except PageRefusal:
        return None
    return Kept(browser.request.url.path, form.values) if any(form.values.values()) else None


async def read_form(browser: Browser) -> Typed:
    """The bounded form of a POST whose CSRF token fits. Raises `TooLarge`, `StaleForm`, `PageRefusal`."""
    return Typed(await read_any_form(browser, _MAX_FORM))


async def read_any_form(browser: Browser, most: int) -> FormData:
    request = browser.request
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal() or int(declared) > most:  # the server holds bodies to the length they declare
        raise TooLarge
    try:
        form = await request.form(max_files=1, max_fields=40, max_part_size=_MAX_FORM)
    except HTTPException:
        raise PageRefusal(HTTPStatus.BAD_REQUEST, "送られた内容を読み取れません。") from None
    given = form.get(CSRF_FIELD)
    if not (isinstance(given, str) and given.isascii() and hmac.compare_digest(given, browser.csrf)):
        raise StaleForm(form)
    return form


def form_of(area: Area) -> Callable[[Browser], Coroutine[Any, Any, Typed]]:
    """A dependency: the form that was sent."""

    async def form(browser: Annotated[Browser, Depends(browser_of(area))]) -> Typed:
        return await read_form(browser)

    return form


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
