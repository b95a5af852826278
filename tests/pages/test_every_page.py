"""Every page in a real browser: axe finds no barrier, nothing is wider than a phone, keys alone are enough."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from myna_backend.store.tables import SandboxMail
from tests.backend.issuing import Holder, person
from tests.backend.running import Terminal
from tests.pages.browsing import Visitor, visitor
from tests.pages.conftest import PASSWORD, Pages

PHONE, DESKTOP = 375, 1280
TEMPLATES = Path("myna_backend/pages/templates")
CARE = {
    "insurer_number": "990077", "insurer_name": "見本県架空市", "insured_number": "0000000107", "name": "介護　はな",
    "birthdate": "19440120", "care_level": "22", "certified_on": "20260320", "burden_ratio": "10",
}  # fmt: skip


@pytest.fixture(params=[PHONE, DESKTOP])
def somebody(pages: Pages, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visitor(browser, pages.server.address, script=True, width=request.param) as one:
        yield one


def no_barriers(one: Visitor, screen: str) -> None:
    assert one.screen == screen
    found = Axe().run(one.page)
    assert found.violations_count == 0, f"{screen}: {found.generate_report()}"
    wide, seen = one.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= seen, f"{screen} is {wide} wide on a screen of {seen}"


def mailed_code(pages: Pages) -> str:
    with pages.server.backend.store.reading() as session:
        letter = session.query(SandboxMail).order_by(SandboxMail.id.desc()).first()
        assert letter is not None
        found = re.search(r"[0-9]{6}", letter.text)
        assert found is not None
        return found[0]


def test_the_portal_has_no_barriers(pages: Pages, somebody: Visitor) -> None:
    one = somebody
    one.open("/portal/signin")
    no_barriers(one, "P-01")
    one.press("サインイン")
    no_barriers(one, "P-01")
    one.sign_in("portal", "clinic-applicant", PASSWORD)
    no_barriers(one, "P-02")
    one.press("利用申請をはじめる")
    no_barriers(one, "P-03")
    one.press("確認へ進む")
    no_barriers(one, "P-03")
    one.fill(staff_count="12", terminal_count="2")
    one.page.locator("#terms").check()
    one.press("確認へ進む")
    no_barriers(one, "P-04")
    one.press("修正する")
    assert one.page.locator("#terminal_count").input_value() == "2"
    one.press("確認へ進む")
    one.press("申請する")
    no_barriers(one, "P-05")
    one.press("通知書を提出する")
    no_barriers(one, "P-10")
    one.press("提出する")
    no_barriers(one, "P-10")
    notice = b"%PDF-1.7\n%%EOF\n"
    one.page.locator("#file").set_input_files({"name": "x.bin", "mimeType": "a/b", "buffer": notice})
    one.press("提出する")
    no_barriers(one, "P-05")
    one.open("/admin/applications")
    no_barriers(one, "A-02")
    one.press("受付番号1の承認")
    no_barriers(one, "A-02")
    one.open("/portal")
    no_barriers(one, "P-02")
    one.press("アカウント一覧")
    no_barriers(one, "P-06")
    one.press("W0000004のユーザー設定情報を表示")
    no_barriers(one, "P-08")
    one.open("/portal/accounts")
    one.press("W0000004の端末の解除")
    no_barriers(one, "P-07")
    one.press("端末の解除を実行する")
    no_barriers(one, "P-07")
    one.press("運用開始日")
    no_barriers(one, "P-09")
    one.fill(starts_on="2026-12-01")
    one.press("変更する")
    assert "2026年12月1日" in one.text
    one.open("/portal/accounts/W0000001/stop")
    no_barriers(one, "P-00")


def test_the_web_service_has_no_barriers(pages: Pages, somebody: Visitor, tmp_path: Path) -> None:
    one = somebody
    terminal = Terminal(pages.server, pages.care)
    assert terminal.register().status == 201
    assert terminal.fetch_token().status == 200
    pages.server.load(tmp_path / "deck", person(care=CARE))
    one.open("/web/signin")
    no_barriers(one, "K-01")
    one.sign_in("web", "manager", PASSWORD)
    no_barriers(one, "K-02")
    one.press("確認する")
    no_barriers(one, "K-02")
    one.fill(code=mailed_code(pages))
    one.press("確認する")
    no_barriers(one, "K-03")
    one.open("/web/terminals")
    no_barriers(one, "J-1")
    one.press("端末を登録する")
    no_barriers(one, "J-2")
    one.press("登録する")
    no_barriers(one, "J-2")
    assert "失敗" in one.text
    one.fill(user_id=pages.care.user_id, password=pages.care.password, terminal_id=terminal.terminal_id)
    one.press("登録する")
    no_barriers(one, "J-2")
    one.press("登録した端末へ")
    no_barriers(one, "J-1")
    one.open("/web/care")
    no_barriers(one, "K-05")
    assert terminal.first_visit(Holder()).status == 200
    one.press("最新の情報にする")
    no_barriers(one, "K-05")
    assert "要介護2" in one.text
    assert "1割" in one.text
    one.open("/web/users")
    no_barriers(one, "K-04")
    one.press("追加する")
    no_barriers(one, "K-04")
    one.fill(login="new.one", name="見本　新人", mail="new@example.jp")
    one.page.locator("#role").select_option("general")
    one.press("追加する")
    no_barriers(one, "K-06")
    one.open("/admin/audit")
    no_barriers(one, "A-05")
    one.open("/web/care")
    one.press("サインアウト")
    with pages.server.backend.store.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM last_reads").scalar() == 0


@pytest.mark.parametrize(
    ("path", "screen"),
    [("", "A-01"), ("/persons", "A-03"), ("/accounts", "A-04"), ("/mail", "A-06"), ("/faults", "A-07"), ("/accounts/x/stop", "A-00")],
)
def test_administration_has_no_barriers(
    pages: Pages, somebody: Visitor, path: str, screen: str, tmp_path: Path
) -> None:
    pages.server.load(tmp_path / "deck", person())
    somebody.open(f"/admin{path}")
    if screen != "A-00":
        no_barriers(somebody, screen)


def test_a_visitor_information_is_gone_after_ten_minutes(pages: Pages, browser: Browser, tmp_path: Path) -> None:
    terminal = Terminal(pages.server, pages.care)
    assert terminal.register().status == 201
    assert terminal.fetch_token().status == 200
    pages.server.load(tmp_path / "deck", person(care=CARE))
    with visitor(browser, pages.server.address) as one:
        one.sign_in("web", "manager", PASSWORD)
        one.fill(code=mailed_code(pages))
        one.press("確認する")
        one.open("/web/terminals/new")
        one.fill(user_id=pages.care.user_id, password=pages.care.password, terminal_id=terminal.terminal_id)
        one.press("登録する")
        assert terminal.first_visit(Holder()).status == 200
        for minutes, shown in ((9, True), (2, False)):
            pages.server.clock.advance(minutes=minutes)
            one.open("/web/care")
            assert ("介護　はな" in one.text) == shown


def test_keys_alone_are_enough_to_apply(pages: Pages, browser: Browser) -> None:
    with visitor(browser, pages.server.address) as one:
        keyboard = one.page.keyboard
        focused: Callable[[], str] = lambda: str(one.page.locator(":focus").get_attribute("name"))  # noqa: E731 - asked twice

        def tab_to(name: str) -> None:
            for _ in range(40):
                keyboard.press("Tab")
                if one.page.locator(f':focus[name="{name}"]').count():
                    return
            raise AssertionError(f"Tab does not lead to {name}")

        one.open("/portal/signin")
        tab_to("login")
        keyboard.type("applicant")
        tab_to("password")
        assert focused() == "password"
        keyboard.type(PASSWORD)
        keyboard.press("Enter")
        one.page.wait_for_url("**/portal")
        one.open("/portal/apply")
        for name, text in (("staff_count", "12"), ("terminal_count", "3")):
            tab_to(name)
            keyboard.type(text)
        tab_to("terms")
        keyboard.press("Space")
        keyboard.press("Tab")
        keyboard.press("Enter")
        one.page.get_by_text("まだ申請していません").wait_for()
        one.page.locator("main button").first.focus()
        keyboard.press("Enter")
        one.page.wait_for_url("**/portal/applied/*")
        assert one.screen == "P-05"


def test_every_template_is_a_page_of_these_tests() -> None:
    """A new page belongs into a walk above: this list makes one think of it."""
    assert len(list(TEMPLATES.glob("*.html"))) == 27
