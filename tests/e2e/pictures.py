"""Pictures of the pages as their readers see them, kept where the documentation shows them."""

import os
from pathlib import Path

from playwright.sync_api import FloatRect

from tests.e2e.conftest import Visitor

FOLDER = "JIDI_SCREENSHOTS"
"""The environment variable that names the folder; without it no picture is taken."""
HIGHEST = 2000
"""Pixels; what is further down is cut off."""


def pictures(visitor: Visitor, name: str, *, begin: str = "body") -> Visitor:
    """Keep a picture of the page from one of its parts down, if pictures are wanted."""
    if folder := os.environ.get(FOLDER):
        page = visitor.page
        page.mouse.move(0, 0)
        top, width, bottom = page.evaluate(
            "part => { const root = document.documentElement;"
            " return [document.querySelector(part).getBoundingClientRect().top + scrollY,"
            " innerWidth, root.scrollHeight] }",
            begin,
        )
        Path(folder).mkdir(parents=True, exist_ok=True)
        part = FloatRect(x=0, y=top, width=width, height=min(bottom - top, HIGHEST))
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, clip=part)
    return visitor
