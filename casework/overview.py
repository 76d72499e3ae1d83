"""All cases at a glance: the one search behind the office's table, its file and the API."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, case, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, and_, col, func, tuple_

from casework.access import OVERSEERS, visible
from casework.cases import BASE_NAME
from casework.paging import Page, Place, cursor, cut, place_of
from casework.people import Person
from casework.searching import found_by
from casework.turns import Turn, turns_in
from core.clock import local, today
from core.errors import Invalid
from core.i18n import marked
from models.application import Application, Call
from models.case import Assignment, Case, StageRound
from models.organisation import Organisation
from regulation.definition import STAGES
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role

MOST = 200
"""Cases on a page at most."""
ENDLESS = date(9999, 12, 31)
"""When what has no deadline is due, for sorting."""
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Search:
    """What is asked for; `outcome` is open, closed or an `Outcome`, `turn` the role that must act now."""

    words: str = ""
    call: str = ""
    stage: str = ""
    area: str = ""
    recommender: UUID | None = None
    outcome: str = ""
    turn: str = ""
    overdue: bool = False
    stalled: bool = False
    sort: str = "due"
    after: str = ""
    limit: int = 50


@dataclass(frozen=True)
class Row:
    """One case as lists show it; `since` is when its stage was opened last, or when the case was closed.

    `softened`: the reader is the applicant, see `casework.turn_words`.
    """

    case: Case
    unit: str
    credit_code: str
    base_name: str
    area: str
    recommender: str
    call: str
    since: datetime
    due_on: date | None
    turns: list[Turn]
    softened: bool = False

    @property
    def days(self) -> int:
        """Days in the stage, or since the end."""
        return max(0, (today() - local(self.since).date()).days)

    @property
    def overdue(self) -> bool:
        """Whether somebody's duty is past its day."""
        return self.due_on is not None and self.due_on < today()


@dataclass(frozen=True)
class Order:
    """One way to sort: the column, the kind of its values, and where a row stands in it; `turned`: the last first."""

    column: SQLColumnExpression[Any]
    kind: type[Place]
    of: Callable[[Row], Place]
    turned: bool = False


UNIT, BODY = aliased(Organisation, name="unit"), aliased(Organisation, name="body")
DUE = (
    select(col(Assignment.case_id), func.min(Assignment.due_on).label("on"))
    .where(col(Assignment.ended_at).is_(None))
    .group_by(col(Assignment.case_id))
    .subquery("due")
)
AREA = func.coalesce(func.nullif(func.jsonb_extract_path_text(Application.content, "area"), ""), UNIT.area_code)
OPENED = select(func.max(StageRound.opened_at)).where(col(StageRound.case_id) == Case.id).scalar_subquery()
SINCE = func.coalesce(Case.closed_at, OPENED, Case.opened_at)
PLACES = {one.key: number for number, one in enumerate(STAGES)}
CHAPTER = case(PLACES, value=col(Case.stage), else_=len(PLACES))

ORDERS = {
    "reference": Order(col(Case.reference), str, lambda row: row.case.reference),
    "unit": Order(col(UNIT.name), str, lambda row: row.unit),
    "stage": Order(CHAPTER, int, lambda row: PLACES.get(row.case.stage, len(PLACES))),
    "days": Order(SINCE, datetime, lambda row: row.since, turned=True),
    "due": Order(func.coalesce(DUE.c.on, ENDLESS), date, lambda row: row.due_on or ENDLESS),
}
"""What a list can be sorted by; a minus before the name turns it round. Equals follow by reference."""


def search_cases(session: Session, person: Person, search: Search) -> Page[Row]:
    """Return one page of the cases this person may see; raises `Invalid` for an unknown order or a broken cursor."""
    order = ORDERS.get(search.sort.removeprefix("-"))
    if not order:
        raise Invalid(marked("不能按此项排序。"))
    down, limit = search.sort.startswith("-") != order.turned, min(max(search.limit, 1), MOST)
    place = tuple_(order.column, col(Case.reference))
    found = selected(*conditions(person, search)).limit(limit + 1)
    found = found.order_by(*(part.desc() if down else part for part in (order.column, col(Case.reference))))
    if search.after:
        reached = tuple_(*place_of(search.after, search.sort, order.kind, str))
        found = found.where(place < reached if down else place > reached)
    rows = rows_of(session, person, found)
    return cut(rows, limit, lambda row: cursor(search.sort, order.of(row), row.case.reference))


def every_case(session: Session, person: Person, search: Search) -> Iterator[Row]:
    """Yield all cases of a search, however many pages they fill."""
    search = replace(search, after="", limit=MOST)
    while True:
        found = search_cases(session, person, search)
        yield from found.rows
        if not found.next:
            return
        search = replace(search, after=found.next)


def count_cases(session: Session, person: Person, search: Search) -> int:
    """Count the cases of a search."""
    return int(session.execute(joined(func.count(col(Case.id))).where(*conditions(person, search))).scalar_one())


def joined(*columns: Any) -> Select[Any]:  # noqa: ANN401 - whatever can be selected
    """Select columns of cases with everything they can be searched by."""
    return (
        select(*columns)
        .select_from(Case)
        .join(Application, col(Application.id) == Case.application_id)
        .join(UNIT, col(UNIT.id) == Application.organisation_id)
        .join(BODY, col(BODY.id) == Application.recommender_id)
        .join(Call, col(Call.id) == Application.call_id)
        .join(DUE, DUE.c.case_id == Case.id, isouter=True)
    )


def selected(*wanted: ColumnElement[bool]) -> Select[Any]:
    """Select what `rows_of` reads."""
    columns = UNIT.name, UNIT.credit_code, BASE_NAME, AREA, BODY.name, Call.code, SINCE, DUE.c.on
    return joined(Case, *columns).where(*wanted)


def rows_of(session: Session, person: Person, found: Select[Any]) -> list[Row]:
    """Read the cases that were selected, each with whose turn it is; names are for those who oversee."""
    rows: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(found)]
    turns = turns_in(session, [row[0] for row in rows], named=person.has(*OVERSEERS))
    softened = person.has(Role.APPLICANT)
    return [Row(*(*row, turns[row[0].id], softened)) for row in rows]


def conditions(person: Person, search: Search) -> list[ColumnElement[bool]]:
    """Return what must hold of a case to be found."""
    wanted = found_by(search.words, col(Case.reference), col(UNIT.name), col(UNIT.credit_code), BASE_NAME)
    equal = {
        col(Call.code): search.call,
        col(Case.stage): search.stage,
        AREA: search.area,
        col(Application.recommender_id): search.recommender,
    }
    wanted += [column == value for column, value in equal.items() if value]
    if search.overdue:
        wanted.append(DUE.c.on < today())
    if search.stalled:
        wanted.append(col(Case.stalled_at).is_not(None))
    return [visible(person), *wanted, *_ending(search.outcome), *waiting_for(search.turn)]


def _ending(outcome: str) -> list[ColumnElement[bool]]:
    if not outcome:
        return []
    if outcome in {OPEN, CLOSED}:
        return [col(Case.closed_at).is_(None) if outcome == OPEN else col(Case.closed_at).is_not(None)]
    if outcome not in set(Outcome):
        raise Invalid(marked("没有这种办理结果。"))
    return [col(Case.outcome) == outcome]


def waiting_for(role: str) -> list[ColumnElement[bool]]:
    """Return that somebody of the role must act; while a case is stalled it is nobody's turn but the operator's."""
    if not role:
        return []
    duties = [duty for duty in Duty if duty.role == role]
    given = select(col(Assignment.case_id)).where(col(Assignment.ended_at).is_(None))
    waiting = given.where(col(Assignment.duty).in_(duties))
    return [and_(col(Case.stalled_at).is_(None), col(Case.id).in_(waiting))]
