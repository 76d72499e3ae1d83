"""Rows of a draft's tables, brought as a workbook or pasted from one, and taken away the same way."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from casework.applications import own, require_editable, save
from casework.people import Person
from core import spreadsheets
from core.errors import Fault, Invalid, NotFound
from core.i18n import gettext, marked
from models.application import Application, Call
from regulation.form.field import MOST_ROWS, Field
from regulation.form.row_faults import ALL_ROWS, RowFault
from regulation.form.row_reading import TOO_MANY, TOO_MANY_TO_DO, understood
from regulation.form.row_words import TABLES, columns_of, permitted, rows_out
from regulation.policy import policy_of

NOT_TAKEN = marked("有 {n} 处需要更正，一行也没有导入；请按下表更正后重新导入。")
PERMITTED = marked("填写说明")
HEADS = (marked("列"), marked("可以填写的词语"), marked("单位"), marked("是否必填"))
REPORT = marked("错误报告")
REPORTED = (marked("行"), marked("列"), marked("现在的内容"), marked("问题"), marked("怎样更正"))
REQUIRED, OPTIONAL = marked("必填"), marked("选填")

Lines = list[list[str]]


class RowsInvalid(Invalid):
    """Rows that were brought cannot be taken, none of them; `found` says what is wrong in each."""

    def __init__(self, table: Field, found: Sequence[RowFault]) -> None:
        """Take the table and what is wrong."""
        self.found = list(found)
        faults = [Fault(".".join(_path(table, fault)), fault.sentence()) for fault in found]
        super().__init__(NOT_TAKEN, faults=faults, n=len(found))


@dataclass(frozen=True)
class Brought:
    """A sheet's lines for a table; `headed` when the first must be the headings; `append` keeps the rows there are."""

    table: Field
    lines: Lines
    headed: bool = True
    append: bool = False


def table_of(key: str) -> Field:
    """Return the table of the form; raises `NotFound` for a word that is none."""
    if key not in TABLES:
        raise NotFound
    return TABLES[key]


def bring(
    session: Session, application_id: UUID, brought: Brought, version: int | None, *, by: Person
) -> tuple[Application, int]:
    """Fill a table of the draft with rows; return it and how many came. All of them are taken, or none.

    Raises `RowsInvalid` naming each fault by row and column, `Stale` as `save` does, `Invalid` for what is no workbook.
    """
    table, application = brought.table, own(session, application_id, by, hold=True)
    require_editable(session, application)
    policy = policy_of(session.get_one(Call, application.call_id).policy)
    taken = understood(table, brought.lines, policy, headed=brought.headed)
    if taken.faults:
        raise RowsInvalid(table, taken.faults)
    there = list(application.content.get(table.key) or []) if brought.append and not table.row_titles else []
    if len(there) + len(taken.rows) > MOST_ROWS:
        why = gettext(TOO_MANY, most=MOST_ROWS, now=len(there) + len(taken.rows))
        raise RowsInvalid(table, [RowFault(0, gettext(ALL_ROWS), "", why, gettext(TOO_MANY_TO_DO))])
    return save(session, application_id, {table.key: there + taken.rows}, version, by=by), len(taken.rows)


def lines_of(content: bytes) -> Lines:
    """Return the lines of a workbook's first sheet; raises `Invalid` for what is none, or too large."""
    return spreadsheets.lines(content)


def pasted(text: str) -> Lines:
    """Return the lines of what was copied out of a spreadsheet: cells between tabs, quoted where they have lines."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    try:
        return list(csv.reader(io.StringIO(plain, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        return [line.split("\t") for line in plain.split("\n")]


def template(table: Field) -> bytes:
    """Return a workbook to fill in: the headings, and on a second sheet the words and units that are permitted."""
    return _workbook(table, [])


def exported(table: Field, application: Application) -> bytes:
    """Return the rows of a draft as the same workbook; brought back unchanged, it changes nothing."""
    return _workbook(table, rows_out(table, application.content))


def report(found: Sequence[RowFault]) -> bytes:
    """Return the faults as a workbook."""
    rows = [(fault.row or "—", fault.column, fault.found, fault.why, fault.remedy) for fault in found]
    return spreadsheets.write(spreadsheets.Table(gettext(REPORT), [gettext(head) for head in REPORTED], rows))


def _workbook(table: Field, rows: Sequence[Sequence[spreadsheets.Cell]]) -> bytes:
    columns = columns_of(table)
    words = {column.heading: permitted(table, column) for column in columns}
    return spreadsheets.write(
        spreadsheets.Table(
            gettext(table.title),
            [column.heading for column in columns],
            rows or [[title] + [""] * len(table.columns) for title in words[columns[0].heading] if table.row_titles],
            {column.heading for column in columns if column.as_typed},
            {heading: choices for heading, choices in words.items() if choices},
        ),
        spreadsheets.Table(
            gettext(PERMITTED),
            [gettext(head) for head in HEADS],
            [
                (
                    column.heading,
                    gettext(marked("、")).join(words[column.heading]),
                    gettext(column.field.unit) if column.field and column.field.unit else "",
                    gettext(REQUIRED if not column.field or column.field.required else OPTIONAL),
                )
                for column in columns
            ],
        ),
    )


def _path(table: Field, fault: RowFault) -> list[str]:
    """Return where a fault is: table, row as the sheet numbers it, column."""
    return [table.key, *([str(fault.row)] if fault.row else []), *([fault.key] if fault.key else [])]
