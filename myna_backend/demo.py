"""Offices and accounts for trying everything out. Their secrets stand in a file of the data folder, in plain text."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy import select

from myna_app.formats.facility import FacilityKind
from myna_backend.accounts import CARE_INSTITUTION_CODE, IssuedAccount, OfficeFields, issue
from myna_backend.backend import Backend
from myna_backend.files import write_private
from myna_backend.store.tables import Office, PageRole
from myna_backend.users import UserFields, add, new_password

ACCOUNTS_FILE = "demo-accounts.json"
USERS_FILE = "demo-users.json"
_ACCOUNTS_EACH = 3
_CONTACT = "見本県国保連合会　000-000-0000"
_STARTED_ON = date(2026, 4, 1)
_OFFICES = (
    OfficeFields("見本診療所", FacilityKind.MEDICAL, "9919910019", _CONTACT, _STARTED_ON),
    OfficeFields("見本居宅介護支援", FacilityKind.CARE, CARE_INSTITUTION_CODE, _CONTACT, _STARTED_ON),
)
_USERS = (
    ("clinic", "見本診療所の申請者", PageRole.APPLICANT, _OFFICES[0]),
    ("care", "見本居宅介護支援の申請者", PageRole.APPLICANT, _OFFICES[1]),
    ("care-office", "見本居宅介護支援の事業所", PageRole.OFFICE, _OFFICES[1]),
    ("care-manager", "見本居宅介護支援の管理者", PageRole.MANAGER, _OFFICES[1]),
    ("care-staff", "見本居宅介護支援の職員", PageRole.GENERAL, _OFFICES[1]),
)


def demo_accounts(backend: Backend) -> Sequence[IssuedAccount]:
    """The demo's accounts: made at the first start, read from the file at later ones."""
    file = backend.settings.data / ACCOUNTS_FILE
    if not file.exists():
        with backend.store.writing() as session:
            issued = [
                one
                for office in _OFFICES
                for one in issue(session, office, _ACCOUNTS_EACH, backend.activation_code_end())
            ]
        text = json.dumps([asdict(one) for one in issued], ensure_ascii=False, indent=1)
        write_private(file, text.encode())
    return TypeAdapter(list[IssuedAccount]).validate_json(file.read_bytes())


def demo_users(backend: Backend) -> Sequence[UserFields]:
    """Those who sign in to the demo's pages: made at the first start, read from the file at later ones."""
    file = backend.settings.data / USERS_FILE
    kind = TypeAdapter(list[UserFields])
    if not file.exists():
        made = [
            UserFields(login, name, f"{login}@example.jp", role, new_password())
            for login, name, role, _office in _USERS
        ]
        with backend.store.writing() as session:
            for fields, (_login, _name, _role, office) in zip(made, _USERS, strict=True):
                add(session, session.scalars(select(Office).where(Office.name == office.name)).one(), fields)
        write_private(file, kind.dump_json(made, indent=1))
    return kind.validate_json(file.read_bytes())


def user_text(user: UserFields) -> str:
    """How somebody signs in, on one line."""
    area = "/portal" if user.role is PageRole.APPLICANT else "/web"
    return f"{area}　{user.name}　ユーザー名 {user.login}　パスワード {user.password}"


def user_settings_text(account: IssuedAccount) -> str:
    """ユーザー設定情報, as handed to an office for one PC."""
    return "\n".join(
        (
            f"ユーザー設定情報　{account.office}",
            f"  機関コード              {account.institution_code}",
            f"  ユーザID                {account.user_id}",
            f"  パスワード              {account.password}",
            f"  アクティベーションコード {account.activation_code}",
        )
    )
