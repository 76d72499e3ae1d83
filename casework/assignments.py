"""Assignments: whose duty what is, and the inbox, queue and archive they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from casework.cases import policy_for
from casework.letters import post
from casework.people import Person, holders_of
from core.clock import local, now, today
from core.errors import NotAssigned, NotFound
from models.application import Application
from models.case import Assignment, Case, StageRound
from models.organisation import Organisation
from models.person import User
from regulation.calendar import Reckoning, official
from regulation.definition import stage
from regulation.policy import Policy
from regulation.roles import DUTY_PERIODS, Duty

MOST = 500
"""Lines an inbox, queue or archive shows at most."""


@dataclass(frozen=True)
class Holder:
    """Who gets a duty: a person, everyone of an organisation, or (both empty) everyone with the duty's role."""

    user_id: UUID | None = None
    organisation_id: UUID | None = None
    leads: bool = False


def due(policy: Policy, duty: Duty, begins: date) -> Reckoning:
    """Return the last day of a duty that begins on a day, in working days of the official calendar."""
    return official().after(begins, int(getattr(policy, DUTY_PERIODS[duty])))


def assign(session: Session, at: StageRound, duty: Duty, holder: Holder, *, by: Person | None = None) -> Assignment:
    """Give somebody a duty in a round, with its due date, and post the letter that says so."""
    case = session.get_one(Case, at.case_id)
    reckoned = due(policy_for(session, case), duty, today())
    assignment = Assignment(
        stage_round_id=at.id,
        case_id=case.id,
        duty=duty,
        user_id=holder.user_id,
        organisation_id=holder.organisation_id,
        leads=holder.leads,
        due_on=reckoned.day,
        provisional=reckoned.provisional,
        assigned_by=by.id if by else None,
    )
    session.add(assignment)
    session.flush()
    if duty is not Duty.CORRECT:  # the letter of return asks for the correction
        announce(session, case, assignment)
    return assignment


def announce(session: Session, case: Case, assignment: Assignment) -> None:
    """Post the letter of an assignment to everyone who may carry it out."""
    at = session.get_one(StageRound, assignment.stage_round_id)
    for person in carriers(session, assignment):
        post(
            session,
            "assignment",
            person,
            about=str(assignment.id),
            case=case,
            duty=assignment.duty.title,
            stage=stage(at.stage).title,
            due_on=assignment.due_on.isoformat(),
            provisional=assignment.provisional,
            path=f"/duties/{assignment.id}",
        )


def carriers(session: Session, assignment: Assignment) -> list[User]:
    """Return the people who may carry out an assignment."""
    if assignment.user_id:
        return [session.get_one(User, assignment.user_id)]
    return holders_of(session, assignment.duty.role, assignment.organisation_id)


def is_for(assignment: Assignment, person: Person) -> bool:
    """Whether the duty is this person's to do."""
    if assignment.user_id:
        return assignment.user_id == person.id
    if assignment.organisation_id and assignment.organisation_id != person.organisation_id:
        return False
    return person.has(assignment.duty.role)


def finish(assignment: Assignment, *, by: Person) -> None:
    """Mark a duty as done."""
    assignment.done_at = assignment.ended_at = now()
    assignment.done_by = by.id


def end_open(session: Session, at: StageRound) -> list[Assignment]:
    """End what is still open in a round because it is needed no longer; return what was ended."""
    still_open = session.exec(open_in(at.id)).all()
    for assignment in still_open:
        assignment.ended_at = now()
    return list(still_open)


def open_in(stage_round_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a statement
    """Select the open assignments of a round."""
    return select(Assignment).where(Assignment.stage_round_id == stage_round_id, col(Assignment.ended_at).is_(None))


def of_round(session: Session, stage_round_id: UUID) -> Sequence[Assignment]:
    """Return every assignment of a round in the order they were given."""
    return session.exec(
        select(Assignment).where(Assignment.stage_round_id == stage_round_id).order_by(col(Assignment.assigned_at))
    ).all()


def own(session: Session, assignment_id: UUID, person: Person) -> Assignment:
    """Return an assignment if it is this person's; raises `NotFound`, or `NotAssigned` if it is somebody else's."""
    assignment = session.get(Assignment, assignment_id)
    if not assignment:
        raise NotFound
    if not is_for(assignment, person):
        raise NotAssigned
    return assignment


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
    return or_(Assignment.user_id == person.id, for_all & of_ours)


def items(session: Session, condition, *order) -> list[Item]:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002 - SQL
    """Return assignments with what a list shows of their cases, the most urgent first unless told otherwise."""
    rows = session.exec(
        select(Assignment, Case, StageRound, Organisation.name, Application.content)  # type: ignore[call-overload]  # four at most
        .join(Case, col(Case.id) == Assignment.case_id)
        .join(StageRound, col(StageRound.id) == Assignment.stage_round_id)
        .join(Application, col(Application.id) == Case.application_id)
        .join(Organisation, col(Organisation.id) == Application.organisation_id)
        .where(condition)
        .order_by(*(order or (col(Assignment.due_on), col(Assignment.assigned_at))))
        .limit(MOST)
    )
    return [Item(a, c, r.stage, r.round, unit, str(content.get("base_name", ""))) for a, c, r, unit, content in rows]


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
