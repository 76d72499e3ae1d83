"""The board: every open case in its stage, the figures above it, and how far each call has come."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, and_, col, func

from casework.access import require
from casework.overview import DUE, OPEN, Row, Search, conditions, joined, rows_of, search_cases, selected, waiting_for
from casework.people import Person
from core.clock import local, now, today
from models.application import Application, Call
from models.case import Case
from regulation.definition import STAGES
from regulation.outcomes import Outcome
from regulation.roles import Role

LATELY = timedelta(days=30)
SOON = timedelta(days=3)


OPTIONAL = frozenset({"acceptance", "publicity"})
"""Stages that a call may do without: their columns are there when a case is."""


@dataclass(frozen=True)
class Column:
    """One stage: how many cases are in it, and the first of them: the stalled, then the most urgent."""

    stage: str
    total: int
    rows: list[Row]


@dataclass(frozen=True)
class Figures:
    """What matters today; `office` waits for the office, `certified` and `ended` (otherwise) are of this year."""

    open: int
    office: int
    due_soon: int
    overdue: int
    stalled: int
    certified: int
    ended: int
    certified_lately: int


@dataclass(frozen=True)
class Board:
    """Open cases by stage, those certified lately, and the figures of them all."""

    columns: list[Column]
    certified: list[Row]
    figures: Figures


def board(session: Session, person: Person, search: Search) -> Board:
    """Return the board of the cases in a search, `search.limit` cards a column at most."""
    wanted = conditions(person, replace(search, outcome=OPEN))
    counted = session.execute(joined(Case.stage, func.count()).where(*wanted).group_by(col(Case.stage)))
    totals: dict[str, int] = {stage: number for stage, number in counted}  # noqa: C416 - rows are no plain pairs
    rows = rows_of(session, person, _first_of_each(wanted, search.limit))
    columns = [
        Column(one.key, totals.get(one.key, 0), [row for row in rows if row.case.stage == one.key])
        for one in STAGES
        if one.key in totals or one.key not in OPTIONAL
    ]
    newest = search_cases(session, person, replace(search, outcome=Outcome.APPROVED, sort="days"))
    lately = [row for row in newest.rows if row.since > now() - LATELY]
    return Board(columns, lately, figures(session, person, search))


def figures(session: Session, person: Person, search: Search) -> Figures:
    """Count the cases of a search by what matters today."""
    is_open, closed_at = col(Case.closed_at).is_(None), col(Case.closed_at)
    certified = col(Case.outcome) == Outcome.APPROVED
    counted = (
        is_open,
        and_(*waiting_for(Role.OFFICE)),
        and_(is_open, DUE.c.on.between(today(), today() + SOON)),
        and_(is_open, DUE.c.on < today()),
        col(Case.stalled_at).is_not(None),
        and_(certified, closed_at >= _new_year()),
        and_(~certified, closed_at >= _new_year()),
        and_(certified, closed_at > now() - LATELY),
    )
    found = joined(*(func.count().filter(one) for one in counted)).where(*conditions(person, search))
    return Figures(*session.execute(found).one())


@dataclass(frozen=True)
class Tally:
    """How far a call has come: drafts not yet filed, open cases by stage, closed cases by outcome."""

    drafts: int
    stages: dict[str, int]
    outcomes: dict[Outcome, int]

    @property
    def filed(self) -> int:
        """Applications that became a case."""
        return sum(self.stages.values()) + sum(self.outcomes.values())


def tallies(session: Session, calls: list[Call], *, by: Person) -> dict[UUID, Tally]:
    """Count the applications of calls; for those who look after them."""
    require(by, Role.OFFICE, Role.AUDITOR, Role.DECIDER)
    counted = (
        select(col(Application.call_id), col(Case.stage), col(Case.outcome), func.count())
        .join(Case, col(Case.application_id) == Application.id, isouter=True)
        .where(col(Application.call_id).in_([call.id for call in calls]))
        .group_by(col(Application.call_id), col(Case.stage), col(Case.outcome))
    )
    found = {call.id: Tally(0, {}, {}) for call in calls}
    for call_id, stage, outcome, count in session.execute(counted):
        tally = found[call_id]
        if stage is None:
            found[call_id] = replace(tally, drafts=count)
        elif outcome is None:
            tally.stages[stage] = count
        else:
            tally.outcomes[outcome] = tally.outcomes.get(outcome, 0) + count
    return found


def _first_of_each(wanted: list[ColumnElement[bool]], limit: int) -> Select[Any]:
    urgency = col(Case.stalled_at).is_(None), DUE.c.on.nulls_last(), col(Case.reference)
    number = func.row_number().over(partition_by=col(Case.stage), order_by=urgency)
    numbered = joined(Case.id, number.label("number")).where(*wanted).subquery("numbered")
    first = select(numbered.c.id).where(numbered.c.number <= limit)
    return selected(col(Case.id).in_(first)).order_by(*urgency)


def _new_year() -> datetime:
    return local(now()).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
