"""Spreadsheets (.xlsx): lists that people take away, and lists that they bring.

What is written is text and numbers, never a formula or a link, whatever it begins with. What is read is limited before
it is unpacked.
"""

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from core.unpacking import MOST_ROWS, MOST_UNPACKED, NO_WORKBOOK, TOO_LARGE, TOO_MANY_ROWS, refused, repacked

__all__ = [
    "MEDIA_TYPE",
    "MOST_ROWS",
    "MOST_UNPACKED",
    "NO_WORKBOOK",
    "TOO_LARGE",
    "Row",
    "Table",
    "lines",
    "read",
    "write",
]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40
LONGEST_LIST = 255
"""Characters that the words of a drop-down list may have together (a limit of the format)."""

INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}

NO_HEADING = marked("第 1 行缺少列“{heading}”，请下载模板后填写。")

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Table:
    """One sheet to be written: its name, its headings, its rows.

    Columns named in `typed` keep what is typed into them as it was typed; those of `choices` offer a list of words.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    typed: Collection[str] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row that was read: its number as the spreadsheet shows it (the headings are row 1), and heading → text."""

    number: int
    cells: dict[str, str]


def write(*tables: Table) -> bytes:
    """Write a workbook with a sheet for each table."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, INERT) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        as_typed = book.add_format({"num_format": "@"})
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            sheet.write_row(0, 0, table.headings, bold)
            _fill(sheet, table, day)
            sheet.freeze_panes(1, 0)
            for column, width in enumerate(_widths(table)):
                sheet.set_column(column, column, width, as_typed if table.headings[column] in table.typed else None)
            _offer(sheet, table)
    return target.getvalue()


def _fill(sheet: Worksheet, table: Table, day: Format) -> None:
    for number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell, *([day] if isinstance(cell, date) else []))


def _offer(sheet: Worksheet, table: Table) -> None:
    """Give the columns with permitted words their lists, where the format has room for one."""
    for heading, choices in table.choices.items():
        column = table.headings.index(heading)
        if len(",".join(choices)) <= LONGEST_LIST and not any("," in one for one in choices):
            sheet.data_validation(1, column, MOST_ROWS, column, {"validate": "list", "source": list(choices)})


def _widths(table: Table) -> Iterable[int]:
    """Return the width of each column in characters; a Chinese one is as wide as two others."""
    for column, heading in enumerate(table.headings):
        cells = [heading, *(str(row[column] or "") for row in table.rows)]
        yield min(WIDEST, 2 + max(sum(1 + (ord(sign) > 0x2E7F) for sign in cell) for cell in cells))


def read(content: bytes, headings: Sequence[str]) -> list[Row]:
    """Read the first sheet of a workbook whose first row has these headings, in any order; empty rows are passed over.

    Raises `Invalid` for what is no workbook, is too large, or lacks a heading.
    """
    found = lines(content)
    head = found[0] if found else []
    absent = [heading for heading in headings if heading not in head]
    if absent:
        raise Invalid(faults=[Fault("file", gettext(NO_HEADING, heading=heading)) for heading in absent])
    places = {heading: head.index(heading) for heading in headings}
    rows = (
        Row(number, {heading: line[place] for heading, place in places.items()})
        for number, line in enumerate(found[1:], 2)
    )
    return [row for row in rows if any(row.cells.values())]


def lines(content: bytes) -> list[list[str]]:
    """Return every cell of the first sheet as text, line by line from row 1 and column A; raises `Invalid`."""
    harmless = repacked(content)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(harmless)).get_sheet_by_index(0)
        found = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise refused(NO_WORKBOOK) from error
    if len(found) > MOST_ROWS + 1:
        raise refused(TOO_MANY_ROWS, n=MOST_ROWS)
    return [[_text(cell) for cell in line] for line in found]


def _text(cell: object) -> str:
    """Return a cell as people see it: a number with the 15 digits that spreadsheets keep, a day without an hour."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).strip()
