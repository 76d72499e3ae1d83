"""A table of the form as a spreadsheet shows it: its headings, the words that are permitted, its rows going out."""

from dataclasses import dataclass
from typing import Any

from core.i18n import LANGUAGES, gettext, marked, translated
from regulation.form.definition import FORM
from regulation.form.field import COUNTED, Field, Kind, Section
from regulation.form.place import Content, is_empty, rows_of
from regulation.form.showing import LINE
from regulation.form.values import plain

WITH_UNIT = marked("{title}（{unit}）")
PERCENT = "%"
BY_NUMBER = frozenset({"序号", "no.", "编号"})
"""Headings of columns that only count the rows; they are passed over."""

Cell = str | int | float


@dataclass(frozen=True)
class Column:
    """One column of the sheet; `field` is None for the one that names the fixed lines of a table."""

    field: Field | None
    heading: str

    @property
    def as_typed(self) -> bool:
        """Whether a spreadsheet must not turn what is typed into something else: 95% into 0.95, 1985-06 into a day."""
        return self.field is None or self.field.kind not in COUNTED or self.field.unit == PERCENT


TABLES: dict[str, Field] = {field.key: field for section in FORM for field in section.fields if field.kind is Kind.ROWS}
"""Every question of the form that is answered in rows."""


def section_of(table: Field) -> Section:
    """Return the section that a table stands in."""
    return next(section for section in FORM if table in section.fields)


def columns_of(table: Field) -> list[Column]:
    """Return the columns as the sheet has them, in the reader's language; lines that are given come first."""
    line = [Column(None, gettext(LINE))] if table.row_titles else []
    return line + [Column(field, _heading(field)) for field in table.columns]


def permitted(table: Field, column: Column) -> list[str]:
    """Return the words that are permitted in a column, in the reader's language; empty when it is free."""
    if column.field is None:
        return [gettext(title) for title in table.row_titles]
    return [gettext(choice.title) for choice in column.field.choices]


def rows_out(table: Field, content: Content) -> list[list[Cell]]:
    """Return the rows that are filled in, cell by cell as people would type them."""
    first = [[gettext(title)] for title in table.row_titles]
    return [
        [*(first[index] if first else []), *(_out(field, row.get(field.key)) for field in table.columns)]
        for index, row in rows_of(content, table)
    ]


def names_of(column: Column) -> set[str]:
    """Return every heading by which a column is known: with its unit or without, in either language."""
    title, unit = (column.field.title, column.field.unit) if column.field else (LINE, "")
    spoken = {(translated(title, of), translated(unit, of)) for of in LANGUAGES}
    return {compact(name) for one, measure in spoken for name in (one, f"{one}({measure})", column.heading)}


def word_in(text: str, titles: dict[str, str]) -> str:
    """Return the key of a permitted word in either language, or the text as it is when it is none of them."""
    wanted = compact(text)
    for key, title in titles.items():
        if wanted in {compact(key), compact(title), compact(translated(title, "en"))}:
            return key
    return text


def compact(text: str) -> str:
    """Return what counts of a heading or word: no blanks, half width, small letters."""
    return "".join(plain(text).casefold().split())


def _heading(field: Field) -> str:
    title = gettext(field.title)
    return gettext(WITH_UNIT, title=title, unit=gettext(field.unit)) if field.unit else title


def _out(field: Field, answer: Any) -> Cell:  # noqa: ANN401 - whatever was stored
    if is_empty(answer):
        return ""
    if field.kind is Kind.CHOICE:
        title = field.choice_titles.get(answer)
        return gettext(title) if title else str(answer)
    if field.unit == PERCENT or not isinstance(answer, int | float):
        return str(answer)
    return answer
