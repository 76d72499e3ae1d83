"""What is wrong in rows that were brought: where, what was found there, why, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass

from core.i18n import gettext, marked
from regulation.form.field import Field, Kind

ALL_ROWS = marked("整表")
WORDS = marked("请改为以下词语之一：{words}。")
COMMA = marked("、")
BARE_NUMBER = marked("只填数字，不带单位和文字。")
NUMBER_IN = marked("只填数字，以“{unit}”为单位。")
REMEDIES = {
    Kind.YEAR: marked("填四位年份，如 2025。"),
    Kind.MONTH: marked("填年月，如 1985-06。"),
    Kind.DAY: marked("填年月日，如 2025-06-30。"),
    Kind.TEXT: marked("请修改该单元格的文字。"),
    Kind.LONG: marked("请修改该单元格的文字。"),
}
OTHERWISE = marked("请更正后重新导入。")
TOLD = marked("第 {row} 行“{column}”：{why}{found}{remedy}")
TOLD_OF_TABLE = marked("{why}{remedy}")
FOUND = marked("现为“{found}”。")
LONGEST_FOUND = 60


@dataclass(frozen=True)
class RowFault:
    """One fault; `row` is the number that the spreadsheet shows (0: the table as a whole)."""

    row: int
    column: str
    found: str
    why: str
    remedy: str
    key: str = ""

    def sentence(self) -> str:
        """Say all of it, in the reader's language."""
        if not self.row:
            return gettext(TOLD_OF_TABLE, why=self.why, remedy=self.remedy)
        found = gettext(FOUND, found=self.found) if self.found else ""
        return gettext(TOLD, row=self.row, column=self.column, why=self.why, found=found, remedy=self.remedy)


def shortened(text: str) -> str:
    """Return what was found, short enough to be shown in a report."""
    return text if len(text) <= LONGEST_FOUND else text[:LONGEST_FOUND] + "…"


def remedy_for(field: Field) -> str:
    """Return what to do about a wrong cell of a column."""
    return REMEDY.get(field.kind, _usual)(field)


def _one_of(field: Field) -> str:
    return gettext(WORDS, words=gettext(COMMA).join(gettext(choice.title) for choice in field.choices))


def _figure(field: Field) -> str:
    return gettext(NUMBER_IN, unit=gettext(field.unit)) if field.unit else gettext(BARE_NUMBER)


def _usual(field: Field) -> str:
    return gettext(REMEDIES.get(field.kind, OTHERWISE))


REMEDY: dict[Kind, Callable[[Field], str]] = {Kind.CHOICE: _one_of, Kind.INTEGER: _figure, Kind.NUMBER: _figure}
