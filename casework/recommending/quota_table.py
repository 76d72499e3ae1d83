"""The table of places 名额分配表 as a spreadsheet: taken away, filled in, brought back whole or not at all."""

from uuid import UUID

from sqlmodel import Session

from casework.people import recommending_bodies
from casework.quotas import MOST, lines_of
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from core.spreadsheets import Row, Table, read, write
from models.application import Call

NAME, BODY, PLACES, USED = "名额分配表", "推荐单位", "单独名额", "已用名额"
LONGEST = 10
"""Digits: a number of thousands is not even read."""
UNKNOWN = marked("第 {row} 行：没有名为“{body}”的推荐单位，请与系统中的名称一致。")
TWICE = marked("第 {row} 行：“{body}”在表中出现了两次。")
NO_NUMBER = marked("第 {row} 行：“{body}”的名额“{given}”应为 0 至 {most} 的整数，不设单独名额的请留空。")
NO_ROWS = marked("表中没有任何推荐单位，请下载名额分配表填写后再导入。")


def quota_sheet(session: Session, call: Call) -> bytes:
    """Write every body with its own number of places and how many it has used."""
    rows = [[line.name, line.own, line.places.used] for line in lines_of(session, call)]
    return write(Table(NAME, (BODY, PLACES, USED), rows))


def quotas_in(session: Session, content: bytes) -> dict[UUID, int | None]:
    """Read a table of places; an empty cell gives the body the call's rule for everybody, bodies left out keep theirs.

    Raises `Invalid` with every wrong row at once.
    """
    bodies = {body.name: body.id for body in recommending_bodies(session)}
    rows = read(content, (BODY, PLACES))
    faults = [fault for number, row in enumerate(rows) if (fault := _fault(row, bodies, rows[:number]))]
    if faults or not rows:
        raise Invalid(faults=faults or [Fault("file", NO_ROWS)])
    return {bodies[row.cells[BODY]]: int(given) if (given := row.cells[PLACES]) else None for row in rows}


def _fault(row: Row, bodies: dict[str, UUID], before: list[Row]) -> Fault | None:
    body, given = row.cells[BODY], row.cells[PLACES]
    if body not in bodies:
        return Fault("file", gettext(UNKNOWN, row=row.number, body=body))
    if any(one.cells[BODY] == body for one in before):
        return Fault("file", gettext(TWICE, row=row.number, body=body))
    if given and not (given.isascii() and given.isdigit() and len(given) <= LONGEST and int(given) <= MOST):
        return Fault("file", gettext(NO_NUMBER, row=row.number, body=body, given=given[:20], most=MOST))
    return None
