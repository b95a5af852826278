"""The offices' portal: accounts, their secrets once, stopping, releasing, ending."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import segno
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from myna_app.formats.terminal_id import show_terminal_id
from myna_backend import accounts
from myna_backend.backend import Backend
from myna_backend.demo import user_settings_text
from myna_backend.pages.browser import PageRefusal
from myna_backend.pages.confirm import confirm_page
from myna_backend.pages.frame import account_state, page, see_other, table_file
from myna_backend.pages.portal import AREA, TOKEN_CHECKED, Applicant, Form
from myna_backend.pages.route import page_router
from myna_backend.pages.sessions import SignedIn
from myna_backend.store.tables import Account, Terminal

router = page_router(AREA)


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


@router.get("/accounts")
def account_list(who: Applicant) -> Response:
    return page(who.browser, "P-06", "accounts.html", who=who, rows=_rows(who))


@router.get("/accounts.csv")
def account_file(who: Applicant) -> Response:
    """端末固有ID and the rest of the list, for the office's own records."""
    table = [
        (
            accounts.user_id_of(account.id),
            account.office.institution_code,
            account_state(account, terminal_id),
            show_terminal_id(terminal_id) if terminal_id else "",
        )
        for account, terminal_id in _rows(who)
    ]
    return table_file("accounts.csv", ("ユーザID", "機関コード", "状態", "端末固有ID"), table)


@router.get("/accounts/{user_id}/sheet")
def confirm_sheet(who: Applicant, user_id: str) -> Response:
    with who.backend.store.reading() as session:
        account = _own_account(session, who, user_id)
        seen = _mark_of(who, account)
        return page(who.browser, "P-11", "sheet_confirm.html", who=who, user_id=user_id, account=account, seen=seen)


@router.post("/accounts/{user_id}/sheet")
def hand_out(who: Applicant, user_id: str, form: Form) -> Response:
    """ユーザー設定情報: new secrets of an account that is on no PC, this once. A second click makes no others."""
    with who.backend.store.writing() as session:
        account = _own_account(session, who, user_id)
        if form.values.get("seen") != _mark_of(who, account):
            raise PageRefusal(
                HTTPStatus.CONFLICT,
                "ユーザー設定情報は、すでに表示しました。書き写せなかったときは、アカウント一覧から作りなおしてください。",
            )
        try:
            issued = accounts.hand_out(session, account, who.backend.activation_code_end())
        except accounts.AccountError:
            text = "このアカウントはパソコンに登録されているか、利用を止めています。アカウント一覧を確かめてください。"
            raise PageRefusal(HTTPStatus.CONFLICT, text) from None
    return page(who.browser, "P-08", "sheet.html", who=who, issued=issued, qr=_qr(user_settings_text(issued)))


@router.get("/accounts/{user_id}/{act}")
def confirm_act(who: Applicant, user_id: str, act: str) -> Response:
    with who.backend.store.reading() as session:
        _own_account(session, who, user_id)
    return confirm_page(who, "P-07", _act(act).name, _act(act).about, ("ユーザID", user_id))


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
    return page(who.browser, "P-07", "new_code.html", who=who, user_id=user_id, deed=_act(act).name, code=code)


def _rows(who: SignedIn) -> Sequence[tuple[Account, str | None]]:
    with who.backend.store.reading() as session:
        rows = session.execute(
            select(Account, Terminal.terminal_id)
            .outerjoin(Terminal, Terminal.account_id == Account.id)
            .where(Account.office_id == who.office_id)
            .order_by(Account.id)
        )
        return [(account, terminal_id) for account, terminal_id in rows]


def _own_account(session: Session, who: SignedIn, user_id: str) -> Account:
    account = accounts.find_account(session, user_id)
    if account is None or account.office_id != who.office_id:
        raise PageRefusal(HTTPStatus.NOT_FOUND, "そのアカウントはありません。")
    return account


def _mark_of(who: SignedIn, account: Account) -> str:
    """Which of its passwords an account had when the page was made."""
    return who.backend.server_key.digest("sheet", str(account.id), account.password_hash)


def _act(name: str) -> Act:
    if name not in ACTS:
        raise PageRefusal(HTTPStatus.NOT_FOUND, "その画面はありません。")
    return ACTS[name]


def _qr(text: str) -> Markup:
    picture: str = segno.make(text, error="m").svg_inline(scale=4, border=4, svgclass="qr", lineclass=None)
    return Markup(picture)  # noqa: S704 - drawn by segno from modules, the text is not in it
