"""Seats of a panel that change hands: one is vacated because of a conflict, and another expert takes it.

What was said from a vacated seat is void; what the others said stands.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from casework import bells, journal
from casework.assignments import Holder, assign, due, finish, of_round, open_in
from casework.cases import policy_for
from casework.letters import post
from casework.people import Person
from core.clock import now, today
from models.case import Assignment, Case, StageRound
from models.judgement import Review
from models.person import User
from regulation.roles import Duty


def vacant_in(session: Session, stage_round_id: UUID) -> list[Assignment]:
    """Return the seats of a panel that were vacated and that nobody has taken yet."""
    given = of_round(session, stage_round_id)
    return [one for one in given if one.duty is Duty.REVIEW and one.voided_at and not one.replaced_by]


def taken_in(session: Session, stage_round_id: UUID) -> list[Assignment]:
    """Return the seats of a panel that somebody holds."""
    given = of_round(session, stage_round_id)
    return [one for one in given if one.duty is Duty.REVIEW and not one.voided_at and not one.replaced_by]


def vacate(session: Session, seat: Assignment, reason: str, *, by: Person) -> Review | None:
    """End a seat because whoever had it may not judge: the opinion is void, the chair's turn is taken back.

    The office's duty to assemble the panel is open again until the seat is taken. Returns the void opinion, if there
    was one.
    """
    case, at = session.get_one(Case, seat.case_id), session.get_one(StageRound, seat.stage_round_id)
    seat.voided_at, seat.ended_at = now(), seat.ended_at or now()
    written = session.exec(select(Review).where(Review.assignment_id == seat.id)).first()
    if written:
        written.voided_at, written.voided_reason = now(), reason
    take_back_the_conclusion(session, case, at)
    reopen_assembling(session, case, at, by=by)
    act = "review-voided" if written else "seat-vacated"
    journal.note(session, act, case=case, by=by, stage=at.stage, round=at.round, member=str(seat.user_id))
    bells.hang(session, case, act, by=by)
    return written


def take_back_the_conclusion(session: Session, case: Case, at: StageRound) -> None:
    """End the chair's open duty to conclude: the panel is not complete any more."""
    for duty in session.exec(open_in(at.id).where(Assignment.duty == Duty.CONCLUDE)):
        withdraw(session, case, duty)


def withdraw(session: Session, case: Case, duty: Assignment) -> None:
    """Take a duty back that was given by name, and tell whoever had it."""
    duty.ended_at, duty.voided_at = duty.ended_at or now(), now()
    session.flush()
    person = session.get_one(User, duty.user_id)
    if not person.closed_at:
        post(session, "taken-back", person, about=str(duty.id), case=case, duty=duty.duty.title)


def reopen_assembling(session: Session, case: Case, at: StageRound, *, by: Person | None) -> None:
    """Open the office's duty to assemble the panel again, or give it in a round that began with the panel before."""
    given = [one for one in of_round(session, at.id) if one.duty is Duty.ASSEMBLE_PANEL]
    if not given:
        assign(session, at, Duty.ASSEMBLE_PANEL, Holder(), by=by)
    for duty in given:
        reckoned = due(policy_for(session, case), duty.duty, today())
        duty.ended_at = duty.done_at = duty.done_by = duty.done_for = None
        duty.due_on, duty.provisional = reckoned.day, reckoned.provisional
        duty.reminded_at = duty.escalated_at = duty.pressed_at = None


def take_seat(session: Session, seat: Assignment, member: UUID, *, by: Person) -> Assignment:
    """Give a seat, and the lead if it goes with it, to another; when none is vacant any more the panel is assembled."""
    case, at = session.get_one(Case, seat.case_id), session.get_one(StageRound, seat.stage_round_id)
    successor = assign(session, at, seat.duty, Holder(user_id=member, leads=seat.leads), by=by)
    relieve(session, case, seat, successor)
    session.flush()
    if seat.voided_at and not vacant_in(session, at.id):
        for duty in session.exec(open_in(at.id).where(Assignment.duty == Duty.ASSEMBLE_PANEL)):
            finish(duty, by=by)
    detail = {"duty": seat.duty, "former": str(seat.user_id), "successor": str(member)}
    journal.note(session, "member-replaced", case=case, by=by, stage=at.stage, round=at.round, **detail)
    bells.hang(session, case, "member-replaced", by=by)
    return successor


def relieve(session: Session, case: Case, former: Assignment, successor: Assignment) -> None:
    """End a duty because another does it now, and tell whoever had it."""
    former.ended_at, former.replaced_by = former.ended_at or now(), successor.id
    person = session.get_one(User, former.user_id)
    if not person.closed_at:
        post(session, "replaced", person, about=str(former.id), case=case, duty=former.duty.title)


def seat_of(session: Session, stage_round_id: UUID, user_id: UUID) -> Assignment | None:
    """Return the seat that somebody holds in a round."""
    held = select(Assignment).where(
        Assignment.stage_round_id == stage_round_id,
        Assignment.user_id == user_id,
        Assignment.duty == Duty.REVIEW,
        col(Assignment.voided_at).is_(None),
        col(Assignment.replaced_by).is_(None),
    )
    return session.exec(held).first()
