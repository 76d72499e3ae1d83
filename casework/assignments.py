"""Assignments: giving a duty, saying so, ending it, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from casework.calls.windows import last_day_to_recommend
from casework.cases import call_of, held, policy_for
from casework.letters import post
from casework.people import Absent, Person, deputies_of, holders_of
from core.clock import now, today
from core.errors import NotAssigned, NotFound
from models.case import Assignment, Case, StageRound
from models.person import User
from regulation.calendar import Reckoning, official
from regulation.definition import stage
from regulation.policy import Policy
from regulation.roles import DUTY_PERIODS, PERSONAL, Duty

ASKED_FOR_OTHERWISE = frozenset({Duty.CORRECT, Duty.ANSWER})
"""Duties that have their own letter: the return asks for the correction, the invitation for its answer."""


@dataclass(frozen=True)
class Holder:
    """Who gets a duty: a person, everyone of an organisation, or (both empty) everyone with the duty's role."""

    user_id: UUID | None = None
    organisation_id: UUID | None = None
    leads: bool = False


def due(policy: Policy, duty: Duty, begins: date) -> Reckoning:
    """Return the last day of a duty that begins on a day, in working days of the official calendar."""
    return official().after(begins, int(getattr(policy, DUTY_PERIODS[duty])))


def due_in(session: Session, case: Case, duty: Duty, begins: date) -> Reckoning:
    """Return the last day of a duty in a case; that of a recommendation is never later than the window of its call."""
    reckoned = due(policy_for(session, case), duty, begins)
    last = last_day_to_recommend(call_of(session, case)) if duty is Duty.RECOMMEND else None
    return Reckoning(last, provisional=False) if last and last < reckoned.day else reckoned


def assign(session: Session, at: StageRound, duty: Duty, holder: Holder, *, by: Person | None = None) -> Assignment:
    """Give somebody a duty in a round, with its due date, and post the letter that says so."""
    case = session.get_one(Case, at.case_id)
    reckoned = due_in(session, case, duty, today())
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
    if duty not in ASKED_FOR_OTHERWISE:
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
    """Return the people who may carry out an assignment today, those who stand in for one of them last."""
    holders = holders_in_person(session, assignment)
    if assignment.duty in PERSONAL:
        return holders
    known = {user.id for user in holders}
    return [*holders, *(user for user in deputies_of(session, known, today()) if user.id not in known)]


def holders_in_person(session: Session, assignment: Assignment) -> list[User]:
    """Return the people whose own duty an assignment is."""
    if assignment.user_id:
        return [session.get_one(User, assignment.user_id)]
    return holders_of(session, assignment.duty.role, assignment.organisation_id)


def is_for(assignment: Assignment, person: Person) -> bool:
    """Whether the duty is this person's to do, or that of somebody the person stands in for."""
    if assignment.user_id:
        return assignment.user_id == person.id or absent_holder(assignment, person) is not None
    if assignment.organisation_id and assignment.organisation_id != person.organisation_id:
        return False
    return person.has(assignment.duty.role)


def absent_holder(assignment: Assignment, person: Person) -> Absent | None:
    """Return in whose place the person would do the duty: an absent colleague who was named, or of the same body.

    Nobody, where the duty is the person's own, any officer's, or one of judgement (see `PERSONAL`).
    """
    if assignment.duty in PERSONAL or assignment.user_id == person.id:
        return None
    if assignment.user_id:
        return next((one for one in person.absent if one.id == assignment.user_id), None)
    ours = assignment.organisation_id and assignment.organisation_id == person.organisation_id
    return next((one for one in person.absent if ours and assignment.duty.role in one.roles), None)


def acting(assignment: Assignment, person: Person) -> Person:
    """Return the person as whoever does this duty: in another's place, if it is another's."""
    return replace(person, in_place_of=absent_holder(assignment, person))


def finish(assignment: Assignment, *, by: Person) -> None:
    """Mark a duty as done, and in whose place."""
    absent = absent_holder(assignment, by)
    assignment.done_at = assignment.ended_at = now()
    assignment.done_by, assignment.done_for = by.id, absent.id if absent else None


def end_open(session: Session, at: StageRound) -> list[Assignment]:
    """End what is still open in a round because it is needed no longer; return what was ended."""
    still_open = session.exec(open_in(at.id)).all()
    for assignment in still_open:
        assignment.ended_at = now()
    return list(still_open)


def open_in(stage_round_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a statement
    """Select the open assignments of a round."""
    return select(Assignment).where(Assignment.stage_round_id == stage_round_id, col(Assignment.ended_at).is_(None))


def given_in(session: Session, case_id: UUID) -> Sequence[Assignment]:
    """Return all duties that were ever given in a case, in the order in which they were."""
    given = select(Assignment).where(Assignment.case_id == case_id)
    return session.exec(given.order_by(col(Assignment.assigned_at))).all()


def of_round(session: Session, stage_round_id: UUID) -> Sequence[Assignment]:
    """Return every assignment of a round in the order they were given."""
    return session.exec(
        select(Assignment).where(Assignment.stage_round_id == stage_round_id).order_by(col(Assignment.assigned_at))
    ).all()


def seats_of(session: Session, stage_round_id: UUID) -> list[Assignment]:
    """Return the assignments of a round that stand: all but the void ones and those the office gave to another."""
    return [one for one in of_round(session, stage_round_id) if not one.replaced_by and not one.voided_at]


def held_duty(session: Session, assignment_id: UUID) -> tuple[Assignment, Case, StageRound]:
    """Hold the case of a duty, then read the duty and its round anew; raises `NotFound`."""
    assignment = session.get(Assignment, assignment_id)
    if not assignment:
        raise NotFound
    case = held(session, assignment.case_id)
    anew = select(Assignment, StageRound).join(StageRound, col(StageRound.id) == Assignment.stage_round_id)
    anew = anew.where(Assignment.id == assignment_id).execution_options(populate_existing=True)
    assignment, at = session.exec(anew).one()
    return assignment, case, at


def own(session: Session, assignment_id: UUID, person: Person) -> Assignment:
    """Return an assignment if it is this person's; raises `NotFound`, or `NotAssigned` if it is somebody else's."""
    assignment = session.get(Assignment, assignment_id)
    if not assignment:
        raise NotFound
    if not is_for(assignment, person):
        raise NotAssigned
    return assignment
