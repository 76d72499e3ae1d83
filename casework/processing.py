"""Processing time: the working days a case lay in whose hands; the clock stands still while the applicant corrects."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from casework.assignments import given_in
from core.clock import local, today
from core.i18n import marked
from models.case import Assignment
from models.publicity import Publicity, PublicityItem
from regulation.calendar import Calendar, official
from regulation.roles import Duty, Role

EXPERTS, PUBLIC = marked("专家评审"), marked("公示")
BODIES = {Duty.ANSWER: EXPERTS, Duty.REVIEW: EXPERTS, Duty.CONCLUDE: EXPERTS}
"""Duties that are not shown under their role; what a committee needs, it needs together."""
NOT_COUNTED = frozenset({Role.APPLICANT.title, EXPERTS, PUBLIC})
"""Corrections, the experts' time (行政许可法 Art. 45) and the days of publicity do not count in the period."""


@dataclass(frozen=True)
class Spell:
    """A time in which a case lay in somebody's hands; `until` is empty while it still does."""

    body: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Hand:
    """How long a case lay in one body's hands, in working days, and whether they count."""

    body: str
    days: int
    counted: bool


@dataclass(frozen=True)
class Processing:
    """The time of a case: its counted working days, and all of them by body."""

    days: int
    hands: list[Hand]


def processing(spells: Sequence[Spell], on: date, calendar: Calendar) -> Processing:
    """Count working days by body; the day something begins is not counted (民法典 Art. 201), no day counts twice.

    A day on which the case lay in several hands counts for each of them, and once in the sum.
    """
    days: dict[str, set[date]] = {}
    for spell in spells:
        last = min(spell.until or on, on)
        days.setdefault(spell.body, set()).update(_working(calendar, spell.since, last))
    counted: set[date] = set().union(*(found for body, found in days.items() if body not in NOT_COUNTED))
    return Processing(len(counted), [Hand(body, len(found), body not in NOT_COUNTED) for body, found in days.items()])


def processing_of(session: Session, case_id: UUID, duties: Sequence[Assignment] | None = None) -> Processing:
    """Return how long a case was in whose hands, in the order in which they had it, up to today.

    `duties` are all that were given in it, where they are known. What nobody had to make public is on no list.
    """
    given = given_in(session, case_id) if duties is None else duties
    public = lists_with(session, case_id) if any(one.duty is Duty.PUBLICISE for one in given) else ()
    return processing([*spells_of(given), *publicities(public)], today(), official())


def lists_with(session: Session, case_id: UUID) -> Sequence[Publicity]:
    """Return the public lists that a case is on, the first one first."""
    lists = select(Publicity).join(PublicityItem, col(PublicityItem.publicity_id) == Publicity.id)
    return session.exec(lists.where(PublicityItem.case_id == case_id).order_by(col(Publicity.first_on))).all()


def spells_of(duties: Collection[Assignment]) -> list[Spell]:
    """Return the times in which duties were open."""
    return [
        Spell(
            BODIES.get(duty.duty, duty.duty.role.title),
            local(duty.assigned_at).date(),
            local(duty.ended_at).date() if duty.ended_at else None,
        )
        for duty in duties
    ]


def publicities(lists: Iterable[Publicity]) -> list[Spell]:
    """Return the days of publicity, the first one counted."""
    return [Spell(PUBLIC, one.first_on - timedelta(1), one.last_on) for one in lists]


def _working(calendar: Calendar, since: date, until: date) -> Iterable[date]:
    days = (since + timedelta(n) for n in range(1, (until - since).days + 1))
    return (day for day in days if calendar.is_working(day))
