"""Replacing: somebody who was named cannot come, so the office gives the duty to another."""

from uuid import UUID

from sqlmodel import Session, col, select

from casework import bells, journal
from casework.access import require
from casework.assignments import Holder, assign, held_duty, of_round
from casework.committees import ASSEMBLED_BY, Candidate, candidates
from casework.decisions import refuse_if_ended
from casework.letters import post
from casework.people import Person
from core.clock import now
from core.errors import Fault, Invalid, StageClosed
from core.i18n import marked
from models.case import Assignment, Case
from models.person import User
from regulation.roles import Role


def replace_member(session: Session, assignment_id: UUID, member: UUID | None, *, by: Person) -> Assignment:
    """Give the duty of a panel or team member, and the lead if it goes with it, to another; the days begin anew.

    Raises `NotPermitted`, `NotFound`, `AlreadyDecided`, `CaseClosed`, `StageClosed`, or `Invalid` for who cannot come.
    """
    require(by, Role.OFFICE)
    former, case, at = held_duty(session, assignment_id)
    refuse_if_ended(session, case, at)
    if not is_replaceable(former):
        raise StageClosed(marked("该事项已办结或已调整，不能再调整人员。"))
    if member not in {one.user.id for one in substitutes(session, former)}:
        raise Invalid(faults=[Fault("member", marked("请从所列人员中选择接办人。"))])
    successor = assign(session, at, former.duty, Holder(user_id=member, leads=former.leads), by=by)
    relieve(session, case, former, successor)
    detail = {"duty": former.duty, "former": str(former.user_id), "successor": str(member)}
    journal.note(session, "member-replaced", case=case, by=by, stage=at.stage, round=at.round, **detail)
    bells.hang(session, case, "member-replaced", by=by)
    return successor


def is_replaceable(assignment: Assignment) -> bool:
    """Whether a duty was given to somebody by name, and is still open."""
    return assignment.duty in ASSEMBLED_BY and not assignment.ended_at


def substitutes(session: Session, former: Assignment) -> list[Candidate]:
    """Return who could come instead: those who qualify and had no such duty in this round, by name."""
    named = {one.user_id for one in of_round(session, former.stage_round_id) if one.duty is former.duty}
    found = candidates(session, ASSEMBLED_BY[former.duty])
    return [one for one in found if one.user.id not in named and (one.may_lead or not former.leads)]


def relieve(session: Session, case: Case, former: Assignment, successor: Assignment) -> None:
    """End a duty because another does it now, and tell whoever had it."""
    former.ended_at, former.replaced_by = now(), successor.id
    person = session.get_one(User, former.user_id)
    if not person.closed_at:
        post(session, "replaced", person, about=str(former.id), case=case, duty=former.duty.title)


def replaceable_in(session: Session, case: Case) -> list[tuple[Assignment, User]]:
    """Return the open duties of a case that were given by name, with who has them, those who lead first."""
    given = select(Assignment, User).join(User, col(User.id) == Assignment.user_id)
    wanted = given.where(
        Assignment.case_id == case.id, col(Assignment.duty).in_(ASSEMBLED_BY), col(Assignment.ended_at).is_(None)
    )
    return list(session.exec(wanted.order_by(col(Assignment.leads).desc(), User.name)).all())
