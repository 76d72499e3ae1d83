"""Every text that the regulation marks for people has its English, with the same placeholders."""

import ast
import re
from pathlib import Path

import pytest

import regulation
from core.i18n import LOCALES, catalogue

CATALOGUES = ("regulation.po", "form.po", "regulation-checks.po")
SOURCES = sorted(Path(regulation.__file__).parent.rglob("*.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"{([a-z]+)[^}]*}")


def marked_texts() -> list[str]:
    calls = [
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "marked"
    ]
    return sorted({ast.literal_eval(call.args[0]) for call in calls})


@pytest.mark.parametrize("text", marked_texts())
def test_has_english(text):
    english = catalogue("en").get(text, "")
    assert english or not CHINESE.search(text), f"nobody has translated: {text}"
    assert not re.search(r"[，。；：“]", re.sub("“{[a-z]+}”|“[A-Za-z]+”", "", english))
    assert not english or set(PLACEHOLDER.findall(english)) == set(PLACEHOLDER.findall(text))


def test_the_catalogues_hold_nothing_that_nobody_says():
    text = "".join((LOCALES / "en" / name).read_text(encoding="utf-8") for name in CATALOGUES)
    written = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert set(written) <= set(marked_texts())
