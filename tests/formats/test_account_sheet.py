"""ユーザー設定情報, pasted as a whole."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from myna_app.formats.account_sheet import AccountSheet, read_sheet
from myna_app.formats.facility import FacilityKind
from myna_app.formats.secret import Secret
from myna_backend.accounts import IssuedAccount
from myna_backend.demo import user_settings_text

SHEET = AccountSheet("9919910019", "W0000001", Secret("aB3:=x-9"), Secret("123456789012"))
AS_PRINTED = user_settings_text(
    IssuedAccount("見本診療所", FacilityKind.MEDICAL, "9919910019", "W0000001", "aB3:=x-9", "123456789012")
)
AS_ON_THE_PAGE = """この内容は一度だけ表示します。印刷するか、書き写してください。
機関・事業所
見本診療所
機関コード
9919910019
ユーザID
W0000001
パスワード
aB3:=x-9
アクティベーションコード
123456789012
アカウント一覧へ"""


@pytest.mark.parametrize(
    "text",
    [
        AS_PRINTED,
        AS_PRINTED.replace("\n", "\r\n"),
        AS_PRINTED.replace("\n", " "),
        AS_ON_THE_PAGE,
        "機関コード：9919910019\nユーザーID：W0000001\n初期パスワード：aB3:=x-9\nアクティベーションコード：123456789012",
        "ユーザＩＤ\tW0000001\r\nパスワード\taB3:=x-9\r\n機関コード\t9919910019\r\nアクティベーションコード\t123456789012\r\n",
    ],
    ids=["printed", "other line ends", "one line", "page", "mail", "table"],
)
def test_every_form_it_is_handed_out_in_is_understood(text: str) -> None:
    assert read_sheet(text) == SHEET


def test_values_stay_as_they_stand_there() -> None:
    sheet = read_sheet("ユーザID　Ｗ０００１\nパスワード　ａ b\nアクティベーションコード　1234-5678 9012")
    assert sheet == AccountSheet("", "Ｗ０００１", Secret("ａ b"), Secret("1234-5678 9012"))


@pytest.mark.parametrize(
    "text", ["", "9919910019", "ユーザID W0000001", "パスワードを入力してください", "機関コード\nユーザID\n"]
)
def test_anything_else_is_no_sheet(text: str) -> None:
    assert read_sheet(text) is None


def test_secrets_are_not_shown_by_what_was_read() -> None:
    assert "aB3" not in repr(read_sheet(AS_PRINTED))


@given(st.text())
@example("ユーザID" * 5000)
def test_any_text_is_a_sheet_or_none(text: str) -> None:
    read_sheet(text)
