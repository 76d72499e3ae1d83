"""Tables too long to fill in on one page: read a page at a time, changed a row at a time, never sent as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.i18n import gettext
from pages.forms import Form
from regulation.form.field import Field, Kind, Section
from regulation.form.showing import words

LONG = 50
"""A table with more rows than this is not filled in as a whole; so many are read on one page."""
SHOWN_COLUMNS = 5
APART = "apart"
"""The form's hidden field that names the tables which are on the page only to be read."""


@dataclass(frozen=True)
class Line:
    """One row to read; `wrong` is how many of its answers are."""

    number: int
    cells: list[str]
    wrong: int


@dataclass(frozen=True)
class Excerpt:
    """The rows of one page of a long table."""

    columns: list[str]
    lines: list[Line]
    total: int
    page: int
    pages: list[int]


def long_tables(section: Section, content: Mapping[str, Any]) -> frozenset[str]:
    """Return which tables of a section have grown too long to be filled in as a whole."""
    growing = (one for one in section.fields if one.kind is Kind.ROWS and not one.row_titles and not one.rows_by)
    return frozenset(one.key for one in growing if len(content.get(one.key) or []) > LONG)


def excerpt_of(table: Field, rows: list[Mapping[str, Any]], form: Form, page: int) -> Excerpt:
    """Return the rows of a page, or of the nearest there is."""
    pages = list(range(1, max(1, -(-len(rows) // LONG)) + 1))
    at = min(max(page, 1), pages[-1])
    columns = [column for column in table.columns if column.kind is not Kind.LONG][:SHOWN_COLUMNS]
    wrong = wrong_lines(table, form)
    begin = (at - 1) * LONG
    lines = [
        Line(number, [words(column, row.get(column.key)) for column in columns], wrong.get(number, 0))
        for number, row in enumerate(rows[begin : begin + LONG], begin + 1)
    ]
    return Excerpt([gettext(column.title) for column in columns], lines, len(rows), at, pages)


def wrong_lines(table: Field, form: Form) -> dict[int, int]:
    """Return how many faults each row of a table has, by its number from 1."""
    found: dict[int, int] = {}
    for fault in form.faults:
        key, _, rest = fault.field.partition(".")
        index = rest.partition(".")[0]
        if key == table.key and index.isdigit():
            found[int(index) + 1] = found.get(int(index) + 1, 0) + 1
    return found


def page_of(number: int) -> int:
    """Return the page that a row is on."""
    return (number - 1) // LONG + 1


def line_address(address: str, table: str, number: int) -> str:
    """Return where a row of an application's table is changed."""
    return f"{address}/rows/{table}/lines/{number}"
