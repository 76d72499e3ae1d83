"""Lines for a spreadsheet: text that a spreadsheet would take for a formula, or for a number, stays text."""

import csv
import io
from collections.abc import Iterable

from core.clock import local
from core.i18n import gettext, marked
from pages.office_lines import Line

BYTE_ORDER_MARK = "\ufeff"
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_NUMBER = 15
"""Digits a spreadsheet keeps; of a longer number, such as a credit code, it drops the rest."""

HEADINGS = (
    marked("编号"),
    marked("批次"),
    marked("申报单位"),
    marked("统一社会信用代码"),
    marked("基地名称"),
    marked("地区"),
    marked("推荐单位"),
    marked("环节"),
    marked("状态"),
    marked("现在轮到"),
    marked("办理事项"),
    marked("停留天数"),
    marked("进入时间"),
    marked("应办结"),
    marked("是否逾期"),
)


def table(lines: Iterable[Line]) -> bytes:
    """Write the lines as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(gettext(heading) for heading in HEADINGS)
    writer.writerows([harmless(value) for value in _values(line)] for line in lines)
    return (BYTE_ORDER_MARK + file.getvalue()).encode()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet carries out or rounds."""
    long_number = text.isdigit() and len(text) > LONGEST_NUMBER
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) or long_number else text


def _values(line: Line) -> tuple[str, ...]:
    row = line.row
    return (
        row.case.reference,
        row.call,
        row.unit,
        row.credit_code,
        row.base_name,
        line.area,
        row.recommender,
        line.stage,
        line.mark[0] or gettext("在办"),
        line.who,
        gettext("、").join(duty for _, duty in line.waiting),
        str(row.days),
        f"{local(row.since):%Y-%m-%d %H:%M}",
        row.due_on.isoformat() if row.due_on else "",
        gettext("是") if row.overdue else gettext("否"),
    )
