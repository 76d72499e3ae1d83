"""Spreadsheets (.xlsx): lists that people take away, and lists that they bring.

What is written is text and numbers, never a formula or a link, whatever it begins with. What is read is limited before
it is unpacked.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from core.errors import Fault, Invalid
from core.i18n import gettext, marked

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_UNPACKED = 50_000_000
MOST_FILES = 200
MOST_ROWS = 5_000
WIDEST = 40
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}

NO_WORKBOOK = marked("无法读取该文件，请使用 .xlsx 格式的工作簿。")
TOO_LARGE = marked("工作簿过大，请分成几份导入。")
TOO_MANY_ROWS = marked("一次最多导入 {n} 行，请分成几份导入。")
NO_HEADING = marked("第 1 行缺少列“{heading}”，请下载模板后填写。")

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Table:
    """One sheet to be written: its name, its headings, its rows."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


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
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            sheet.write_row(0, 0, table.headings, bold)
            for number, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell, *([day] if isinstance(cell, date) else []))
            sheet.freeze_panes(1, 0)
            for column, width in enumerate(_widths(table)):
                sheet.set_column(column, column, width)
    return target.getvalue()


def _widths(table: Table) -> Iterable[int]:
    """Return the width of each column in characters; a Chinese one is as wide as two others."""
    for column, heading in enumerate(table.headings):
        cells = [heading, *(str(row[column] or "") for row in table.rows)]
        yield min(WIDEST, 2 + max(sum(1 + (ord(sign) > 0x2E7F) for sign in cell) for cell in cells))


def read(content: bytes, headings: Sequence[str]) -> list[Row]:
    """Read the first sheet of a workbook whose first row has these headings, in any order; empty rows are passed over.

    Raises `Invalid` for what is no workbook, is too large, or lacks a heading.
    """
    refuse_bomb(content)
    try:
        lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Invalid(faults=[Fault("file", gettext(NO_WORKBOOK))]) from error
    if len(lines) > MOST_ROWS + 1:
        raise Invalid(faults=[Fault("file", gettext(TOO_MANY_ROWS, n=MOST_ROWS))])
    head = [_text(cell) for cell in lines[0]] if lines else []
    absent = [heading for heading in headings if heading not in head]
    if absent:
        raise Invalid(faults=[Fault("file", gettext(NO_HEADING, heading=heading)) for heading in absent])
    places = {heading: head.index(heading) for heading in headings}
    rows = (
        Row(number, {heading: _text(line[place]) for heading, place in places.items()})
        for number, line in enumerate(lines[1:], 2)
    )
    return [row for row in rows if any(row.cells.values())]


def refuse_bomb(content: bytes) -> None:
    """Raise `Invalid` for what is no archive, or would be too much when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Invalid(faults=[Fault("file", gettext(NO_WORKBOOK))]) from error
    if len(files) > MOST_FILES or sum(file.file_size for file in files) > MOST_UNPACKED:
        raise Invalid(faults=[Fault("file", gettext(TOO_LARGE))])


def _text(cell: object) -> str:
    """Return a cell as people would type it: a whole number without a point, a day without an hour."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).strip()
