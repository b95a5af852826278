"""ユーザー設定情報: the text that an office is handed for one PC, read back when somebody pastes it whole.

It comes from a page, a mail or a QR code: with its values beside or below their names, in lines or in one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from myna_app.formats.secret import Secret

_NAMES: Mapping[str, str] = {
    "institution_code": r"機関コード",
    "user_id": r"ユーザー?\s?(?:ID|ＩＤ)",
    "password": r"(?:初期)?パスワード",
    "activation_code": r"アクティベーションコード",
}
_NAME = re.compile("|".join(f"(?P<{field}>{name})" for field, name in _NAMES.items()))
_BETWEEN = " \t　:：=＝\r\n"
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """What was found; empty where it was not. Values are as they stand there."""

    institution_code: str
    user_id: str
    password: Secret
    activation_code: Secret


def read_sheet(text: str) -> AccountSheet | None:
    """The sheet in `text`; None when it holds none: user id and password, each by its name, make one."""
    found = list(_NAME.finditer(text[:_LONGEST]))
    ends = [*(match.start() for match in found[1:]), len(text)]
    values: dict[str, str] = {}
    for match, end in zip(found, ends, strict=False):
        value = text[match.end() : end].lstrip(_BETWEEN).partition("\n")[0].strip(_BETWEEN)
        if value and match.lastgroup is not None:
            values.setdefault(match.lastgroup, value)
    if not {"user_id", "password"} <= values.keys():
        return None
    return AccountSheet(
        values.get("institution_code", ""),
        values["user_id"],
        Secret(values["password"]),
        Secret(values.get("activation_code", "")),
    )
