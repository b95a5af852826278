"""Administration (A-nn): approving, accounts, persons, audit, faults for testers.

For somebody at this very machine, never through a proxy; or for those whose certificate a server of its own asks for
(`myna-backend administer`).
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.responses import FileResponse, Response

from myna_backend import accounts, applications, deny_list, faults, notifications, pins
from myna_backend.eligibility import PersonError, require_person
from myna_backend.faults import Effect
from myna_backend.pages.browser import Area, Browser, PageRefusal, browser_of
from myna_backend.pages.forms import NOTHING_TYPED, Typed, read_form
from myna_backend.pages.frame import HEADERS, page, see_other
from myna_backend.pages.route import page_router
from myna_backend.problems import Code
from myna_backend.store.tables import (
    Account,
    Audit,
    Certificate,
    DeniedCertificate,
    OrderedFault,
    Person,
    Pin,
    SandboxMail,
    Terminal,
)

AREA = Area.ADMINISTRATION
router = page_router(AREA)
_AUDIT_ROWS = 200
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_MOST_TIMES = 99
CALLS: Mapping[str, str] = {
    "terms": "利用規約の取得",
    "register": "端末の登録",
    "token": "トークンの発行",
    "terminal": "端末の状態の確認",
    "agree_to_terms": "利用規約への同意",
    "reauthenticate": "再認証",
    "release": "アカウントの返却",
    "challenge": "チャレンジの発行",
    "visit": "カードの確認",
    "proof": "カードの証明",
    "photograph": "顔写真の確認",
}
"""The calls of the contract, as testers read them."""
EFFECTS: Mapping[Effect, str] = {
    Effect.DELAYED: f"答えが{faults.LATE:.0f}秒おくれる",
    Effect.LOST: "答えの途中で通信が切れる",
    Effect.EMPTY: "取り決めと合わない答えになる",
    Effect.FOREIGN: "よその画面（Wi-Fi のサインインなど）が返る",
}
_PERSON_ACTS: Mapping[str, Callable[[Session, str], None]] = {
    "deny": deny_list.deny,
    "allow": deny_list.allow,
    "unpin": pins.unpin,
}
_ACCOUNT_ACTS: Mapping[str, Callable[[Session, str], None]] = {"stop": accounts.stop, "resume": accounts.resume}


async def _operator(browser: Annotated[Browser, Depends(browser_of(AREA))]) -> Browser:
    if not (browser.request.app.state.asks_for_certificates or _is_at_this_machine(browser)):
        text = "この画面は、サーバーのパソコンから、または運用担当者の証明書でだけ使えます。"
        raise PageRefusal(HTTPStatus.FORBIDDEN, text)
    return browser


Operator = Annotated[Browser, Depends(_operator)]


async def _form(browser: Operator) -> Typed:
    return await read_form(browser)


Form = Annotated[Typed, Depends(_form)]
TOKEN_CHECKED = (Depends(_form),)


@router.get("")
def overview(browser: Operator) -> Response:
    return page(browser, "A-01", "admin_menu.html")


@router.get("/applications")
def application_list(browser: Operator) -> Response:
    with browser.backend.store.reading() as session:
        rows = applications.pending(session)
        files = {row.id for row in rows if notifications.kept(browser.backend.settings.data, row.id)}
        return page(browser, "A-02", "admin_applications.html", rows=rows, files=files)


@router.get("/applications/{number}/notification")
def notification(browser: Operator, number: int) -> Response:
    """The file is only ever saved: an office made it, and a browser would show it as ours."""
    file = notifications.kept(browser.backend.settings.data, number)
    if file is None:
        raise PageRefusal(HTTPStatus.NOT_FOUND, "この申請の通知書はありません。")
    return FileResponse(file, filename=f"notification-{file.name}", headers=HEADERS)


@router.post("/applications/{number}/approve", dependencies=TOKEN_CHECKED)
def approve(browser: Operator, number: int) -> Response:
    try:
        applications.approve(browser.backend, number)
    except applications.ApplicationError:
        raise PageRefusal(HTTPStatus.CONFLICT, "この申請は、いま承認できません。") from None
    return see_other(f"{AREA.path}/applications")


@router.get("/persons")
def person_list(browser: Operator) -> Response:
    with browser.backend.store.reading() as session:
        denied = select(Certificate.person_id).join(
            DeniedCertificate,
            (DeniedCertificate.issuer_key_id == Certificate.issuer_key_id)
            & (DeniedCertificate.serial == Certificate.serial),
        )
        pinned = select(Certificate.person_id).join(
            Pin, (Pin.issuer_key_id == Certificate.issuer_key_id) & (Pin.serial == Certificate.serial)
        )
        return page(
            browser,
            "A-03",
            "admin_persons.html",
            rows=session.scalars(select(Person.person_id).order_by(Person.person_id)).all(),
            denied=set(session.scalars(denied)),
            pinned=set(session.scalars(pinned)),
        )


@router.post("/persons/{person_id}/{act}", dependencies=TOKEN_CHECKED)
def change_person(browser: Operator, person_id: str, act: str) -> Response:
    change = _act(_PERSON_ACTS, act)
    try:
        with browser.backend.store.writing() as session:
            require_person(session, person_id)
            change(session, person_id)
    except PersonError:
        raise PageRefusal(HTTPStatus.NOT_FOUND, "その人物は登録されていません。") from None
    return see_other(f"{AREA.path}/persons")


@router.get("/accounts")
def account_list(browser: Operator) -> Response:
    with browser.backend.store.reading() as session:
        rows = session.execute(
            select(Account, Terminal.terminal_id)
            .outerjoin(Terminal, Terminal.account_id == Account.id)
            .order_by(Account.id)
        ).all()
        return page(browser, "A-04", "admin_accounts.html", rows=rows)


@router.post("/accounts/{user_id}/{act}", dependencies=TOKEN_CHECKED)
def change_account(browser: Operator, user_id: str, act: str) -> Response:
    change = _act(_ACCOUNT_ACTS, act)
    try:
        with browser.backend.store.writing() as session:
            change(session, user_id)
    except accounts.AccountError:
        raise PageRefusal(HTTPStatus.CONFLICT, "そのアカウントは変更できません。") from None
    return see_other(f"{AREA.path}/accounts")


@router.get("/audit")
def audit(browser: Operator) -> Response:
    with browser.backend.store.reading() as session:
        rows = session.scalars(select(Audit).order_by(Audit.at.desc()).limit(_AUDIT_ROWS)).all()
        total = session.scalar(select(func.count()).select_from(Audit))
        return page(browser, "A-05", "admin_audit.html", rows=rows, total=total)


@router.get("/mail")
def mailbox(browser: Operator) -> Response:
    """What a sandbox without a mail server would have sent."""
    with browser.backend.store.reading() as session:
        rows = session.scalars(select(SandboxMail).order_by(SandboxMail.id.desc())).all()
        return page(browser, "A-06", "admin_mail.html", rows=rows)


@router.get("/faults")
def fault_list(browser: Operator) -> Response:
    return _fault_page(browser, NOTHING_TYPED)


@router.post("/faults")
def order_fault(browser: Operator, form: Form) -> Response:
    """One field names call and effect together, so that what is chosen always fits."""
    _require_faults(browser)
    call, _, word = form.text("fault").partition(":")
    times = form.number("times", 1, _MOST_TIMES)
    effect = next((effect for effect in _effects_of(call) if effect.value == word), None)
    if effect is None:
        form.errors["fault"] = "起こすことを選んでください。"
    if form.errors or effect is None:
        return _fault_page(browser, form)
    with browser.backend.store.writing() as session:
        faults.order(session, call, effect, times, browser.backend)
    return see_other(f"{AREA.path}/faults")


@router.post("/faults/{number}/cancel", dependencies=TOKEN_CHECKED)
def cancel_fault(browser: Operator, number: int) -> Response:
    with browser.backend.store.writing() as session:
        faults.cancel(session, number)
    return see_other(f"{AREA.path}/faults")


def _fault_page(browser: Browser, form: Typed) -> Response:
    _require_faults(browser)
    with browser.backend.store.reading() as session:
        rows = session.scalars(select(OrderedFault).order_by(OrderedFault.id)).all()
    offered = {call: {effect.value: _effect_name(effect) for effect in _effects_of(call)} for call in CALLS}
    names = {word: name for effects in offered.values() for word, name in effects.items()}
    return page(browser, "A-07", "admin_faults.html", form, rows=rows, calls=CALLS, offered=offered, names=names)


def _effects_of(call: str) -> tuple[Code | Effect, ...]:
    refusals = faults.published_refusals().get(call)
    return () if refusals is None else (*Effect, *refusals)


def _effect_name(effect: Code | Effect) -> str:
    return EFFECTS[effect] if isinstance(effect, Effect) else f"{effect.value}（{effect.status.value}）でことわる"


def _require_faults(browser: Browser) -> None:
    if not faults.are_allowed(browser.backend.settings):
        text = "試験用の障害は、見本のサーバーで tester_faults を設定したときだけ使えます。"
        raise PageRefusal(HTTPStatus.FORBIDDEN, text)


def _act(acts: Mapping[str, Callable[[Session, str], None]], name: str) -> Callable[[Session, str], None]:
    if name not in acts:
        raise PageRefusal(HTTPStatus.NOT_FOUND, "その画面はありません。")
    return acts[name]


def _is_at_this_machine(browser: Browser) -> bool:
    """The name asked for is looked at too: another site's name may point here."""
    request = browser.request
    return (
        browser.backend.settings.administration
        and request.client is not None
        and _is_loopback(request.client.host)
        and _is_loopback(request.url.hostname or "")
        and not any(name in request.headers for name in _PROXY_HEADERS)
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
