"""The form's answers arranged for paper: label beside answer, two short ones to a line, and tables by themselves."""

from collections.abc import Iterator
from typing import Any

from core.i18n import gettext
from core.typesetting import legible
from regulation.form.place import Content
from regulation.form.reading import Shown, ShownSection, Table, shown

SHORT = 16
"""Characters up to which an answer shares its line with the next one."""

UPRIGHT = 10
"""Columns that a page in portrait has room for; a table with more lies across."""

NARROWEST, WIDEST = 3, 14
"""Characters between which the widths of columns are kept in proportion to what stands in them."""

PADDING = 1
"""Characters that a cell's margins take."""

PROMISE, ENCLOSURES = "promise", "enclosures"
Block = dict[str, Any]


def sections(content: Content) -> list[dict[str, Any]]:
    """Return every section in the order of the form, in the reader's language."""
    return [_section(part) for part in shown(content)]


def _section(part: ShownSection) -> dict[str, Any]:
    return {
        "heading": f"{part.number}、{part.title}",
        "blocks": list(_blocks([one for one in part.fields if one.key != PROMISE])),
        "ending": part.key if part.key in {PROMISE, ENCLOSURES} else "",
    }


def _blocks(fields: list[Shown]) -> Iterator[Block]:
    """Put what is written between two tables together."""
    together: list[Shown] = []
    for one in fields:
        if one.table is None:
            together.append(one)
            continue
        if together:
            yield {"kind": "facts", "entries": _entries(together)}
            together = []
        yield {"kind": "table", "title": one.title, "content": _table(one.table)}
    if together:
        yield {"kind": "facts", "entries": _entries(together)}


def _entries(fields: list[Shown]) -> list[dict[str, Any]]:
    """Let two short answers that follow each other share a line."""
    entries = [{"title": one.title, "lines": _lines(one.text), "wide": True} for one in fields]
    index = 0
    while index < len(fields):
        if index + 1 < len(fields) and _short(fields[index]) and _short(fields[index + 1]):
            entries[index]["wide"] = entries[index + 1]["wide"] = False
            index += 1
        index += 1
    return entries


def _short(one: Shown) -> bool:
    return len(one.text) <= SHORT and "\n" not in one.text


def _lines(text: str) -> list[str]:
    return [legible(line) for line in text.split("\n")] if text else ["—"]


def _table(table: Table) -> dict[str, Any]:
    headings = []
    for column, heading in enumerate(table.headings):
        lines = [heading.title, *([gettext("（{unit}）", unit=heading.unit)] if heading.unit else [])]
        longest = max(len(heading.title) / 2, *(_width(row[column]) for row in table.rows))
        weight = min(max(longest, NARROWEST), WIDEST) + PADDING
        headings.append({"lines": lines, "numeric": heading.numeric, "weight": str(weight)})
    rows = [[legible(cell.replace("\n", "　")) or "—" for cell in row] for row in table.rows]
    return {"headings": headings, "rows": rows, "wide": len(headings) > UPRIGHT}


def _width(text: str) -> float:
    """Return how wide a text is, in Chinese characters."""
    return sum(0.55 if character.isascii() else 1 for character in text)
