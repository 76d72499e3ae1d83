"""Where an answer stands in the form, for sentences about it and for walking over all answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Fault
from core.i18n import gettext, marked
from regulation.form.definition import ANSWERS
from regulation.form.field import Field, Kind

Content = Mapping[str, Any]

FIELD = marked("“{title}”")
CELL = marked("“{table}”第 {row} 行“{title}”")
ROW = marked("“{table}”第 {row} 行")
CELL_OF_LINE = marked("“{table}”{row}行“{title}”")


@dataclass(frozen=True)
class Place:
    """A field, or a column in the row of a table."""

    field: Field
    table: Field | None = None
    row: int = 0

    @property
    def path(self) -> str:
        """The dotted path of the answer: `training_years.0.specialists`."""
        return self.field.key if self.table is None else f"{self.table.key}.{self.row}.{self.field.key}"

    @property
    def label(self) -> str:
        """What people call it, in the reader's language."""
        title = gettext(self.field.title)
        if self.table is None:
            return gettext(FIELD, title=title)
        if self.table.row_titles:
            row = gettext(self.table.row_titles[self.row])
            return gettext(CELL_OF_LINE, table=gettext(self.table.title), row=row, title=title)
        return gettext(CELL, table=gettext(self.table.title), row=self.row + 1, title=title)

    def fault(self, sentence: str, /, **values: object) -> Fault:
        """Return the fault of this answer; `{label}` in the sentence is what people call it."""
        return Fault(self.path, gettext(sentence, label=self.label, **values))


def row_label(table: Field, row: int) -> str:
    """Return what people call a row of a table, in the reader's language."""
    return gettext(ROW, table=gettext(table.title), row=row + 1)


def is_empty(answer: object) -> bool:
    """Whether nothing was answered; a zero is an answer, a box left unticked is none."""
    return answer is None or answer is False or answer in ("", [])


def is_blank(row: Content) -> bool:
    """Whether nothing was written in a row; blank rows count for nothing."""
    return all(is_empty(answer) for answer in row.values())


def rows_of(content: Content, table: Field) -> list[tuple[int, Content]]:
    """Return the rows of a table in which something is written, each with its position."""
    return [(index, row) for index, row in enumerate(content.get(table.key) or []) if not is_blank(row)]


def is_asked(field: Field, content: Content) -> bool:
    """Whether the field is asked at all, given the other answers."""
    return field.when is None or field.when.holds(content.get(field.when.field))


def answers(content: Content) -> Iterator[tuple[Place, Any]]:
    """Walk over every single answer that is asked for: fields, and the cells of rows that are not blank."""
    for field in ANSWERS.values():
        if not is_asked(field, content):
            continue
        if field.kind is Kind.ROWS:
            for index, row in rows_of(content, field):
                yield from ((Place(column, field, index), row.get(column.key)) for column in field.columns)
        else:
            yield Place(field), content.get(field.key)
