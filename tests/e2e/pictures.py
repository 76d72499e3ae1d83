"""Pictures of the pages as their readers see them, kept where the documentation shows them."""

import os
from pathlib import Path

from playwright.sync_api import ViewportSize

from tests.e2e.conftest import Visitor

FOLDER = "JIDI_SCREENSHOTS"
"""The environment variable that names the folder; without it no picture is taken."""
HIGHEST = 1600
"""Pixels; what is further down is cut off."""
EXTENT = """part => {
  const top = Math.round(document.querySelector(part).getBoundingClientRect().top + scrollY);
  return [top, document.documentElement.scrollHeight - top];
}"""


def pictures(visitor: Visitor, name: str, *, begin: str = "body") -> Visitor:
    """Keep a picture of the page from one of its parts down, if pictures are wanted: as on a screen of that height."""
    seen = visitor.page.viewport_size
    if (folder := os.environ.get(FOLDER)) and seen:
        page = visitor.page
        top, height = page.evaluate(EXTENT, begin)
        page.mouse.move(0, 0)
        page.set_viewport_size(ViewportSize(width=seen["width"], height=min(height, HIGHEST)))
        page.evaluate("top => scrollTo(0, top)", top)
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")
        page.set_viewport_size(seen)
    return visitor
