"""Duties kept apart: nobody accepts, scores and decides one file (GB/T 22239-2019, minimum rights).

Whoever has had one of the three parts in a case has no other in it, in no round, be it in somebody else's place.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from casework.people import Person
from core.clock import local
from core.errors import DutiesApart
from models.case import Assignment, Case
from regulation.roles import PARTS, Duty


def refuse_another_part(session: Session, duty: Duty, case: Case, *, by: Person) -> None:
    """Raise `DutiesApart`, naming the earlier act and its day, when the person had another part in the case."""
    for earlier in parts_taken(session, [case.id], [by.id]):
        if duty in PARTS and PARTS[earlier.duty] != PARTS[duty]:
            on = local(earlier.done_at).date().isoformat() if earlier.done_at else ""
            raise DutiesApart(at=on, earlier=earlier.duty.title, duty=duty.title)


def parts_taken(session: Session, case_ids: Collection[UUID], user_ids: Collection[UUID]) -> Sequence[Assignment]:
    """Return the duties of a part that these people have done in these cases, the earliest first."""
    return session.exec(
        select(Assignment)
        .where(col(Assignment.case_id).in_(case_ids), col(Assignment.done_by).in_(user_ids))
        .where(col(Assignment.duty).in_(list(PARTS)), col(Assignment.done_at).is_not(None))
        .order_by(col(Assignment.done_at))
    ).all()
