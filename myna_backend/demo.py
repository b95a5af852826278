"""Offices and accounts for trying everything out. Their secrets stand in a file of the data folder, in plain text."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from pydantic import TypeAdapter

from myna_app.formats.facility import FacilityKind
from myna_backend.accounts import CARE_INSTITUTION_CODE, IssuedAccount, OfficeFields, issue
from myna_backend.backend import Backend
from myna_backend.files import write_private

ACCOUNTS_FILE = "demo-accounts.json"
_ACCOUNTS_EACH = 3
_CONTACT = "見本県国保連合会　000-000-0000"
_STARTED_ON = date(2026, 4, 1)
_OFFICES = (
    OfficeFields("見本診療所", FacilityKind.MEDICAL, "9919910019", _CONTACT, _STARTED_ON),
    OfficeFields("見本居宅介護支援", FacilityKind.CARE, CARE_INSTITUTION_CODE, _CONTACT, _STARTED_ON),
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
