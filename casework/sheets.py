"""The scoring sheet of a call: announced with it, so it is set before the call opens and never after."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session, select

from casework import journal
from casework.access import require
from casework.cases import snapshot_for
from casework.people import Person
from core.clock import now
from core.errors import Conflict, Invalid, NotFound
from core.i18n import marked
from models.application import Call
from models.case import Case
from regulation.roles import Role
from regulation.sheet import DEFAULT, Group, Item, Sheet, problems, sheet_of, with_sheet

ANNOUNCED = marked("批次已开始申报，评分表已随申报通知公布，不能再修改（参照《招标投标法实施条例》第四十九条）。")


@dataclass(frozen=True)
class Line:
    """One line as people write a sheet: first level (empty: as the line before), second level, points, article."""

    group: str
    title: str
    points: int
    source: str


def sheet_from(lines: Sequence[Line], bands: tuple[int, int, int] = DEFAULT.bands) -> Sheet:
    """Return a sheet made of lines; an item of the first sheet keeps its key, and with it what is declared of it."""
    known = {item.title: item.key for item in DEFAULT.items}
    under = ""
    items: list[tuple[str, Item]] = []
    for number, line in enumerate(lines, 1):
        under = line.group.strip() or under
        key = known.pop(line.title.strip(), f"item_{number}")
        items.append((under, Item(key, line.title.strip(), line.points, line.source.strip())))
    groups = groupby(items, key=lambda pair: pair[0])
    return Sheet(tuple(Group(title, tuple(item for _, item in pairs)) for title, pairs in groups), bands)


def sheet_for(session: Session, case: Case) -> Sheet | None:
    """Return the sheet a case is scored with, or None where its call asks for a single score."""
    return sheet_of(snapshot_for(session, case))


def set_sheet(session: Session, code: str, sheet: Sheet | None, *, by: Person) -> Call:
    """Give a call that is not yet open its sheet, or (None) have it scored with a single figure.

    Raises `NotPermitted`, `NotFound`, `Conflict` once the call is open, `Invalid` with everything wrong with the sheet.
    """
    require(by, Role.OFFICE)
    call = session.exec(
        select(Call).where(Call.code == code).with_for_update().execution_options(populate_existing=True)
    ).first()
    if not call:
        raise NotFound
    if not is_open_to_change(call):
        raise Conflict(ANNOUNCED)
    if sheet and (faults := problems(sheet)):
        raise Invalid(faults=faults)
    call.policy = with_sheet(call.policy, sheet)
    journal.note(session, "sheet-set", case=None, by=by, call=call.code, items=len(sheet.items) if sheet else 0)
    return call


def is_open_to_change(call: Call) -> bool:
    """Whether the sheet may still be changed: applications cannot be filed yet."""
    return now() < call.opens_at
