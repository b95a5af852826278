"""The pages as somebody with Debian's Chromium meets them: with a mouse, or with the keyboard alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
_MOST_TABS = 80
_CONTROLS = "a[href], button, input:not([type=hidden]), select, [tabindex='0']"
_TO_THE_START = "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"
_FOCUS = """() => {
  const one = document.activeElement, controls = [...document.querySelectorAll(CONTROLS)];
  const ring = getComputedStyle(one), box = one.getBoundingClientRect();
  const label = one.labels && one.labels.length ? one.labels[0].innerText : one.innerText;
  return {
    id: one.id, name: one.getAttribute('aria-label') || label.trim(), at_body: one === document.body,
    ringed: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    place: controls.indexOf(one),
  };
}""".replace("CONTROLS", repr(_CONTROLS))


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], env={**os.environ, "LANGUAGE": "en"}
        )
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody in front of one browser window of their own."""

    page: Page
    address: str
    screens: list[str] = field(default_factory=list)
    """画面番号 of what was looked at."""

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

    def tick(self, name: str) -> None:
        self.page.locator(f"#{name}").check()

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f"#{name}").select_option(value)

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
        self.tick("terms")
        self.press("確認へ進む")
        assert self.screen == "P-04"
        self.press("申請する")
        assert self.screen == "P-05"

    def secrets(self) -> dict[str, str]:
        """What the shown ユーザー設定情報 says."""
        names = self.page.locator("main dt").all_inner_texts()
        return dict(zip(names, self.page.locator("main dd").all_inner_texts(), strict=True))


@dataclass
class Typist(Visitor):
    """Somebody who has a keyboard and nothing else."""

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self._tab_to(id=name)
            if self.page.locator(f"#{name}").get_attribute("type") == "date":
                year, month, day = text.split("-")
                self.page.keyboard.type(month + day + year)  # the order of this browser's language
            else:
                self.page.keyboard.press("Control+a")
                self.page.keyboard.type(text)

    def tick(self, name: str) -> None:
        self._tab_to(id=name)
        self.page.keyboard.press("Space")

    def choose(self, name: str, value: str) -> None:
        """With the arrow keys."""
        self._tab_to(id=name)
        options = self.page.locator(f"#{name} option")
        values = [options.nth(number).get_attribute("value") for number in range(options.count())]
        for _ in range(values.index(value)):
            self.page.keyboard.press("ArrowDown")
        assert self.page.locator(f"#{name}").input_value() == value

    def press(self, name: str) -> None:
        self._tab_to(name=name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _tab_to(self, **wanted: str) -> None:
        for _ in range(_MOST_TABS):
            focus = self.page.evaluate(_FOCUS)
            if all(focus[key] == value for key, value in wanted.items()):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {wanted} on {self.screen}")

    def tab_through(self) -> None:
        """Every control once, in the page's order, each with its ring and in sight; and round again at the end."""
        self.page.evaluate(
            "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"
        )
        stops: list[int] = []
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(_FOCUS)
            if focus["at_body"] or (len(stops) > 1 and focus["place"] == stops[0]):
                break
            assert focus["ringed"], f"{self.screen}: the focus on {focus['name']} is not to be seen"
            assert focus["seen"], f"{self.screen}: {focus['name']} is out of sight"
            if focus["place"] not in stops[-1:]:  # a date has several parts
                stops.append(focus["place"])
        else:
            raise AssertionError(f"{self.screen}: Tab does not leave the page")
        assert stops == list(range(self.page.locator(_CONTROLS).count())), f"{self.screen}: {stops}"


@contextmanager
def window(browser: Browser, *, script: bool = False, width: int = 1280) -> Iterator[Page]:
    """A fresh one; JavaScript is off unless asked for."""
    context = browser.new_context(
        ignore_https_errors=True,
        java_script_enabled=script,
        viewport={"width": width, "height": 900},
        locale="ja-JP",
    )
    context.set_default_timeout(20_000)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def visitor(browser: Browser, address: str, *, script: bool = False, width: int = 1280) -> Iterator[Visitor]:
    with window(browser, script=script, width=width) as page:
        yield Visitor(page, address)
