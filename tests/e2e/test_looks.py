"""Every room as its readers may have it: wide or on a phone, light or dark, in Chinese or English."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize

from core.i18n import catalogue
from tests import cast
from tests.e2e.conftest import AXE, DESKTOP, PHONE, Newcomer, Visitor
from tests.engine.conftest import RealStory

pytestmark = [pytest.mark.engine, pytest.mark.e2e]

ROOMS = {
    "": ("/", "/calls", "/publicity", "/announcements", "/register", "/register/map", "/open-data", "/sign-in"),
    cast.OFFICE: (
        "/queue", "/office/board", "/office/cases", "/office/calls", "/office/calls/new", "/office/calls/2026-1",
        "/office/calls/2026-1/summary", "/office/calls/2026-1/quotas", "/office/calls/2026-1/extension",
        "/office/calls/2026-1/sheet", "/office/policy", "/office/policy/panel_size", "/office/experts",
        "/office/experts/import", "/office/publicity", "/office/announcements", "/office/objections", "/office/plaques",
        "/office/revocations", "/office/people", "/account", "/account/delegation",
    ),
    cast.DECIDER: ("/meetings", "/office/objections", "/office/revocations"),
    cast.RECOMMENDER: ("/inbox", "/recommendations"),
    cast.OPERATOR: ("/operator/stalled", "/operator/letters"),
}  # fmt: skip
CHINESE = re.compile("[\u4e00-\u9fff]")
TEXTS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) found.push(walker.currentNode.textContent.trim());
  for (const name of ["aria-label", "placeholder", "title"])
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name).trim());
  return found;
}"""
"""What a reader may see or hear of a page."""
PALE = "axe.run({runOnly: ['color-contrast']}).then(told => told.violations.flatMap(v => v.nodes.map(n => n.html)))"
FOLDED = "Array.from(document.querySelectorAll('.rooms > ul > li'), one => one.getBoundingClientRect().top)"


@pytest.fixture
def filed(story: RealStory) -> RealStory:
    """There is something in the lists: an application that was filed and recommended."""
    story.submits()
    story.recommends()
    return story


@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", ROOMS)
def test_every_room_fits_can_be_read_and_speaks_one_language(newcomer: Newcomer, filed: RealStory, who: str) -> None:
    visitor = newcomer(reduced_motion="reduce")
    if who:
        visitor.signs_in(who)
    for path in (*ROOMS[who], *own_rooms(who, filed)):
        visitor.goes_to(path)
        seen(visitor, PHONE, "dark")
        visitor.page.evaluate(AXE)
        assert overflows(visitor.page) <= 0, f"{path} is too wide on a phone"
        assert visitor.page.evaluate(PALE) == [], f"{path} cannot be read in the dark"
        answer = visitor.page.goto(f"{visitor.address}{path}?lang=en")
        assert answer
        assert answer.ok, f"{path} in English: {answer.status}"
        assert not list(untranslated(visitor.page)), path
        assert overflows(visitor.page) <= 0, f"{path} is too wide on a phone in English"
        seen(visitor, DESKTOP, "light")
        assert overflows(visitor.page) <= 0, f"{path} is too wide in English"
        assert len(set(visitor.page.evaluate(FOLDED))) == 1, f"the navigation of {path} breaks into lines"
        visitor.page.goto(f"{visitor.address}/verify?lang=zh")


def own_rooms(who: str, story: RealStory) -> tuple[str, ...]:
    """The rooms of the very case."""
    return (f"/cases/{story.case().reference}",) if who == cast.OFFICE else ()


def seen(visitor: Visitor, size: ViewportSize, scheme: str) -> Visitor:
    """Look at the same page on another screen."""
    visitor.page.set_viewport_size(size)
    visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    return visitor


def overflows(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


def untranslated(page: Page) -> Iterator[str]:
    """Our own words that an English page says in Chinese; names and what people wrote stay as they are."""
    ours = set(catalogue("en"))
    return (text for text in page.evaluate(TEXTS) if text in ours and CHINESE.search(text))
