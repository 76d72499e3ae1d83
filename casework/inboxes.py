"""Inbox, queue and archive: what is mine to do, what anyone of my role may do, and what I have done."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, or_, select

from casework.access import held_by
from casework.cases import BASE_NAME
from casework.people import Person
from core.clock import local, today
from models.application import Application
from models.case import Assignment, Case, StageRound
from models.organisation import Organisation
from regulation.calendar import official
from regulation.roles import Duty

MOST = 500
"""Lines an inbox, queue or archive shows at most."""


@dataclass(frozen=True)
class Item:
    """A line of an inbox, queue or archive."""

    assignment: Assignment
    case: Case
    stage: str
    round: int
    unit: str
    base_name: str

    @property
    def days_left(self) -> int:
        """Working days until it is due; negative when overdue."""
        return official().between(today(), self.assignment.due_on)

    @property
    def overdue(self) -> bool:
        """Whether an open duty is past its day."""
        ended = self.assignment.ended_at
        return self.assignment.due_on < (local(ended).date() if ended else today())


def mine(person: Person):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a condition
    """Return the condition under which an assignment is this person's."""
    duties = [duty for duty in Duty if person.has(duty.role)]
    for_all = col(Assignment.user_id).is_(None) & col(Assignment.duty).in_(duties)
    of_ours = or_(col(Assignment.organisation_id).is_(None), Assignment.organisation_id == person.organisation_id)
    return or_(held_by(person), for_all & of_ours)


def items(session: Session, condition, *order) -> list[Item]:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002 - SQL
    """Return assignments with what a list shows of their cases, the most urgent first unless told otherwise."""
    rows = session.exec(
        select(Assignment, Case, StageRound, Organisation.name, BASE_NAME)  # type: ignore[call-overload]  # four at most
        .join(Case, col(Case.id) == Assignment.case_id)
        .join(StageRound, col(StageRound.id) == Assignment.stage_round_id)
        .join(Application, col(Application.id) == Case.application_id)
        .join(Organisation, col(Organisation.id) == Application.organisation_id)
        .where(condition)
        .order_by(*(order or (col(Assignment.due_on), col(Assignment.assigned_at))))
        .limit(MOST)
    )
    return [Item(a, c, r.stage, r.round, unit, base_name) for a, c, r, unit, base_name in rows]


def open_counts(session: Session, person: Person) -> tuple[int, int]:
    """Count what waits in the person's inbox and in the queue, in one query."""
    of_role = col(Assignment.user_id).is_(None) & col(Assignment.organisation_id).is_(None)
    counts = select(func.count().filter(~of_role), func.count().filter(of_role)).select_from(Assignment)
    inbox, queue = session.exec(counts.where(mine(person), col(Assignment.ended_at).is_(None))).one()
    return inbox, queue


def inbox_of(session: Session, person: Person) -> list[Item]:
    """Return what is this very person's to do: duties given by name, or to the person's organisation."""
    by_name = or_(col(Assignment.user_id).is_not(None), col(Assignment.organisation_id).is_not(None))
    return items(session, mine(person) & by_name & col(Assignment.ended_at).is_(None))


def queue_of(session: Session, person: Person) -> list[Item]:
    """Return what anyone of the person's role may do."""
    of_role = col(Assignment.user_id).is_(None) & col(Assignment.organisation_id).is_(None)
    return items(session, mine(person) & of_role & col(Assignment.ended_at).is_(None))


def archive_of(session: Session, person: Person) -> list[Item]:
    """Return what the person has done, the last first."""
    return items(session, Assignment.done_by == person.id, col(Assignment.done_at).desc())
