"""What differs between two contents: for whoever saves over a newer draft, and for reviewers of a correction."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.i18n import gettext
from regulation.form.definition import ANSWERS
from regulation.form.field import Field, Kind
from regulation.form.place import Content, Place, is_empty, row_label, rows_of
from regulation.form.showing import words

Row = tuple[str, ...]


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


def changes(before: Content, after: Content) -> list[Change]:
    """Return every difference, answer by answer, as people read it."""
    return [change for key in changed_keys(before, after) for change in _changes(ANSWERS[key], before, after)]


def _value(field: Field, content: Content) -> object:
    if field.kind is Kind.ROWS:
        return _rows(field, content)
    answer = content.get(field.key)
    return None if is_empty(answer) else answer


def _rows(table: Field, content: Content) -> list[Row]:
    """Return the rows in words; the lines of a fixed table keep their places even when blank."""
    rows = dict(rows_of(content, table))
    wanted = range(len(table.row_titles)) if table.row_titles else sorted(rows)
    return [tuple(words(column, rows.get(i, {}).get(column.key)) for column in table.columns) for i in wanted]


def _changes(field: Field, before: Content, after: Content) -> Iterator[Change]:
    if field.kind is not Kind.ROWS:
        place = Place(field)
        answers = (words(field, content.get(field.key)) for content in (before, after))
        yield Change(place.path, place.label, *answers)
        return
    old, new = _rows(field, before), _rows(field, after)
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
            yield Change(place.path, place.label, was, now)


def _whole(table: Field, row: int, old: Row, new: Row) -> Change:
    before, after = (" · ".join(cell for cell in cells if cell) for cells in (old, new))
    return Change(f"{table.key}.{row}", row_label(table, row), before, after)
