"""Two languages, no gap and no ballast: every text for people has its English, and no English is left over."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from core.i18n import LOCALES
from tests.reading import calls, literals, modules, name_of, templates

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"{([a-z_]*)[^}]*}")
FULL_WIDTH = re.compile(r"[，。；：（）]")
RENUMBERED = {"{number}、{title}"}  # 一、… in Chinese, 1. … in English
SOURCES = [*modules(), *templates()]
CATALOGUES = sorted((LOCALES / "en").glob("*.po"))


@cache
def template(path: Path) -> nodes.Template:
    """Return a template's syntax tree."""
    return Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


def spoken(path: Path) -> Iterator[str]:
    """Yield the texts a file marks for translation."""
    if path.suffix == ".py":
        for call in calls(path, "marked", "gettext", "_", "translated"):
            text = call.args[0] if call.args else None
            if (value := getattr(text, "value", None)) and isinstance(value, str):
                yield value
        return
    for call in template(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and isinstance(call.args[0], nodes.Const):
            yield call.args[0].value


def written(path: Path) -> Iterator[str]:
    """Yield every text a file holds, marked or not: a label may be translated far from where it is written."""
    if path.suffix == ".py":
        yield from literals(path)
        return
    yield from (const.value for const in template(path).find_all(nodes.Const) if isinstance(const.value, str))


def entries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield source and translation of every entry of a catalogue."""
    with path.open("rb") as file:
        yield from ((str(m.id), str(m.string)) for m in read_po(file) if m.id)


ENGLISH = {source: english for path in CATALOGUES for source, english in entries(path)}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_every_text_for_people_has_its_english(path):
    assert [text for text in spoken(path) if CHINESE.search(text) and not ENGLISH.get(text)] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_a_translation_keeps_the_placeholders_and_uses_latin_punctuation(path):
    for source, english in entries(path):
        if source not in RENUMBERED:
            assert set(PLACEHOLDER.findall(english)) == set(PLACEHOLDER.findall(source)), source
        assert not FULL_WIDTH.search(CHINESE.sub("", re.sub(r"（[^）]*）|《[^》]*》", "", english))), english


def test_every_text_is_translated_once():
    counted = Counter(source for path in CATALOGUES for source, _ in entries(path))
    assert [source for source, times in counted.items() if times > 1] == []


def test_no_translation_is_left_over():
    said = {text for path in SOURCES for text in written(path)}
    assert [source for source in ENGLISH if source not in said] == []


@pytest.mark.parametrize("path", [p for p in templates() if p.stem not in {"zh", "en", "gallery"}], ids=name_of)
def test_no_chinese_stands_in_a_template_untranslated(path):
    bare = [data.data for data in template(path).find_all(nodes.TemplateData)]
    assert [text.strip() for text in bare if CHINESE.search(text.replace("中文", ""))] == []
