"""Every text that the API says has its English, with the same placeholders; and the catalogue holds no other."""

import ast
import re
from pathlib import Path

import pytest

import api
from core import body_limit
from core.i18n import LOCALES, catalogue

SOURCES = [*sorted(Path(api.__file__).parent.rglob("*.py")), Path(body_limit.__file__)]
PLACEHOLDER = re.compile(r"{([a-z_]+)}")


def said() -> set[str]:
    return {
        ast.literal_eval(node.args[0])
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "marked"
    }


@pytest.mark.parametrize("text", sorted(said()))
def test_has_english(text: str) -> None:
    english = catalogue("en").get(text, "")
    assert english, f"core/locale/en/api.po lacks: {text}"
    assert set(PLACEHOLDER.findall(english)) == set(PLACEHOLDER.findall(text))
    assert not re.search(r"[\u4e00-\u9fff，。；：]", english)


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    written = re.findall(r'^msgid "(.+)"$', (LOCALES / "en" / "api.po").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(written) == len(set(written))
    assert set(written) <= said()
