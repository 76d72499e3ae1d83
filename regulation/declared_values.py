"""How a value that an application declares is read from its answers: as a number, or in Chinese words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.i18n import marked, speaking, translated
from regulation.form.definition import field as form_field
from regulation.form.place import Content, is_asked, is_blank, is_empty
from regulation.form.showing import words
from regulation.form.systems import EIGHT, IN_FORCE, LACKING

NAMED = marked("有，{document}")


@dataclass(frozen=True)
class Declared:
    """One declared value: a number, or words in Chinese, the language of the papers."""

    value: float | str
    suffix: str = ""
    about: dict[str, object] = field(default_factory=dict)


Read = Callable[[Content], Iterable[Declared]]


def number_of(value: object) -> float:
    """Return a declared number; what is none counts as zero."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def rows(content: Content, table: str) -> list[Content]:
    """Return the rows of a table that were filled in."""
    return [row for row in content.get(table) or [] if isinstance(row, dict) and not is_blank(row)]


def figure(key: str) -> Read:
    """Read a number that the form asks for by itself."""

    def _read(content: Content) -> Iterable[Declared]:
        if is_asked(form_field(key), content) and not is_empty(content.get(key)):
            yield Declared(number_of(content[key]))

    return _read


def answer(key: str) -> Read:
    """Read an answer in words."""

    def _read(content: Content) -> Iterable[Declared]:
        asked = form_field(key)
        if is_asked(asked, content) and not is_empty(content.get(key)):
            with speaking("zh"):
                said = words(asked, content[key])
            yield Declared(said)

    return _read


def total(table: str, column: str) -> Read:
    """Read the sum of a column."""

    def _read(content: Content) -> Iterable[Declared]:
        if found := rows(content, table):
            yield Declared(round(sum(number_of(row.get(column)) for row in found), 2))

    return _read


def count(table: str, **where: str) -> Read:
    """Read how many rows of a table there are, or how many with these answers."""

    def _read(content: Content) -> Iterable[Declared]:
        if found := rows(content, table):
            yield Declared(sum(all(row.get(key) == value for key, value in where.items()) for row in found))

    return _read


def teachers(line: int | None, ranks: tuple[str, ...]) -> Read:
    """Read the summary of teachers: of its first line (full-time), its second (part-time), or both; of some ranks."""

    def _read(content: Content) -> Iterable[Declared]:
        summary = content.get("faculty_summary") or []
        wanted = summary if line is None else summary[line : line + 1]
        if wanted:
            yield Declared(sum(number_of(row.get(rank)) for row in wanted for rank in ranks))

    return _read


def each_year(table: str, column: str) -> Read:
    """Read a column year by year."""

    def _read(content: Content) -> Iterable[Declared]:
        for row in rows(content, table):
            if not is_empty(row.get("year")):
                yield Declared(number_of(row.get(column)), str(row["year"]), {"year": row["year"]})

    return _read


def systems(content: Content) -> Iterable[Declared]:
    """Read each of the eight systems that Art. 4(2) names, with its document."""
    declared = content.get("management_systems") or []
    asked = form_field("management_systems").column("document")
    for system, row in zip(EIGHT, declared, strict=False):
        document = words(asked, row.get("document"))
        there = row.get("in_force") == IN_FORCE.key
        value = translated(NAMED, "zh", document=document) if document else IN_FORCE.title
        yield Declared(value if there else LACKING.title, system.key, {"system": system.title})
