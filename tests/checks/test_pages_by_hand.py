"""Every page with the keyboard alone, and every page without JavaScript."""

from collections.abc import Iterator
from os import SEEK_END
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pages import walks
from tests.pages.browsing import Typist, Visitor, visitor, window
from tests.pages.conftest import PASSWORD, Pages, browser, cheap_hashes, clock, pages, tls
from tests.pages.walks import Look

__all__ = ["browser", "cheap_hashes", "clock", "pages", "tls"]
"""Fixtures of the pages' own tests."""


@pytest.fixture
def typist(pages: Pages, browser: Browser) -> Iterator[Typist]:
    with window(browser, script=True) as page:
        yield Typist(page, pages.server.address)


@pytest.fixture
def scriptless(pages: Pages, browser: Browser) -> Iterator[Visitor]:
    with visitor(browser, pages.server.address) as one:
        yield one


def pdf_of(size: int, file: Path) -> Path:
    with file.open("wb") as pdf:
        pdf.write(b"%PDF-1.7")
        pdf.truncate(size - 5)
        pdf.seek(0, SEEK_END)
        pdf.write(b"%%EOF")
    return file


def trying_every_stop(one: Typist) -> Look:
    def look(screen: str) -> None:
        assert one.screen == screen
        one.tab_through()

    return look


def reading(one: Visitor) -> Look:
    def look(screen: str) -> None:
        assert one.screen == screen

    return look


@pytest.mark.timeout(600)
def test_the_portal_by_keys(pages: Pages, typist: Typist) -> None:
    walks.through_the_portal(pages, typist, trying_every_stop(typist))


@pytest.mark.timeout(600)
def test_the_web_service_by_keys(pages: Pages, typist: Typist, tmp_path: Path) -> None:
    walks.through_the_web_service(pages, typist, trying_every_stop(typist), tmp_path)


@pytest.mark.timeout(600)
def test_administration_by_keys(pages: Pages, typist: Typist, tmp_path: Path) -> None:
    walks.through_administration(pages, typist, trying_every_stop(typist), tmp_path)


def test_the_portal_without_javascript(pages: Pages, scriptless: Visitor) -> None:
    walks.through_the_portal(pages, scriptless, reading(scriptless))


def test_the_web_service_without_javascript(pages: Pages, scriptless: Visitor, tmp_path: Path) -> None:
    walks.through_the_web_service(pages, scriptless, reading(scriptless), tmp_path)


def test_administration_without_javascript(pages: Pages, scriptless: Visitor, tmp_path: Path) -> None:
    walks.through_administration(pages, scriptless, reading(scriptless), tmp_path)


@pytest.mark.timeout(600)
def test_a_notification_of_100_mb_is_taken_and_a_larger_one_is_told_at_its_field(
    pages: Pages, scriptless: Visitor, tmp_path: Path
) -> None:
    one, mebibyte = scriptless, 1 << 20
    one.sign_in("portal", "clinic-applicant", PASSWORD)
    one.apply(terminals=1)
    one.press("通知書を提出する")
    one.page.locator("#file").set_input_files(pdf_of(101 * mebibyte, tmp_path / "large.pdf"))
    one.press("提出する")
    assert one.screen == "P-10"
    assert "100MBまで" in one.page.locator("#file-message").inner_text()
    one.page.locator("#file").set_input_files(pdf_of(100 * mebibyte, tmp_path / "right.pdf"))
    one.press("提出する")
    assert one.screen == "P-05"
