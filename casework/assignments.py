"""Assignments: giving a duty, saying so, ending it, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from casework.cases import held, policy_for
from casework.letters import post
from casework.people import Person, holders_of
from core.clock import now, today
from core.errors import NotAssigned, NotFound
from models.case import Assignment, Case, StageRound
from models.person import User
from regulation.calendar import Reckoning, official
from regulation.definition import stage
from regulation.policy import Policy
from regulation.roles import DUTY_PERIODS, Duty


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


def seats_of(session: Session, stage_round_id: UUID) -> list[Assignment]:
    """Return the assignments of a round that stand: all but those the office gave to another."""
    return [assignment for assignment in of_round(session, stage_round_id) if not assignment.replaced_by]


def held_duty(session: Session, assignment_id: UUID) -> tuple[Assignment, Case, StageRound]:
    """Hold the case of a duty, then read the duty and its round anew; raises `NotFound`."""
    assignment = session.get(Assignment, assignment_id)
    if not assignment:
        raise NotFound
    case = held(session, assignment.case_id)
    session.refresh(assignment)
    return assignment, case, session.get_one(StageRound, assignment.stage_round_id, populate_existing=True)


def own(session: Session, assignment_id: UUID, person: Person) -> Assignment:
    """Return an assignment if it is this person's; raises `NotFound`, or `NotAssigned` if it is somebody else's."""
    assignment = session.get(Assignment, assignment_id)
    if not assignment:
        raise NotFound
    if not is_for(assignment, person):
        raise NotAssigned
    return assignment
