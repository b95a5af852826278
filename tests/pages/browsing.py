"""The pages as somebody with Debian's Chromium meets them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@dataclass(frozen=True)
class Visitor:
    """Somebody in front of one browser window of their own."""

    page: Page
    address: str

    def open(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None

    @property
    def screen(self) -> str:
        """画面番号, bottom left."""
        return self.page.locator("footer").inner_text().removeprefix("画面番号：").strip()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f"#{name}").fill(text)

    def press(self, name: str) -> None:
        """A button or link by its name; waits for the page it leads to."""
        one = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        one.first.click()
        self.page.wait_for_load_state()

    def sign_in(self, area: str, login: str, password: str) -> None:
        self.open(f"/{area}/signin")
        self.fill(login=login, password=password)
        self.press("サインイン")

    def apply(self, terminals: int, staff: int = 12) -> None:
        """From anywhere on the portal to the completion page."""
        self.open("/portal/apply")
        self.fill(staff_count=str(staff), terminal_count=str(terminals))
        self.page.locator("#terms").check()
        self.press("確認へ進む")
        assert self.screen == "P-04"
        self.press("申請する")
        assert self.screen == "P-05"

    def secrets(self) -> dict[str, str]:
        """What the shown ユーザー設定情報 says."""
        names = self.page.locator("main dt").all_inner_texts()
        return dict(zip(names, self.page.locator("main dd").all_inner_texts(), strict=True))


@contextmanager
def visitor(browser: Browser, address: str, *, script: bool = False, width: int = 1280) -> Iterator[Visitor]:
    """A fresh window; JavaScript is off unless asked for."""
    context = browser.new_context(
        ignore_https_errors=True,
        java_script_enabled=script,
        viewport={"width": width, "height": 900},
        locale="ja-JP",
    )
    context.set_default_timeout(20_000)
    try:
        yield Visitor(context.new_page(), address)
    finally:
        context.close()
