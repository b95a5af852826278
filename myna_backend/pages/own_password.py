"""パスワードの変更 (画面番号 13): whoever is signed in changes their own, the first one above all."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from myna_backend.pages.browser import Area
from myna_backend.pages.forms import NOTHING_TYPED, Typed, form_of
from myna_backend.pages.frame import page
from myna_backend.pages.sessions import SignedIn, change_own_password, signed_in
from myna_backend.store.tables import PageRole
from myna_backend.users import LEAST_PASSWORD, MOST_PASSWORD


def add_password_change(router: APIRouter, area: Area, roles: frozenset[PageRole]) -> None:
    anybody, any_form = Depends(signed_in(area, *roles)), Depends(form_of(area))

    def show(who: SignedIn, form: Typed, *, done: bool = False) -> Response:
        return page(who.browser, area.screen("13"), "password.html", form, who=who, done=done, least=LEAST_PASSWORD)

    @router.get("/password")
    def password_page(who: Annotated[SignedIn, anybody]) -> Response:
        return show(who, NOTHING_TYPED)

    @router.post("/password")
    def change_password(who: Annotated[SignedIn, anybody], form: Annotated[Typed, any_form]) -> Response:
        current = form.text("password", MOST_PASSWORD)
        new, again = form.text("new_password", MOST_PASSWORD), form.text("again", MOST_PASSWORD)
        if "new_password" not in form.errors and len(new) < LEAST_PASSWORD:
            form.errors["new_password"] = f"{LEAST_PASSWORD}文字以上で入力してください。"
        if not form.errors and new != again:
            form.errors["again"] = "新しいパスワードと同じものを入力してください。"
        if not form.errors and not change_own_password(who, current, new):
            form.errors.setdefault("password", "いまのパスワードが違います。")
        return show(who, form, done=not form.errors)
