"""The offices' portal (P-nn): signing in, applying, the day the service starts. Accounts are in `portal_accounts`."""

import secrets
from datetime import date
from io import BytesIO
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from myna_backend import applications, notifications
from myna_backend.pages.browser import Area, Redirect
from myna_backend.pages.entrance import add_sign_in
from myna_backend.pages.forms import NOTHING_TYPED, TooLarge, Typed, form_of, read_any_form
from myna_backend.pages.frame import page, see_other
from myna_backend.pages.own_password import add_password_change
from myna_backend.pages.route import page_router
from myna_backend.pages.sessions import SignedIn, sign_out, signed_in
from myna_backend.store.tables import Office, PageRole

AREA = Area.PORTAL
ROLES = frozenset({PageRole.APPLICANT})
router = page_router(AREA)
add_sign_in(router, AREA, ROLES)
add_password_change(router, AREA, ROLES)

_applicant = Depends(signed_in(AREA, *ROLES))
_form = Depends(form_of(AREA))
Applicant = Annotated[SignedIn, _applicant]
Form = Annotated[Typed, _form]
TOKEN_CHECKED = (_applicant, _form)
"""For a POST without fields: somebody who may, then the token."""
_OVERHEAD = 65_536
"""Bytes of a form around its file."""
_FORM_KEY_LENGTH = 64


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
    """Empty, or with what 「修正する」 brings back."""
    return _apply_page(who, Typed(FormData(who.browser.request.query_params)))


@router.post("/apply")
def check_application(who: Applicant, form: Form) -> Response:
    """The confirmation has an address of its own, so that the browser's way back leads through no form."""
    _application_fields(form)
    if form.errors:
        return _apply_page(who, form)
    fields = {name: form.values[name] for name in ("staff_count", "terminal_count", "terms")}
    return see_other(f"{AREA.path}/apply/confirm?{urlencode({**fields, 'form_key': secrets.token_urlsafe(16)})}")


@router.get("/apply/confirm")
def confirm_application(who: Applicant) -> Response:
    form = Typed(FormData(who.browser.request.query_params))
    _application_fields(form)
    _form_key(form)
    if form.errors:
        raise Redirect(f"{AREA.path}/apply")
    change = urlencode({name: form.values[name] for name in ("staff_count", "terminal_count", "terms")})
    return page(who.browser, "P-04", "apply_confirm.html", form, who=who, change=change)


@router.post("/apply/send")
def send_application(who: Applicant, form: Form) -> Response:
    """The same form sent again, by a second click or after going back, is the same application."""
    form_key = _form_key(form)
    staff, terminals = _application_fields(form)
    if form.errors:
        return _apply_page(who, form)
    key = who.backend.server_key.digest("application", str(who.office_id), form_key)
    return see_other(f"{AREA.path}/applied/{applications.apply(who.backend, who.office_id, staff, terminals, key)}")


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
    try:
        form = Typed(await read_any_form(who.browser, notifications.LARGEST + _OVERHEAD))
    except TooLarge:
        return _notification_refused(who, number, Typed(FormData()))
    upload = form.data.get("file")
    try:
        return await run_in_threadpool(_keep_notification, who, number, form, upload)
    finally:
        if isinstance(upload, UploadFile):
            await upload.close()


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


def _form_key(form: Typed) -> str:
    """What the confirmation page put into its form; nobody types it."""
    key = form.values.get("form_key", "")
    if not 0 < len(key) <= _FORM_KEY_LENGTH:
        raise Redirect(f"{AREA.path}/apply")
    return key


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


def _notification_refused(who: SignedIn, number: int, form: Typed) -> Response:
    form.errors["file"] = "100MBまでのPDF、PNG、Excelのファイルを選んでください。"
    return page(who.browser, "P-10", "notification.html", form, who=who, number=number)


def _keep_notification(who: SignedIn, number: int, form: Typed, upload: UploadFile | str | None) -> Response:
    file = upload.file if isinstance(upload, UploadFile) else BytesIO()
    kind = notifications.kind_of(file)
    if kind is None:
        return _notification_refused(who, number, form)
    notifications.keep(who.backend.settings.data, number, file, kind)
    with who.backend.store.writing() as session:
        applications.submit(session, number)
    return see_other(f"{AREA.path}/applied/{number}")
