"""Real people at real browsers: Chromium, JavaScript, the whole house behind the pages."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)

from casework.demonstration import PASSWORD
from tests.engine.conftest import story
from tests.machinery import until

__all__ = ["story"]

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SHAPE = """() => {
  const kinds = Array.from(document.querySelectorAll("body *"), one =>
    [one.tagName, one.className, ...Array.from(one.attributes, given => given.name)].join(" "));
  return [innerWidth, location.pathname.replace(/[0-9a-f-]{36}/g, ""), ...new Set(kinds)].join("|");
}"""
"""What a page is made of, whatever it says: a page of a shape that was examined need not be examined again."""
EXAMINED: set[str] = set()
SERIOUS = {"serious", "critical"}
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class Visitor:
    """Somebody at a browser of their own; every page they look at must be free of serious faults."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._hears)
        self.page.on("response", self._receives)

    def _hears(self, line: ConsoleMessage) -> None:
        """A refusal has its page and its status; anything else on the console is a fault of ours."""
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            self.troubles.append(line.text)

    def _receives(self, answer: Response) -> None:
        if answer.status >= 500 or (answer.status >= 400 and answer.request.resource_type != "document"):
            self.troubles.append(f"{answer.status} {answer.url}")

    def signs_in(self, email: str) -> "Visitor":
        self.goes_to("/sign-in")
        self.page.get_by_label("邮箱").fill(email)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        return self.presses("登录")

    def goes_to(self, path: str) -> "Visitor":
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self.looks()

    def follows(self, name: str | re.Pattern[str]) -> "Visitor":
        self.page.get_by_role("link", name=name).first.click()
        return self.looks()

    def presses(self, name: str | re.Pattern[str], *, sure: bool = False) -> "Visitor":
        """Press a button of the page and, where the page asks whether one is sure, say yes."""
        button = self.page.locator("main, header").get_by_role("button", name=name).first
        if sure:
            button.click()
            button = self.page.locator("#confirm [data-yes]")
        with self.page.expect_navigation():
            button.click()
        return self.looks()

    def looks(self) -> "Visitor":
        """Look at the page: nothing broken, nothing that keeps somebody out, no sideways scrolling."""
        self.page.wait_for_load_state("load")
        assert not self.troubles, self.troubles
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels too wide"
        shape = self.page.evaluate(SHAPE)
        if shape not in EXAMINED:
            self.is_examined()
            EXAMINED.add(shape)
        return self

    def is_examined(self) -> None:
        """Have axe look for what keeps people out."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
        serious = [told(fault) for fault in found["violations"] if fault["impact"] in SERIOUS]
        assert not serious, f"{self.page.url}: {serious}"

    def sees(self, text: str | re.Pattern[str]) -> "Visitor":
        expect(self.page.locator("body")).to_contain_text(text)
        return self

    def waits_for(self, path: str, text: str) -> "Visitor":
        """Look at a page again until the flow has brought something about."""

        def there() -> bool:
            self.page.goto(self.address + path)
            return self.page.locator("main").get_by_text(text).count() > 0

        until(there)
        return self.looks()

    def opens_duty(self, where: str, duty: str, reference: str) -> "Visitor":
        """Open one's duty in a case from the list it stands in, once it is there."""
        self.waits_for(where, reference)
        row = self.page.locator("tr", has_text=reference).filter(has_text=duty)
        row.get_by_role("link", name=duty).click()
        return self.looks()

    def writes(self, label: str, text: str) -> "Visitor":
        self.page.get_by_label(label).first.fill(text)
        return self

    def chooses(self, group: str, answer: str) -> "Visitor":
        self.page.get_by_role("group", name=re.compile(f"^{group}")).get_by_label(answer, exact=True).check()
        return self

    def field(self, name: str) -> Locator:
        """The field of that name in the page's forms."""
        return self.page.locator(f'[name="{name}"]')


def told(fault: dict[str, Any]) -> str:
    return f"{fault['id']}: {[node['html'][:120] for node in fault['nodes']][:3]}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIETLY)
        yield browser
        browser.close()


Newcomer = Callable[..., Visitor]


@pytest.fixture
def newcomer(chromium: Browser, website: str) -> Iterator[Newcomer]:
    """Give a way to have another person come to the house, with a browser of their own."""
    contexts: list[BrowserContext] = []

    def comes(*, phone: bool = False, locale: str = "zh-CN", **options: Any) -> Visitor:
        viewport = PHONE if phone else DESKTOP
        context = chromium.new_context(viewport=viewport, locale=locale, has_touch=phone, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return Visitor(context, website)

    yield comes
    for context in contexts:
        context.close()
