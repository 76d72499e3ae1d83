"""What differs between two contents: for whoever saves over a newer draft, and for reviewers of a correction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from core.i18n import gettext
from regulation.form.definition import ANSWERS
from regulation.form.field import Field, Kind
from regulation.form.masking import hidden
from regulation.form.place import Content, Place, is_empty, row_label, rows_of
from regulation.form.showing import words

Tell = Callable[[Field, Any], str]
Cell = tuple[str, str]
"""What it says, and what the reader may know of it."""

Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Change:
    """One answer that differs; a row that came or went is one change, at the path of the row."""

    path: str
    label: str
    before: str
    after: str


def changed(before: Content, after: Content) -> list[str]:
    """Return the titles of the fields that differ, in the reader's language and the order of the form."""
    return [gettext(ANSWERS[key].title) for key in changed_keys(before, after)]


def changed_keys(before: Content, after: Content) -> list[str]:
    """Return the keys of the fields that differ; an answer left out is the same as an empty one."""
    return [key for key, field in ANSWERS.items() if _value(field, before) != _value(field, after)]


def changes(before: Content, after: Content, *, personal: bool = True) -> list[Change]:
    """Return every difference, answer by answer, as people read it; without `personal`, phones and the like hidden."""
    tell = words if personal else _hidden_words
    return [change for key in changed_keys(before, after) for change in _changes(ANSWERS[key], before, after, tell)]


def _hidden_words(field: Field, answer: Any) -> str:  # noqa: ANN401 - whatever was stored
    return words(field, hidden(field, answer))


def _value(field: Field, content: Content) -> object:
    if field.kind is Kind.ROWS:
        return _rows(field, content)
    answer = content.get(field.key)
    return None if is_empty(answer) else answer


def _rows(table: Field, content: Content, tell: Tell = words) -> list[Row]:
    """Return the rows in words; the lines of a fixed table keep their places even when blank."""
    rows = dict(rows_of(content, table))
    wanted = range(len(table.row_titles)) if table.row_titles else sorted(rows)
    return [tuple(_cell(column, rows.get(i, {}).get(column.key), tell) for column in table.columns) for i in wanted]


def _cell(column: Field, answer: Any, tell: Tell) -> Cell:  # noqa: ANN401 - whatever was stored
    return words(column, answer), tell(column, answer)


def _changes(field: Field, before: Content, after: Content, tell: Tell) -> Iterator[Change]:
    if field.kind is not Kind.ROWS:
        place = Place(field)
        answers = (tell(field, content.get(field.key)) for content in (before, after))
        yield Change(place.path, place.label, *answers)
        return
    old, new = _rows(field, before, tell), _rows(field, after, tell)
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        paired = min(i_end - i, j_end - j)
        for n in range(paired):
            yield from _cells(field, j + n, old[i + n], new[j + n])
        yield from (_whole(field, i + n, old[i + n], ()) for n in range(paired, i_end - i))
        yield from (_whole(field, j + n, (), new[j + n]) for n in range(paired, j_end - j))


def _cells(table: Field, row: int, old: Row, new: Row) -> Iterator[Change]:
    for column, was, now in zip(table.columns, old, new, strict=True):
        if was != now:
            place = Place(column, table, row)
            yield Change(place.path, place.label, was[1], now[1])


def _whole(table: Field, row: int, old: Row, new: Row) -> Change:
    before, after = (" · ".join(told for _, told in cells if told) for cells in (old, new))
    return Change(f"{table.key}.{row}", row_label(table, row), before, after)
