"""Conflicts that somebody raises, and what the office rules: a conflict is dismissed with a reason, or upheld.

Whoever loses a seat by it says nothing in the case any more: see `casework.experts.seats`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.assignments import held_duty, is_for, open_in
from casework.cases import held, rounds_of
from casework.decisions import refuse_if_ended
from casework.experts.confirming import take_back
from casework.experts.conflicts import RAISED
from casework.experts.draws import standing_draw
from casework.experts.following import following
from casework.experts.invitations import Offer, follow, invitations_of, invite, tell_the_office
from casework.experts.seats import seat_of, take_seat, vacate
from casework.letters import post
from casework.people import Person, holders_of
from casework.replacing import replace_member, substitutes
from core.clock import now
from core.errors import Conflict as RecordConflict
from core.errors import Fault, Invalid, NotAssigned, NotFound, NotPermitted
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.expert import Conflict, ConflictKind, InvitationState
from models.person import User
from regulation.roles import Duty, Role

LONGEST = 500


@dataclass(frozen=True)
class Ruling:
    """What the office rules on a conflict: one that was raised, or (by kind and grounds) one that was detected."""

    upheld: bool
    reason: str
    conflict_id: UUID | None = None
    user_id: UUID | None = None
    kind: str = ""
    grounds: str = ""
    substitute: UUID | None = None


def declare(session: Session, assignment_id: UUID, reason: str, *, by: Person) -> Conflict:
    """Let an expert ask to be recused from a case that was given to him or her; the office rules on it.

    Until then the opinion cannot be submitted. Raises `NotFound`, `NotAssigned`, `AlreadyDecided`, `Invalid`.
    """
    duty, case, at = held_duty(session, assignment_id)
    if duty.duty not in {Duty.REVIEW, Duty.CONCLUDE} or not is_for(duty, by) or duty.voided_at or duty.replaced_by:
        raise NotAssigned
    refuse_if_ended(session, case, at)
    if not reason.strip() or len(reason) > LONGEST:
        raise Invalid(faults=[Fault("reason", marked("请说明申请回避的理由（不超过 500 字）。"))])
    if any(one.user_id == by.id and one.kind is ConflictKind.DECLARED for one in open_conflicts(session, case)):
        raise RecordConflict(marked("您已申请回避，请等待继教办处理。"))
    declared = Conflict(case_id=case.id, user_id=by.id, kind=ConflictKind.DECLARED, name=by.name, raised_by=by.id)
    declared.grounds = reason.strip()
    session.add(declared)
    session.flush()
    journal.note(session, "recusal-asked", case=case, by=by, stage=at.stage, round=at.round)
    for officer in holders_of(session, Role.OFFICE):
        facts = {"expert": by.name, "reasons": reason.strip(), "path": conflicts_path(case)}
        post(session, "recusal", officer, about=str(declared.id), case=case, **facts)
    return declared


def rule(session: Session, case_id: UUID, ruling: Ruling, *, by: Person) -> Conflict:
    """Dismiss or uphold a conflict, with a reason; never the person concerned.

    Upheld against somebody who sits on the panel, the seat goes to the next drawn expert or to the substitute that is
    named. Raises `NotPermitted`, `NotFound`, `AlreadyDecided` (a decided round is not opened again), `Invalid`.
    """
    require(by, Role.OFFICE)
    case = held(session, case_id)
    ruled = ruled_on(session, case, ruling)
    if ruled.user_id == by.id:
        raise NotPermitted(marked("回避事项涉及您本人，请由继教办其他人员处理。"))
    if ruled.ruled_at:
        raise RecordConflict(marked("该回避事项已经处理。"))
    if not ruling.reason.strip() or len(ruling.reason) > LONGEST:
        raise Invalid(faults=[Fault("reason", marked("请说明处理的理由（不超过 500 字）。"))])
    ruled.upheld, ruled.ruling_reason = ruling.upheld, ruling.reason.strip()
    ruled.ruled_by, ruled.ruled_at = by.id, now()
    session.add(ruled)
    session.flush()
    act = "conflict-upheld" if ruling.upheld else "conflict-dismissed"
    journal.note(session, act, case=case, by=by, stage=case.stage, conflict=str(ruled.id), kind=ruled.kind)
    if ruling.upheld and ruled.user_id:
        take_out(session, case, ruled.user_id, ruling, by=by)
    return ruled


def ruled_on(session: Session, case: Case, ruling: Ruling) -> Conflict:
    """Return the conflict that is ruled on; one that was detected or is found now is written down by the ruling."""
    if ruling.conflict_id:
        found = session.get(Conflict, ruling.conflict_id)
        if not found or found.case_id != case.id:
            raise NotFound
        return found
    user = session.get(User, ruling.user_id) if ruling.user_id else None
    if not user or ruling.kind not in set(ConflictKind) or (ruling.kind in RAISED - {ConflictKind.FOUND}):
        raise NotFound
    kind = ConflictKind(ruling.kind)
    if kind is ConflictKind.FOUND and not ruling.upheld:
        raise NotFound
    grounds = ruling.grounds or ruling.reason.strip()
    return Conflict(case_id=case.id, user_id=user.id, kind=kind, name=user.name, grounds=grounds)


def take_out(session: Session, case: Case, user_id: UUID, ruling: Ruling, *, by: Person) -> None:
    """Take somebody who may not judge out of the case: the invitation is taken back, or the seat is vacated.

    A member of the team goes for the substitute who is named; without one the office replaces him or her as ever.
    """
    if visits := visit_of(session, case, user_id):
        if ruling.substitute:
            replace_member(session, visits.id, ruling.substitute, by=by)
        return
    at = next((one for one in reversed(rounds_of(session, case.id)) if one.stage == "expert-review"), None)
    if not at:
        return
    seat = seat_of(session, at.id, user_id)
    concluding = [one for one in session.exec(open_in(at.id)) if one.user_id == user_id and one.duty is Duty.CONCLUDE]
    if not seat and concluding:  # the chair was replaced after the reviews
        replace_member(session, concluding[0].id, ruling.substitute, by=by)
        return
    if seat:
        refuse_if_ended(session, case, at)
        vacate(session, seat, ruling.reason.strip(), by=by)
        fill(session, case, at, seat, ruling.substitute, by=by)
        return
    draw = standing_draw(session, at.id)
    offered = [one for one in invitations_of(session, draw.id) if one.user_id == user_id] if draw else []
    for invitation in (one for one in offered if one.state is InvitationState.OPEN):
        take_back(session, invitation)
        follow(session, invitation)


def visit_of(session: Session, case: Case, user_id: UUID) -> Assignment | None:
    """Return the open duty to visit that somebody has in a case."""
    visits = select(Assignment).where(Assignment.case_id == case.id, Assignment.duty == Duty.INSPECT)
    return session.exec(visits.where(Assignment.user_id == user_id, col(Assignment.ended_at).is_(None))).first()


def fill(  # noqa: PLR0913 - a seat and where it is
    session: Session, case: Case, at: StageRound, seat: Assignment, substitute: UUID | None, *, by: Person
) -> None:
    """Offer a vacated seat to the next drawn expert, or give it to the substitute the office names.

    With neither it stays vacant, and the office's duty to assemble the panel open.
    """
    if substitute:
        able = {one.user.id for one in substitutes(session, seat) if not one.conflicts}
        if substitute not in able:
            raise Invalid(faults=[Fault("substitute", marked("请从所列专家中选择接替的人。"))])
        take_seat(session, seat, substitute, by=by)
        return
    draw = standing_draw(session, at.id)
    if not draw:
        return
    offer = Offer(draw, [(case, at)], seat)
    drawn = following(session, draw, [case], seat)
    if drawn.candidate:
        invite(session, offer, UUID(drawn.candidate.id), drawn, leads=seat.leads)
    else:
        tell_the_office(session, offer, about=seat.id)


def open_conflicts(session: Session, case: Case) -> Sequence[Conflict]:
    """Return the conflicts that were raised in a case and not ruled on, in the order they were raised."""
    found = select(Conflict).where(Conflict.case_id == case.id, col(Conflict.ruled_at).is_(None))
    return session.exec(found.order_by(col(Conflict.raised_at))).all()


def conflicts_path(case: Case) -> str:
    """Return where the office rules on the conflicts of a case."""
    return f"/office/cases/{case.reference}/conflicts"
