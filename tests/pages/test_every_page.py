"""Every page in a real browser: axe finds no barrier, nothing is wider than the window, nothing is forgotten."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from myna_backend.store.tables import Office, User
from tests.backend.issuing import Holder, person
from tests.backend.running import Terminal
from tests.pages import walks
from tests.pages.browsing import Visitor, visitor
from tests.pages.conftest import PASSWORD, Pages
from tests.pages.forms import mailed_code
from tests.pages.walks import CARE, Look

PHONE, DESKTOP = 390, 1280
SOURCE = Path("myna_backend/pages")
PICTURES = os.environ.get("MYNA_PAGE_PICTURES")
"""A folder for pictures of every page, for somebody to look at."""


@pytest.fixture(params=[PHONE, DESKTOP])
def somebody(pages: Pages, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visitor(browser, pages.server.address, script=True, width=request.param) as one:
        yield one


def looking(one: Visitor) -> Look:
    """axe, and the page's width."""

    def look(screen: str) -> None:
        assert one.screen == screen
        one.screens.append(screen)
        wide, seen = one.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if PICTURES is not None:
            Path(PICTURES).mkdir(exist_ok=True)
            one.page.screenshot(path=f"{PICTURES}/{screen}-{len(one.screens):02}-{seen}.png", full_page=True)
        found = Axe().run(one.page)
        assert found.violations_count == 0, f"{screen}: {found.generate_report()}"
        assert wide <= seen, f"{screen} is {wide} wide on a screen of {seen}"

    return look


def screens_of(*modules: str) -> set[str]:
    """画面番号 that the modules name."""
    source = "".join((SOURCE / f"{module}.py").read_text("utf-8") for module in modules)
    return set(re.findall(r'"([PKJA]-\d+)"', source))


def test_the_portal_has_no_barriers(pages: Pages, somebody: Visitor) -> None:
    walks.through_the_portal(pages, somebody, looking(somebody))
    assert set(somebody.screens) >= screens_of("portal", "portal_accounts") | {"P-00", "P-01", "P-12"}


def test_the_web_service_has_no_barriers(pages: Pages, somebody: Visitor, tmp_path: Path) -> None:
    walks.through_the_web_service(pages, somebody, looking(somebody), tmp_path)
    assert set(somebody.screens) >= screens_of("web_service") | {"K-00", "K-01", "K-02"}


def test_administration_has_no_barriers(pages: Pages, somebody: Visitor, tmp_path: Path) -> None:
    walks.through_administration(pages, somebody, looking(somebody), tmp_path)
    assert set(somebody.screens) | {"A-02"} >= screens_of("administration") | {"A-00"}


def test_a_visitor_information_is_gone_after_ten_minutes(pages: Pages, browser: Browser, tmp_path: Path) -> None:
    terminal = Terminal(pages.server, pages.care)
    assert terminal.register().status == 201
    assert terminal.fetch_token().status == 200
    pages.server.load(tmp_path / "deck", person(care=CARE))
    with visitor(browser, pages.server.address) as one:
        one.sign_in("web", "manager", PASSWORD)
        one.fill(code=mailed_code(pages.server))
        one.press("確認する")
        one.open("/web/terminals/new")
        one.fill(user_id=pages.care.user_id, password=pages.care.password, terminal_id=terminal.terminal_id)
        one.press("登録する")
        assert terminal.first_visit(Holder()).status == 200
        for minutes, shown in ((9, True), (2, False)):
            pages.server.clock.advance(minutes=minutes)
            one.open("/web/care")
            assert ("介護　はな" in one.text) == shown


def test_the_way_back_leads_through_no_form_and_a_second_click_applies_once(pages: Pages, browser: Browser) -> None:
    with visitor(browser, pages.server.address) as one:
        one.sign_in("portal", "applicant", PASSWORD)
        one.apply(terminals=3)
        assert "1" in one.text
        one.page.go_back()
        assert one.screen == "P-04"
        one.page.get_by_role("button", name="申請する").dblclick()
        expect(one.page).to_have_url(f"{pages.server.address}/portal/applied/1", timeout=60_000)  # the last of two ways
        one.page.wait_for_load_state()
        one.open("/portal")
        assert one.page.locator("tbody tr").count() == 1


def test_long_names_break_and_nothing_else_does(pages: Pages, somebody: Visitor) -> None:
    """Names as long as they may be, without a single place to break at."""
    with pages.server.backend.store.writing() as session:
        for office in session.scalars(select(Office)):
            office.name = "医療法人社団長い名称の見本会" * 7 + str(office.id)
        for user in session.scalars(select(User)):
            user.name, user.mail = "見本" * 50, "m" * 60 + "@" + "example" * 20 + ".jp"
    look = looking(somebody)
    somebody.sign_in("portal", "applicant", PASSWORD)
    look("P-02")
    somebody.apply(terminals=20)
    look("P-05")
    somebody.open("/admin/applications")
    look("A-02")
    somebody.open("/admin/accounts")
    look("A-04")
    somebody.sign_in("web", "office", PASSWORD)
    somebody.fill(code=mailed_code(pages.server))
    somebody.press("確認する")
    somebody.press("利用者の管理")
    look("K-04")
