"""The whole story: an office applies in the browser, sets the real program up, reads a card, sees the care information,
stops the account, and the program refuses. The browser is without JavaScript, the window is driven by key presses."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.pages.browsing import Visitor, chromium, visitor
from tests.parts import OfficeAccount, ReferenceBackend, card
from tests.story.window import Window


@pytest.fixture
def one(backend: ReferenceBackend) -> Iterator[Visitor]:
    with chromium() as browser, visitor(browser, backend.address) as somebody:
        yield somebody


def password_of(backend: ReferenceBackend, login: str) -> str:
    """As `serve --demo` prints it."""
    users = json.loads((backend.data / "demo-users.json").read_text("utf-8"))
    return next(str(user["password"]) for user in users if user["login"] == login)


def apply_and_get_account(one: Visitor, backend: ReferenceBackend) -> OfficeAccount:
    """Steps 1: 利用申請, approval, ユーザー設定情報 of one PC."""
    one.sign_in("portal", "care", password_of(backend, "care"))
    one.apply(terminals=2)
    number = one.page.url.rsplit("/", 1)[1]
    one.open("/admin/applications")
    one.press(f"受付番号{number}の承認")
    one.open("/portal/accounts")
    one.page.get_by_role("link", name="ユーザー設定情報を表示").first.click()
    one.press("作って表示する")
    assert one.screen == "P-08"
    told = one.secrets()
    return OfficeAccount(told["機関コード"], told["ユーザID"], told["パスワード"], told["アクティベーションコード"])


def register_terminal(one: Visitor, backend: ReferenceBackend, account: OfficeAccount) -> None:
    """Step 5: J-1, J-2, 「成功」."""
    one.sign_in("web", "care-manager", password_of(backend, "care-manager"))
    one.open("/admin/mail")
    code = re.search(r"[0-9]{6}", one.page.locator("main pre").first.inner_text())
    assert code is not None
    one.open("/web/code")
    one.fill(code=code[0])
    one.press("確認する")
    one.open("/web/terminals")
    assert one.screen == "J-1"
    one.press("端末を登録する")
    terminal_id = backend.terminal_of(account.user_id)
    assert terminal_id is not None
    one.fill(user_id=account.user_id, password=account.password, terminal_id=terminal_id)
    one.press("登録する")
    assert one.screen == "J-2"
    assert "成功" in one.text


@pytest.mark.timeout(300)
def test_from_the_application_to_the_stolen_pc(window: Window, one: Visitor, backend: ReferenceBackend) -> None:
    account = apply_and_get_account(one, backend)
    window.set_up(account)
    register_terminal(one, backend, account)

    window.press_until("M-12", "Return")
    with card("p10"):
        window.until("M-13")
        one.open("/web/care")
        assert one.screen == "K-05"
        for words in ("介護　はな", "要介護2", "1割"):
            assert words in one.text
    window.press("F8")
    window.until("M-10")
    one.press("サインアウト")
    one.open("/web/care")
    assert one.screen == "K-01"

    one.open(f"/portal/accounts/{account.user_id}/stop")
    one.press("利用停止を実行する")
    assert "利用停止中" in one.text
    with card("p10"):
        window.press_until("M-09", "Return")
