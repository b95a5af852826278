"""Signing in and out of the pages: password, one-time code by mail where an area asks for it, half an hour idle."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from sqlalchemy import delete, select, update
from starlette.responses import Response

from myna_app.formats.facility import FacilityKind
from myna_backend import users
from myna_backend.accounts import is_hash_of
from myna_backend.backend import Backend
from myna_backend.mail import send
from myna_backend.pages.browser import Area, Browser, PageRefusal, SignInNeeded, browser_of
from myna_backend.pages.frame import forget_cookie, see_other
from myna_backend.store import limits
from myna_backend.store.engine import update_one
from myna_backend.store.tables import PageRole, PageSession, User

IDLE = timedelta(minutes=30)
CODE_TIME = timedelta(minutes=10)
_CODE_TRIES = 5
_TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, of which office."""

    browser: Browser
    user_id: int
    name: str
    role: PageRole
    office_id: int
    office: str
    kind: FacilityKind

    @property
    def backend(self) -> Backend:
        return self.browser.backend


def signed_in(area: Area, *roles: PageRole) -> Callable[..., SignedIn]:
    """A dependency: somebody of one of the roles; everybody else is sent to sign in, or refused."""

    def require(browser: Annotated[Browser, Depends(browser_of(area))]) -> SignedIn:
        backend = browser.backend
        now = backend.clock()
        with backend.store.reading() as session:
            row = session.get(PageSession, _digest(browser))
            if row is None or row.expires_at <= now or row.code is not None:
                raise SignInNeeded
            user = row.user
            who = SignedIn(browser, user.id, user.name, user.role, user.office_id, user.office.name, user.office.kind)
            stale = row.expires_at - now < IDLE - _TOUCH_AFTER
        if who.role not in roles:
            raise PageRefusal(HTTPStatus.FORBIDDEN, "この画面を使う権限がありません。")
        if stale:
            _change(browser, expires_at=now + IDLE)
        return who

    return require


def sign_in(browser: Browser, login: str, password: str, roles: frozenset[PageRole]) -> Browser | None:
    """The browser with its session's cookie; None for wrong credentials. Counts tries per name and address.

    On the web service the session opens with the one-time code that is mailed here.
    """
    backend, area = browser.backend, browser.area
    now = backend.clock()
    client = browser.request.client
    counted = (
        (limits.SIGN_IN_OF_USER, backend.server_key.digest("login", login)),
        (limits.SIGN_IN_FROM_ADDRESS, backend.server_key.digest("address", client.host if client else "")),
    )
    with backend.store.writing() as session:
        for limit, subject in counted:
            limits.require(session, limit, subject, now)
    with backend.store.reading() as session:
        user = users.with_password(session, login, password)
    if user is None or user.role not in roles:
        return None
    code = f"{secrets.randbelow(10**6):06d}" if area is Area.WEB_SERVICE else None
    admitted = browser.with_cookie(secrets.token_urlsafe(32))
    with backend.store.writing() as session:
        for limit, subject in counted:
            limits.give_back(session, limit, subject, now)
        session.execute(delete(PageSession).where(PageSession.digest == _digest(browser)))
        session.add(_session(admitted, user, code))
    if code is not None:
        text = f"ワンタイムコード：{code}\n10分以内に入力してください。"
        send(backend, user.mail, "ワンタイムコードのお知らせ", text)
    return admitted


def enter_code(browser: Browser, code: str) -> bool:
    """Whether somebody is signed in now. After five wrong codes, or too late, signing in has to begin anew."""
    backend = browser.backend
    now = backend.clock()
    mine = (PageSession.digest == _digest(browser), PageSession.expires_at > now)
    expected = PageSession.code == backend.server_key.digest("code", browser.cookie, code)
    with backend.store.writing() as session:
        count = update(PageSession).where(*mine, PageSession.tries < _CODE_TRIES).values(tries=PageSession.tries + 1)
        if update_one(session, count):
            opening = update(PageSession).where(*mine, expected).values(code=None, expires_at=now + IDLE, tries=0)
            # The second of two clicks finds the session open.
            open_already = select(PageSession.digest).where(*mine, PageSession.code.is_(None))
            return update_one(session, opening) or session.scalar(open_already) is not None
        session.execute(delete(PageSession).where(*mine, PageSession.code.is_not(None)))
    raise SignInNeeded


def change_own_password(who: SignedIn, current: str, new: str) -> bool:
    """Whether the current one was right. Only the session that asked goes on."""
    backend = who.backend
    subject, now = backend.server_key.digest("own password", str(who.user_id)), backend.clock()
    with backend.store.writing() as session:
        limits.require(session, limits.SIGN_IN_OF_USER, subject, now)
    with backend.store.reading() as session:
        if not is_hash_of(session.get_one(User, who.user_id).password_hash, current):
            return False
    with backend.store.writing() as session:
        users.set_password(session, who.user_id, new, keep=_digest(who.browser))
        limits.give_back(session, limits.SIGN_IN_OF_USER, subject, now)
    return True


def sign_out(browser: Browser) -> Response:
    with browser.backend.store.writing() as session:
        session.execute(delete(PageSession).where(PageSession.digest == _digest(browser)))
    return forget_cookie(see_other(browser.area.sign_in_path), browser.area)


def _session(browser: Browser, user: User, code: str | None) -> PageSession:
    backend = browser.backend
    return PageSession(
        digest=_digest(browser),
        user_id=user.id,
        expires_at=backend.clock() + (CODE_TIME if code else IDLE),
        code=code and backend.server_key.digest("code", browser.cookie, code),
    )


def _change(browser: Browser, **values: object) -> None:
    mine = PageSession.digest == _digest(browser)
    with browser.backend.store.writing() as session:
        session.execute(update(PageSession).where(mine).values(values))


def _digest(browser: Browser) -> bytes:
    """A cookie of one area opens nothing in another."""
    return hashlib.sha256(f"{browser.area.cookie}={browser.cookie}".encode()).digest()
