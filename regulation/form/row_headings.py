"""The first line of a sheet: which column is which, and what is wrong with the headings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from core.i18n import gettext, marked
from regulation.form.field import Field
from regulation.form.row_faults import RowFault, shortened
from regulation.form.row_words import BY_NUMBER, Column, columns_of, compact, names_of

ABSENT = marked("第 1 行缺少这一列。")
ABSENT_TO_DO = marked("请下载模板，标题与模板一致后再导入。")
UNKNOWN = marked("本表没有这一列。")
UNKNOWN_TO_DO = marked("请删去该列，或把标题改为模板中的标题。")
TWICE = marked("这一列出现了不止一次。")
TWICE_TO_DO = marked("请只保留一列。")


@dataclass
class Heads:
    """The columns of a sheet: `places` says at which position each stands, by key; `""` is the fixed line's."""

    columns: list[Column]
    lines: int = 0
    places: dict[str, int] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)
    ignored: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, table: Field, first: Sequence[str], *, needed: bool) -> Self:
        """Read the headings; without them, unless they are needed, the columns stand in the form's order."""
        heads = cls(columns_of(table))
        known = {name: _key(column) for column in heads.columns for name in names_of(column)}
        said = [known.get(compact(cell)) for cell in first]
        if not needed and sum(one is not None for one in said) * 2 <= sum(bool(cell.strip()) for cell in first):
            heads.places = {_key(column): place for place, column in enumerate(heads.columns)}
            return heads
        heads.lines = 1
        heads._take(first, said)
        return heads

    @property
    def first(self) -> str:
        """The heading of the first column."""
        return self.columns[0].heading

    def named(self, key: str) -> str:
        """Return the heading of a column."""
        return next(column.heading for column in self.columns if _key(column) == key)

    def cells(self, line: Sequence[str]) -> dict[str, str]:
        """Return the texts of one line by key."""
        return {key: line[place] if place < len(line) else "" for key, place in self.places.items()}

    def spills(self, line: Sequence[str]) -> bool:
        """Whether something stands beside the columns, where it would be lost."""
        known = self.ignored | set(self.places.values())
        return any(cell.strip() for place, cell in enumerate(line) if place not in known)

    def _take(self, first: Sequence[str], said: Sequence[str | None]) -> None:
        for place, (cell, key) in enumerate(zip(first, said, strict=True)):
            if key is None:
                self._take_unknown(place, cell)
            elif key in self.places:
                self._note(cell, TWICE, TWICE_TO_DO)
            else:
                self.places[key] = place
        for column in self.columns:
            if _key(column) not in self.places:
                self._note(column.heading, ABSENT, ABSENT_TO_DO)

    def _take_unknown(self, place: int, cell: str) -> None:
        """Pass over a column that counts the rows; any other would be lost, so it is refused."""
        if cell.strip():
            self.ignored.add(place)
        if cell.strip() and compact(cell) not in BY_NUMBER:
            self._note(cell, UNKNOWN, UNKNOWN_TO_DO)

    def _note(self, heading: str, why: str, remedy: str) -> None:
        self.faults.append(RowFault(1, shortened(heading.strip()), "", gettext(why), gettext(remedy)))


def _key(column: Column) -> str:
    return column.field.key if column.field else ""
