"""Signing in as an area's pages (画面番号 01, 02): password, then the one-time code where the area asks for one."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from myna_backend.pages.browser import Area, Browser, SignInNeeded, browser_of
from myna_backend.pages.forms import Typed, form_of, kept_in
from myna_backend.pages.frame import go_to, page
from myna_backend.pages.route import resume_page, to_sign_in
from myna_backend.pages.sessions import enter_code, sign_in
from myna_backend.store.tables import PageRole
from myna_backend.users import MOST_PASSWORD


def add_sign_in(router: APIRouter, area: Area, roles: frozenset[PageRole]) -> None:
    """The page everybody without a session comes to. What they had typed elsewhere goes along with them."""
    any_browser, any_form = Depends(browser_of(area)), Depends(form_of(area))
    screen, with_code = area.screen("01"), area is Area.WEB_SERVICE

    @router.get("/signin")
    def sign_in_page(browser: Annotated[Browser, any_browser]) -> Response:
        return page(browser, screen, "sign_in.html")

    @router.post("/signin")
    def signing_in(browser: Annotated[Browser, any_browser], form: Annotated[Typed, any_form]) -> Response:
        login, password = form.text("login", 64), form.text("password", MOST_PASSWORD)
        admitted = None if form.errors else sign_in(browser, login, password, roles)
        if admitted is None:
            form.errors.setdefault("login", "ユーザー名またはパスワードが違います。")
            return page(browser, screen, "sign_in.html", form)
        return _ask_code(admitted, form) if with_code else _go_on(admitted, form)

    if with_code:
        _add_code(router, area)


def _add_code(router: APIRouter, area: Area) -> None:
    any_browser, any_form = Depends(browser_of(area)), Depends(form_of(area))

    @router.get("/code")
    def code_page(browser: Annotated[Browser, any_browser]) -> Response:
        return page(browser, area.screen("02"), "code.html")

    @router.post("/code")
    def entering_code(browser: Annotated[Browser, any_browser], form: Annotated[Typed, any_form]) -> Response:
        code = form.text("code", 6)
        try:
            is_in = not form.errors and enter_code(browser, code)
        except SignInNeeded:
            return to_sign_in(browser, kept_in(form, area))
        if not is_in:
            form.errors.setdefault("code", "ワンタイムコードが違います。メールを確かめて、6桁の数字を入れてください。")
            return page(browser, area.screen("02"), "code.html", form)
        return _go_on(browser, form)


def _ask_code(browser: Browser, form: Typed) -> Response:
    kept = kept_in(form, browser.area)
    if kept is None:
        return go_to(browser, f"{browser.area.path}/code")
    return page(browser, browser.area.screen("02"), "code.html", kept.as_form())


def _go_on(browser: Browser, form: Typed) -> Response:
    kept = kept_in(form, browser.area)
    return go_to(browser, browser.area.path) if kept is None else resume_page(browser, kept)
