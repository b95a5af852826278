"""The offices' portal (P-nn): applying, accounts, their secrets once, stopping and releasing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from io import BytesIO
from typing import Annotated

import segno
from fastapi import Depends
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from myna_backend import accounts, applications, notifications
from myna_backend.backend import Backend
from myna_backend.demo import user_settings_text
from myna_backend.pages.frame import (
    NOTHING_TYPED,
    Area,
    Browser,
    PageRefusal,
    Redirect,
    Typed,
    browser_of,
    page,
    page_router,
    read_any_form,
    read_form,
    see_other,
)
from myna_backend.pages.sessions import SignedIn, sign_in, sign_out, signed_in
from myna_backend.store.tables import Account, Office, PageRole, Terminal

AREA = Area.PORTAL
ROLES = frozenset({PageRole.APPLICANT})
router = page_router(AREA)

AnyBrowser = Annotated[Browser, Depends(browser_of(AREA))]
Applicant = Annotated[SignedIn, Depends(signed_in(AREA, *ROLES))]
_OVERHEAD = 65_536
"""Bytes of a form around its file."""


async def _form(browser: AnyBrowser) -> Typed:
    return await read_form(browser)


Form = Annotated[Typed, Depends(_form)]
TOKEN_CHECKED = (Depends(_form),)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done to one account after a confirmation."""

    name: str
    about: str
    do: Callable[[Backend, Session, str], str | None]
    """Returns the new activation code, if the act makes one."""


def _plain(change: Callable[[Session, str], None]) -> Callable[[Backend, Session, str], None]:
    return lambda _backend, session, user_id: change(session, user_id)


ACTS: Mapping[str, Act] = {
    "stop": Act("利用停止", "このアカウントのパソコンでは、すぐに使えなくなります。", _plain(accounts.stop)),
    "resume": Act("停止の解除", "このアカウントのパソコンで、また使えるようになります。", _plain(accounts.resume)),
    "release": Act(
        "端末の解除",
        "いまのパソコンでは使えなくなり、新しいアクティベーションコードで別のパソコンに登録できます。",
        lambda backend, session, user_id: accounts.release(session, user_id, backend.activation_code_end()),
    ),
    "end": Act("利用終了", "このアカウントは二度と使えなくなります。取り消せません。", _plain(accounts.end)),
}


@router.get("/signin")
def sign_in_page(browser: AnyBrowser) -> Response:
    return page(browser, "P-01", "sign_in.html")


@router.post("/signin")
def signing_in(browser: AnyBrowser, form: Form) -> Response:
    login, password = form.text("login", 64), form.text("password", 128)
    answer = None if form.errors else sign_in(browser, login, password, ROLES)
    if answer is None:
        form.errors.setdefault("login", "ユーザー名またはパスワードが違います。")
        return page(browser, "P-01", "sign_in.html", form)
    return answer


@router.post("/signout", dependencies=TOKEN_CHECKED)
def signing_out(who: Applicant) -> Response:
    return sign_out(who.browser)


@router.get("")
def overview(who: Applicant) -> Response:
    """申請一覧."""
    with who.backend.store.reading() as session:
        rows = applications.of_office(session, who.office_id)
        office = session.get_one(Office, who.office_id)
        return page(who.browser, "P-02", "applications.html", who=who, rows=rows, office=office)


@router.get("/apply")
def apply_page(who: Applicant) -> Response:
    return _apply_page(who, NOTHING_TYPED)


@router.post("/apply")
def check_application(who: Applicant, form: Form) -> Response:
    _application_fields(form)
    if form.errors:
        return _apply_page(who, form)
    return page(who.browser, "P-04", "apply_confirm.html", form, who=who)


@router.post("/apply/back")
def correct_application(who: Applicant, form: Form) -> Response:
    return _apply_page(who, form)


@router.post("/apply/send")
def send_application(who: Applicant, form: Form) -> Response:
    staff, terminals = _application_fields(form)
    if form.errors:
        return _apply_page(who, form)
    return see_other(f"{AREA.path}/applied/{applications.apply(who.backend, who.office_id, staff, terminals)}")


@router.get("/applied/{number}")
def applied(who: Applicant, number: int) -> Response:
    return page(who.browser, "P-05", "applied.html", who=who, number=number, awaits=_awaits(who, number))


@router.get("/notification/{number}")
def notification_page(who: Applicant, number: int) -> Response:
    _require_awaited(who, number)
    return page(who.browser, "P-10", "notification.html", who=who, number=number)


@router.post("/notification/{number}")
async def hand_in_notification(who: Applicant, number: int) -> Response:
    await run_in_threadpool(_require_awaited, who, number)
    form = Typed(await read_any_form(who.browser, notifications.LARGEST + _OVERHEAD))
    upload = form.data.get("file")
    try:
        return await run_in_threadpool(_keep_notification, who, number, form, upload)
    finally:
        if isinstance(upload, UploadFile):
            await upload.close()


@router.get("/accounts")
def account_list(who: Applicant) -> Response:
    with who.backend.store.reading() as session:
        rows = session.execute(
            select(Account, Terminal.terminal_id)
            .outerjoin(Terminal, Terminal.account_id == Account.id)
            .where(Account.office_id == who.office_id)
            .order_by(Account.id)
        ).all()
        return page(who.browser, "P-06", "accounts.html", who=who, rows=rows)


@router.post("/accounts/{user_id}/sheet", dependencies=TOKEN_CHECKED)
def hand_out(who: Applicant, user_id: str) -> Response:
    """ユーザー設定情報: the secrets of an account, this once."""
    with who.backend.store.writing() as session:
        _own_account(session, who, user_id)
        try:
            issued = accounts.hand_out(session, user_id, who.backend.activation_code_end())
        except accounts.AccountError:
            text = "このアカウントのユーザー設定情報は、すでに表示しました。"
            raise PageRefusal(HTTPStatus.CONFLICT, text) from None
    return page(who.browser, "P-08", "sheet.html", who=who, issued=issued, qr=_qr(user_settings_text(issued)))


@router.get("/accounts/{user_id}/{act}")
def confirm_act(who: Applicant, user_id: str, act: str) -> Response:
    with who.backend.store.reading() as session:
        _own_account(session, who, user_id)
    return page(who.browser, "P-07", "act.html", who=who, user_id=user_id, key=act, deed=_act(act), code=None)


@router.post("/accounts/{user_id}/{act}", dependencies=TOKEN_CHECKED)
def do_act(who: Applicant, user_id: str, act: str) -> Response:
    with who.backend.store.writing() as session:
        _own_account(session, who, user_id)
        try:
            code = _act(act).do(who.backend, session, user_id)
        except accounts.AccountError:
            raise PageRefusal(HTTPStatus.CONFLICT, "このアカウントは利用を終了しています。") from None
    if code is None:
        return see_other(f"{AREA.path}/accounts")
    return page(who.browser, "P-07", "act.html", who=who, user_id=user_id, key=act, deed=_act(act), code=code)


@router.get("/start")
def start_page(who: Applicant) -> Response:
    return _start_page(who, NOTHING_TYPED)


@router.post("/start")
def change_start(who: Applicant, form: Form) -> Response:
    """運用開始日."""
    text = form.text("starts_on", 10)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        form.errors.setdefault("starts_on", "年-月-日の形で入力してください（例：2026-12-01）。")
        return _start_page(who, form)
    with who.backend.store.writing() as session:
        session.get_one(Office, who.office_id).service_starts_on = day
    return see_other(AREA.path)


def _application_fields(form: Typed) -> tuple[int, int]:
    staff = form.number("staff_count", 1, applications.MOST_STAFF)
    terminals = form.number("terminal_count", 1, applications.MOST_TERMINALS)
    form.ticked("terms", "利用規約に同意するときは、チェックを入れてください。")
    return staff, terminals


def _apply_page(who: SignedIn, form: Typed) -> Response:
    with who.backend.store.reading() as session:
        office = session.get_one(Office, who.office_id)
    terms = who.backend.settings.terms_text()
    return page(who.browser, "P-03", "apply.html", form, who=who, office=office, terms=terms)


def _start_page(who: SignedIn, form: Typed) -> Response:
    with who.backend.store.reading() as session:
        office = session.get_one(Office, who.office_id)
    return page(who.browser, "P-09", "start.html", form, who=who, office=office)


def _awaits(who: SignedIn, number: int) -> bool:
    with who.backend.store.reading() as session:
        return applications.awaits_notification(session, who.office_id, number)


def _require_awaited(who: SignedIn, number: int) -> None:
    if not _awaits(who, number):
        raise Redirect(AREA.path)


def _keep_notification(who: SignedIn, number: int, form: Typed, upload: UploadFile | str | None) -> Response:
    file = upload.file if isinstance(upload, UploadFile) else BytesIO()
    kind = notifications.kind_of(file)
    if kind is None:
        form.errors["file"] = "100MBまでのPDF、PNG、Excelのファイルを選んでください。"
        return page(who.browser, "P-10", "notification.html", form, who=who, number=number)
    notifications.keep(who.backend.settings.data, number, file, kind)
    with who.backend.store.writing() as session:
        applications.submit(session, number)
    return see_other(f"{AREA.path}/applied/{number}")


def _own_account(session: Session, who: SignedIn, user_id: str) -> None:
    account = accounts.find_account(session, user_id)
    if account is None or account.office_id != who.office_id:
        raise PageRefusal(HTTPStatus.NOT_FOUND, "そのアカウントはありません。")


def _act(name: str) -> Act:
    if name not in ACTS:
        raise PageRefusal(HTTPStatus.NOT_FOUND, "その画面はありません。")
    return ACTS[name]


def _qr(text: str) -> Markup:
    picture: str = segno.make(text, error="m").svg_inline(scale=4, border=4, svgclass="qr", lineclass=None)
    return Markup(picture)  # noqa: S704 - drawn by segno from modules, the text is not in it
