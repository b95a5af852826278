"""The care offices' web service (K-nn, J-1, J-2): staff, terminals, the visitor's care information."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from sqlalchemy import delete, select
from starlette.responses import Response

from myna_app.formats.terminal_id import TerminalIdError, parse_terminal_id, show_terminal_id
from myna_backend import accounts, users
from myna_backend.japan_time import JST
from myna_backend.pages.browser import Area, PageRefusal
from myna_backend.pages.care import care_rows
from myna_backend.pages.confirm import confirm_page
from myna_backend.pages.entrance import add_sign_in
from myna_backend.pages.forms import NOTHING_TYPED, Typed, form_of
from myna_backend.pages.frame import page, see_other, table_file
from myna_backend.pages.own_password import add_password_change
from myna_backend.pages.route import page_router
from myna_backend.pages.sessions import SignedIn, sign_out, signed_in
from myna_backend.retention import LAST_READ_KEPT
from myna_backend.store import limits
from myna_backend.store.tables import AccountStatus, LastRead, Office, PageRole, Person, RegisteredTerminal, Terminal

AREA = Area.WEB_SERVICE
ROLE_NAMES: Mapping[PageRole, str] = {
    PageRole.OFFICE: "事業所",
    PageRole.MANAGER: "管理者",
    PageRole.GENERAL: "一般",
}
ROLES = frozenset(ROLE_NAMES)
MANAGED: Mapping[PageRole, frozenset[PageRole]] = {
    PageRole.OFFICE: ROLES,
    PageRole.MANAGER: frozenset({PageRole.MANAGER, PageRole.GENERAL}),
}
"""Which users a role administers."""
router = page_router(AREA)
add_sign_in(router, AREA, ROLES)
add_password_change(router, AREA, ROLES)

_form = Depends(form_of(AREA))
_anybody = Depends(signed_in(AREA, *ROLES))
_user_manager = Depends(signed_in(AREA, PageRole.OFFICE, PageRole.MANAGER))
_manager = Depends(signed_in(AREA, PageRole.MANAGER))
Anybody = Annotated[SignedIn, _anybody]
UserManager = Annotated[SignedIn, _user_manager]
Manager = Annotated[SignedIn, _manager]
CareStaff = Annotated[SignedIn, Depends(signed_in(AREA, PageRole.MANAGER, PageRole.GENERAL))]
Form = Annotated[Typed, _form]


@router.post("/signout", dependencies=(_anybody, _form))
def signing_out(who: Anybody) -> Response:
    """What was read on this office's terminals goes with whoever could see it."""
    if who.role is not PageRole.OFFICE:
        mine = select(RegisteredTerminal.terminal_id).where(RegisteredTerminal.office_id == who.office_id)
        with who.backend.store.writing() as session:
            session.execute(delete(LastRead).where(LastRead.terminal_id.in_(mine)))
    return sign_out(who.browser)


@router.get("")
def overview(who: Anybody) -> Response:
    return page(who.browser, "K-03", "web_menu.html", who=who, role=ROLE_NAMES[who.role])


@router.get("/users")
def user_list(who: UserManager) -> Response:
    return _user_page(who, NOTHING_TYPED)


@router.post("/users")
def add_user(who: UserManager, form: Form) -> Response:
    login, name, mail, role = form.text("login", 64), form.text("name", 100), form.text("mail", 254), form.text("role")
    if "login" not in form.errors and users.LOGIN.fullmatch(login) is None:
        form.errors["login"] = "半角の英数字と . _ - で、3文字以上で入力してください。"
    if "mail" not in form.errors and users.MAIL.fullmatch(mail) is None:
        form.errors["mail"] = "メールアドレスの形で入力してください。"
    if "role" not in form.errors and role not in MANAGED[who.role]:
        form.errors["role"] = "権限を選んでください。"
    if form.errors:
        return _user_page(who, form)
    password = users.new_password()
    try:
        with who.backend.store.writing() as session:
            fields = users.UserFields(login, name, mail, PageRole(role), password)
            users.add(session, session.get_one(Office, who.office_id), fields)
    except users.UserError:
        form.errors["login"] = (
            "このユーザー名は使われています。いま追加した方なら、一覧からパスワードを作りなおしてください。"
        )
        return _user_page(who, form)
    return page(who.browser, "K-06", "new_password.html", who=who, login=login, password=password, added=True)


@router.get("/users/{user_id}/remove")
def confirm_removal(who: UserManager, user_id: int) -> Response:
    about = "この利用者は、サインインできなくなります。取り消せません。"
    return confirm_page(who, "K-07", "利用者の削除", about, ("ユーザー名", _login_of(who, user_id)))


@router.post("/users/{user_id}/remove", dependencies=(_user_manager, _form))
def remove_user(who: UserManager, user_id: int) -> Response:
    if user_id != who.user_id:
        with who.backend.store.writing() as session:
            users.remove(session, who.office_id, user_id, MANAGED[who.role])
    return see_other(f"{AREA.path}/users")


@router.get("/users/{user_id}/password")
def confirm_new_password(who: UserManager, user_id: int) -> Response:
    about = "いまのパスワードは使えなくなり、新しいパスワードを一度だけ表示します。"
    return confirm_page(who, "K-07", "パスワードの作りなおし", about, ("ユーザー名", _login_of(who, user_id)))


@router.post("/users/{user_id}/password", dependencies=(_user_manager, _form))
def renew_password(who: UserManager, user_id: int) -> Response:
    """For somebody who has forgotten theirs, or never saw it."""
    login, password = _login_of(who, user_id), users.new_password()
    with who.backend.store.writing() as session:
        users.set_password(session, user_id, password)
    return page(who.browser, "K-06", "new_password.html", who=who, login=login, password=password, added=False)


@router.get("/terminals")
def terminal_list(who: Manager) -> Response:
    """マイナ資格確認アプリ情報登録: what is registered."""
    return page(who.browser, "J-1", "terminals.html", who=who, rows=_registered(who))


@router.get("/terminals.csv")
def terminal_file(who: Manager) -> Response:
    """The same as a file, for the office's own records."""
    table = [
        (
            accounts.user_id_of(terminal.account_id),
            show_terminal_id(terminal.terminal_id),
            f"{registered.registered_at.astimezone(JST):%Y/%m/%d %H:%M}",
        )
        for registered, terminal in _registered(who)
    ]
    return table_file("terminals.csv", ("ユーザID", "端末固有ID", "登録日時"), table)


@router.get("/terminals/{terminal_id}/remove")
def confirm_terminal_removal(who: Manager, terminal_id: str) -> Response:
    registered = any(terminal.terminal_id == terminal_id for _, terminal in _registered(who))
    if not registered:
        raise PageRefusal(HTTPStatus.NOT_FOUND, "その端末は登録されていません。")
    about = "この端末で読み取った方の情報が「介護保険情報」に出なくなります。アプリはそのまま使えます。"
    return confirm_page(who, "J-3", "端末の登録の取り消し", about, ("端末固有ID", show_terminal_id(terminal_id)))


@router.post("/terminals/{terminal_id}/remove", dependencies=(_manager, _form))
def remove_terminal(who: Manager, terminal_id: str) -> Response:
    """The terminal goes on working; what it reads is no longer shown here."""
    mine = (RegisteredTerminal.terminal_id == terminal_id, RegisteredTerminal.office_id == who.office_id)
    with who.backend.store.writing() as session:
        session.execute(delete(RegisteredTerminal).where(*mine))
    return see_other(f"{AREA.path}/terminals")


@router.get("/terminals/new")
def register_page(who: Manager) -> Response:
    return page(who.browser, "J-2", "register_terminal.html", who=who, result=None)


@router.post("/terminals/new")
def register(who: Manager, form: Form) -> Response:
    user_id, password, typed_id = form.text("user_id", 64), form.text("password", 128), form.text("terminal_id", 40)
    try:
        terminal_id = parse_terminal_id(typed_id)
    except TerminalIdError:
        terminal_id = ""
        form.errors.setdefault("terminal_id", "アプリの「端末固有IDの表示」にある16文字を入力してください。")
    if not form.errors:
        _register(who, form, user_id, password, terminal_id)
    result = "失敗" if form.errors else "成功"
    return page(who.browser, "J-2", "register_terminal.html", form, who=who, result=result)


@router.get("/care")
def care_information(who: CareStaff) -> Response:
    """The visitors last read on this office's registered terminals, for ten minutes."""
    since = who.backend.clock() - LAST_READ_KEPT
    with who.backend.store.reading() as session:
        rows = session.execute(
            select(LastRead, Person.care)
            .join(RegisteredTerminal, RegisteredTerminal.terminal_id == LastRead.terminal_id)
            .join(Person, Person.person_id == LastRead.person_id)
            .where(RegisteredTerminal.office_id == who.office_id, LastRead.read_at > since)
            .order_by(LastRead.read_at.desc())
        ).all()
    visitors = [(read, care_rows(json.loads(care)) if care else None) for read, care in rows]
    return page(who.browser, "K-05", "care.html", who=who, visitors=visitors)


def _registered(who: SignedIn) -> Sequence[tuple[RegisteredTerminal, Terminal]]:
    with who.backend.store.reading() as session:
        rows = session.execute(
            select(RegisteredTerminal, Terminal)
            .join(Terminal, Terminal.terminal_id == RegisteredTerminal.terminal_id)
            .where(RegisteredTerminal.office_id == who.office_id)
            .order_by(RegisteredTerminal.registered_at)
        )
        return [(registered, terminal) for registered, terminal in rows]


def _login_of(who: SignedIn, user_id: int) -> str:
    with who.backend.store.reading() as session:
        for user in users.of_office(session, who.office_id, MANAGED[who.role]):
            if user.id == user_id != who.user_id:
                return user.login
    raise PageRefusal(HTTPStatus.NOT_FOUND, "その利用者はいません。")


def _user_page(who: SignedIn, form: Typed) -> Response:
    managed = MANAGED[who.role]
    with who.backend.store.reading() as session:
        rows = users.of_office(session, who.office_id, managed)
    roles = {role.value: name for role, name in ROLE_NAMES.items() if role in managed}
    return page(who.browser, "K-04", "users.html", form, who=who, rows=rows, roles=roles)


def _register(who: SignedIn, form: Typed, user_id: str, password: str, terminal_id: str) -> None:
    """The account must be this office's, its password right, and the terminal the account's own."""
    backend = who.backend
    now = backend.clock()
    with backend.store.writing() as session:
        limits.require(session, limits.SIGN_IN_OF_USER, backend.server_key.digest("J-2", str(who.office_id)), now)
    with backend.store.writing() as session:
        account = accounts.find_account(session, user_id)
        if not accounts.is_password(account, password) or account is None or account.office_id != who.office_id:
            form.errors["user_id"] = "ユーザIDまたはパスワードが違うか、この事業所のアカウントではありません。"
            return
        if account.status is not AccountStatus.ACTIVE:
            form.errors["user_id"] = "このアカウントは利用を止めているか、終えています。"
            return
        terminal = session.get(Terminal, terminal_id)
        if terminal is None or terminal.account_id != account.id:
            form.errors["terminal_id"] = "このユーザIDで登録されたパソコンの端末固有IDではありません。"
            return
        limits.give_back(session, limits.SIGN_IN_OF_USER, backend.server_key.digest("J-2", str(who.office_id)), now)
        session.merge(RegisteredTerminal(terminal_id=terminal_id, office_id=who.office_id, registered_at=now))
