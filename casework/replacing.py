"""Replacing: somebody who was named cannot come, so the office gives the duty to another."""

from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from casework.access import require
from casework.assignments import held_duty, of_round
from casework.committees import ASSEMBLED_BY, Candidate, candidates
from casework.decisions import refuse_if_ended
from casework.experts.conflicts import conflict_faults
from casework.experts.seats import take_seat
from casework.people import Person
from casework.visits.appointments import hand_over
from core.errors import Fault, Invalid, StageClosed
from core.i18n import marked
from models.case import Assignment, Case
from models.person import User
from regulation.roles import Duty, Role


def replace_member(session: Session, assignment_id: UUID, member: UUID | None, *, by: Person) -> Assignment:
    """Give the duty of a panel or team member, and the lead if it goes with it, to another; the days begin anew.

    Raises `NotPermitted`, `NotFound`, `AlreadyDecided`, `CaseClosed`, `StageClosed`, or `Invalid` for who cannot come.
    """
    require(by, Role.OFFICE)
    former, case, at = held_duty(session, assignment_id)
    refuse_if_ended(session, case, at)
    if not is_replaceable(former):
        raise StageClosed(marked("该事项已办结或已调整，不能再调整人员。"))
    able = {one.user.id: one for one in substitutes(session, former)}
    if member is None or member not in able:
        raise Invalid(faults=[Fault("member", marked("请从所列人员中选择接办人。"))])
    if able[member].conflicts:
        raise Invalid(faults=[Fault("member", one.message) for one in conflict_faults(session, case, [member])])
    successor = take_seat(session, former, member, by=by)
    hand_over(session, case, former, successor)
    return successor


def is_replaceable(assignment: Assignment) -> bool:
    """Whether a duty was given to somebody by name and is still open, or is a seat that was vacated."""
    vacant = assignment.duty is Duty.REVIEW and assignment.voided_at and not assignment.replaced_by
    return assignment.duty in ASSEMBLED_BY and (not assignment.ended_at or bool(vacant))


def substitutes(session: Session, former: Assignment) -> list[Candidate]:
    """Return who could come instead: those who qualify and had no such duty in this round, by name."""
    named = {one.user_id for one in of_round(session, former.stage_round_id) if one.duty is former.duty}
    found = candidates(session, ASSEMBLED_BY[former.duty], session.get_one(Case, former.case_id))
    return [one for one in found if one.user.id not in named and (one.may_lead or not former.leads)]


def replaceable_in(session: Session, case: Case) -> list[tuple[Assignment, User]]:
    """Return the duties of a case that another could take, with who has or had them, those who lead first."""
    given = select(Assignment, User).join(User, col(User.id) == Assignment.user_id)
    vacant = and_(
        col(Assignment.duty) == Duty.REVIEW,
        col(Assignment.voided_at).is_not(None),
        col(Assignment.replaced_by).is_(None),
    )
    wanted = given.where(
        Assignment.case_id == case.id,
        col(Assignment.duty).in_(ASSEMBLED_BY),
        or_(col(Assignment.ended_at).is_(None), vacant),
    )
    return list(session.exec(wanted.order_by(col(Assignment.leads).desc(), User.name)).all())
