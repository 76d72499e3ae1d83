"""Rows of a table that come from a spreadsheet, understood and held against the form's own rules; all or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Fault
from core.i18n import gettext, marked
from regulation.form.checking import faults
from regulation.form.cleaning import cleaned_row
from regulation.form.definition import ANSWERS
from regulation.form.field import MOST_ROWS, Field, Kind
from regulation.form.place import Place
from regulation.form.row_faults import ALL_ROWS, RowFault, remedy_for, shortened
from regulation.form.row_headings import Heads
from regulation.form.row_words import PERCENT, word_in
from regulation.form.values import day_of, plain
from regulation.policy import Policy

NOTHING = marked("没有可以导入的行。")
NOTHING_TO_DO = marked("请在标题行下逐行填写后再导入。")
TOO_MANY = marked("本表最多 {most} 行，这里有 {now} 行。")
TOO_MANY_TO_DO = marked("请删去多余的行。")
NO_LINE = marked("没有这一类别。")
LINE_TWICE = marked("这一类别填写了不止一行。")
LINE_TO_DO = marked("每个类别只填一行，名称与模板一致。")
WHOLE_ROW = marked("整行")
SPILLED = marked("该行在标题以外的列中还有内容。")
SPILLED_TO_DO = marked("请核对该行是否错列，删去多余的格。")
JOINTS = "：: "
"""What joins the name of a cell to what is wrong with it; the report has a column for each."""

Content = dict[str, Any]


@dataclass
class Taken:
    """What was understood: the rows in the form's own shape, or everything that is wrong with them."""

    rows: list[Content] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def understood(table: Field, lines: Sequence[Sequence[str]], policy: Policy, *, headed: bool = True) -> Taken:
    """Read a sheet's lines, the first of which is row 1; `headed` asks for the headings, else they may be left out.

    The rows of the result are complete and free of faults, or there are none and `faults` names every fault there is.
    """
    heads = Heads.of(table, lines[0] if lines else [], needed=headed)
    if heads.faults:
        return Taken(faults=heads.faults)
    sheet = _Sheet(table, heads)
    for number, line in enumerate(lines[heads.lines :], heads.lines + 1):
        if any(cell.strip() for cell in line):
            sheet.take(number, line)
    return sheet.taken(policy)


class _Sheet:
    """The rows as they are taken in: each at the place where the form's sentences count it as the sheet does."""

    def __init__(self, table: Field, heads: Heads) -> None:
        self.table, self.heads = table, heads
        self.rows: dict[int, Content] = {}
        self.numbers: dict[int, int] = {}
        self.found: dict[tuple[int, str], str] = {}
        self.faults: list[RowFault] = []

    def take(self, number: int, given: Sequence[str]) -> None:
        """Take one row; a line that only has its title is empty."""
        cells = self.heads.cells(given)
        if self.heads.spills(given):
            self.faults.append(RowFault(number, gettext(WHOLE_ROW), "", gettext(SPILLED), gettext(SPILLED_TO_DO)))
        line = cells.pop("", "")
        place = self._place(number, line) if any(text.strip() for text in cells.values()) else None
        if place is None:
            return
        raw = {key: _typed(self.table.column(key), text) for key, text in cells.items()}
        self.found |= {(place, key): text for key, text in cells.items()}
        self.numbers[place] = number
        self.rows[place], refused = cleaned_row(self.table, place, raw)
        self.faults += [self._told(fault) for fault in refused]

    def taken(self, policy: Policy) -> Taken:
        """Return the rows when nothing at all is wrong with them, otherwise everything that is."""
        most = len(self.table.row_titles) or MOST_ROWS
        if not self.rows and not self.faults:
            self.faults.append(RowFault(0, gettext(ALL_ROWS), "", gettext(NOTHING), gettext(NOTHING_TO_DO)))
        if len(self.rows) > most:
            why = gettext(TOO_MANY, most=most, now=len(self.rows))
            self.faults.append(RowFault(0, gettext(ALL_ROWS), "", why, gettext(TOO_MANY_TO_DO)))
        self.faults += [self._told(fault) for fault in self._checked(policy)]
        if self.faults:
            return Taken(faults=sorted(dict.fromkeys(self.faults), key=lambda fault: fault.row))
        return Taken(self._in_order())

    def _checked(self, policy: Policy) -> Iterator[Fault]:
        """Ask the form about the table alone; what it has to say about other answers is said when it is submitted."""
        content: Content = {self.table.key: [self.rows.get(n, {}) for n in range(max(self.rows, default=-1) + 1)]}
        if self.table.when:
            answer, other = self.table.when.answer, ANSWERS[self.table.when.field]
            content[other.key] = [answer] if other.kind is Kind.CHOICES else answer
        return (fault for fault in faults(content, policy) if fault.field.partition(".")[0] == self.table.key)

    def _in_order(self) -> list[Content]:
        if not self.table.row_titles:
            return [self.rows[place] for place in sorted(self.rows)]
        return [self.rows.get(n) or cleaned_row(self.table, n, {})[0] for n in range(len(self.table.row_titles))]

    def _place(self, number: int, line: str) -> int | None:
        """Return where the row stands in the form; None for a line that the table does not have, or has already."""
        if not self.table.row_titles:
            return number - 1
        titles = {str(n): title for n, title in enumerate(self.table.row_titles)}
        known = word_in(line, titles)
        if known not in titles or int(known) in self.rows:
            why = LINE_TWICE if known in titles else NO_LINE
            found = shortened(line)
            self.faults.append(RowFault(number, self.heads.first, found, gettext(why), gettext(LINE_TO_DO)))
            return None
        return int(known)

    def _told(self, fault: Fault) -> RowFault:
        """Say a fault of the form in the terms of the sheet."""
        _, _, rest = fault.field.partition(".")
        row, _, key = rest.partition(".")
        if not row:
            return RowFault(0, gettext(ALL_ROWS), "", fault.message, gettext(TOO_MANY_TO_DO))
        column, place = self.table.column(key), int(row)
        found = shortened(self.found.get((place, key), ""))
        why = fault.message.removeprefix(Place(column, self.table, place).label).lstrip(JOINTS)
        return RowFault(self.numbers[place], self.heads.named(key), found, why, remedy_for(column), key)


def _typed(column: Field, text: str) -> str:
    """Return what a spreadsheet made of a cell as a person would have typed it into the form."""
    if column.kind is Kind.CHOICE:
        return word_in(text, column.choice_titles)
    if column.unit == PERCENT:
        return plain(text).removesuffix("%").strip()
    day = day_of(plain(text)) if column.kind is Kind.MONTH else None
    return f"{day:%Y-%m}" if day else text
