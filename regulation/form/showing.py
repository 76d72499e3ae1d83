"""The form as it is read, on a page or on paper: answers in words, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.i18n import gettext, marked
from regulation.form.definition import FORM
from regulation.form.field import COUNTED, NO, YES, Field, Kind
from regulation.form.place import Content, is_asked, is_empty, rows_of
from regulation.form.values import day_of, month_of

DAY = marked("{year}年{month}月{day}日")
MONTH = marked("{year}年{month}月")
LINE = marked("类别")
LIST_COMMA = marked("、")


@dataclass(frozen=True)
class Heading:
    """The head of a column; numbers stand to the right."""

    title: str
    unit: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A table of finished texts."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Shown:
    """One question with its answer: a text, or a table; both empty when nothing was answered."""

    key: str
    title: str
    text: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class ShownSection:
    """A part of the form with the questions that were asked."""

    key: str
    number: str
    title: str
    fields: tuple[Shown, ...]


def shown(content: Content) -> list[ShownSection]:
    """Return the whole form for reading; attached papers are not in the content and not shown here."""
    return [
        ShownSection(
            part.key,
            part.number,
            gettext(part.title),
            tuple(_shown(f, content) for f in part.fields if f.kind is not Kind.FILE and is_asked(f, content)),
        )
        for part in FORM
    ]


def words(field: Field, answer: Any) -> str:  # noqa: ANN401 - whatever was stored
    """Return one answer in words, without its unit; what could not be understood is shown as it was typed."""
    if field.kind is Kind.FLAG:
        return gettext(YES.title if answer else NO.title)
    return "" if is_empty(answer) else WORDS.get(field.kind, _as_typed)(field, answer)


def _shown(field: Field, content: Content) -> Shown:
    title = gettext(field.title)
    if field.kind is Kind.ROWS:
        return Shown(field.key, title, table=_table(field, content))
    answer = words(field, content.get(field.key))
    return Shown(field.key, title, f"{answer} {gettext(field.unit)}" if answer and field.unit else answer)


def _table(table: Field, content: Content) -> Table | None:
    rows = rows_of(content, table)
    if not rows:
        return None
    first = (Heading(gettext(LINE)),) if table.row_titles else ()
    headings = tuple(
        Heading(gettext(column.title), gettext(column.unit) if column.unit else "", column.kind in COUNTED)
        for column in table.columns
    )
    return Table(first + headings, tuple(_row(table, index, row) for index, row in rows))


def _row(table: Field, index: int, row: Content) -> tuple[str, ...]:
    first = (gettext(table.row_titles[index]),) if table.row_titles else ()
    return first + tuple(words(column, row.get(column.key)) for column in table.columns)


def _as_typed(_: Field, answer: object) -> str:
    return str(answer)


def _number(field: Field, answer: object) -> str:
    if not isinstance(answer, int | float):
        return str(answer)
    return f"{answer:,.{field.decimals}f}" if field.decimals else f"{answer:,}"


def _choice(field: Field, answer: str) -> str:
    title = field.choice_titles.get(answer)
    return gettext(title) if title else answer


def _choices(field: Field, answer: list[str]) -> str:
    return gettext(LIST_COMMA).join(_choice(field, one) for one in answer)


def _day(_: Field, answer: str) -> str:
    return _dated(DAY, day_of(answer)) or answer


def _month(_: Field, answer: str) -> str:
    return _dated(MONTH, month_of(answer)) or answer


def _dated(words_of: str, day: date | None) -> str:
    return gettext(words_of, year=day.year, month=day.month, day=day.day) if day else ""


WORDS: dict[Kind, Callable[[Field, Any], str]] = {
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.DAY: _day,
    Kind.MONTH: _month,
}
