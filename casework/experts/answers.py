"""Answers to invitations: accepted with the promise of discipline, declined with a reason, recused, or never given."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.assignments import finish, is_for
from casework.decisions import refuse_if_ended
from casework.experts.confirming import take_back
from casework.experts.conflicts import holding, in_words
from casework.experts.invitations import duties_of, follow, hold_all, seat_if_complete
from casework.experts.seats import relieve, withdraw
from casework.people import Person
from core.clock import now, today
from core.errors import Fault, Invalid, NotAssigned, NotFound, StageClosed
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.expert import Conflict, ConflictKind, Invitation, InvitationDuty, InvitationState
from models.person import User

LONGEST = 500
ACCEPT, DECLINE, RECUSE = "accept", "decline", "recuse"
ANSWERS = {
    ACCEPT: marked("接受邀请"),
    DECLINE: marked("不能参加"),
    RECUSE: marked("申请回避"),
}


@dataclass(frozen=True)
class Answer:
    """What an expert answers: one of `ANSWERS`, the promise of discipline, and why not."""

    word: str
    promise: bool = False
    reason: str = ""


def answer(session: Session, assignment_id: UUID, given: Answer, *, by: Person) -> Invitation:
    """Record an expert's answer to an invitation, for all the cases it is about; who will not is followed by the next.

    Raises `NotFound`, `NotAssigned`, `AlreadyDecided`, `CaseClosed`, `StageClosed`, or `Invalid` with every fault.
    """
    invitation = invitation_of(session, assignment_id)
    duties = hold_all(session, invitation)
    asked = next(one for one in duties if one.id == assignment_id)
    if not is_for(asked, by):
        raise NotAssigned
    case = session.get_one(Case, asked.case_id)
    if asked.ended_at or invitation.state is not InvitationState.OPEN:
        refuse_if_ended(session, case, session.get_one(StageRound, asked.stage_round_id))
        raise StageClosed(marked("该邀请已答复，或已无须答复。"))
    waiting = [one for one in duties if not one.ended_at]
    if faults := faults_of(session, given, waiting, by):
        raise Invalid(faults=faults)
    for duty in waiting:
        note(session, duty, given, by=by)
    settle(session, invitation, waiting, given, by=by)
    return invitation


def settle(
    session: Session, invitation: Invitation, waiting: Sequence[Assignment], given: Answer, *, by: Person
) -> None:
    """Have an answer take effect: the panel is seated when it is complete, or the next in order is invited."""
    willing = given.word == ACCEPT
    invitation.state = InvitationState.ACCEPTED if willing else InvitationState.DECLINED
    invitation.reason, invitation.ended_at = given.reason.strip(), now()
    invitation.promised_at = now() if willing else None
    for duty in waiting:
        finish(duty, by=by)
    session.flush()
    (seat_if_complete if willing else follow)(session, invitation)


def faults_of(session: Session, given: Answer, waiting: Sequence[Assignment], by: Person) -> list[Fault]:
    """Return what is wrong with an answer; nobody accepts who may not judge."""
    if given.word not in ANSWERS:
        return [Fault("answer", marked("请选择接受邀请、不能参加或申请回避。"))]
    if len(given.reason) > LONGEST:
        return [Fault("reason", marked("理由不超过 500 字。"))]
    if given.word != ACCEPT:
        return [] if given.reason.strip() else [Fault("reason", marked("请说明不能参加或申请回避的理由。"))]
    faults = [] if given.promise else [Fault("promise", marked("接受邀请须先作出评审纪律承诺。"))]
    cases = [session.get_one(Case, one.case_id) for one in waiting]
    against = holding(session, cases, [by.id]).get(by.id, [])
    return faults + ([Fault("answer", in_words(by.name, against))] if against else [])


def note(session: Session, duty: Assignment, given: Answer, *, by: Person) -> None:
    """Write the answer into the journal of one case; a recusal is a declared conflict, effective at once."""
    case, at = session.get_one(Case, duty.case_id), session.get_one(StageRound, duty.stage_round_id)
    journal.note(session, f"invitation-{given.word}", case=case, by=by, stage=at.stage, round=at.round)
    if given.word == RECUSE:
        declared = Conflict(case_id=case.id, user_id=by.id, kind=ConflictKind.DECLARED, name=by.name, raised_by=by.id)
        declared.grounds = given.reason.strip()
        session.add(declared)


def lapsed(session: Session) -> list[UUID]:
    """Return the open invitations whose day has passed."""
    late = select(Invitation.id).where(Invitation.state == InvitationState.OPEN, Invitation.answer_by < today())
    return list(session.exec(late.order_by(col(Invitation.answer_by))))


def lapse(session: Session, invitation_id: UUID) -> list[UUID]:
    """End an invitation that nobody answered in time and invite the next; returns the cases that have news."""
    invitation = session.get_one(Invitation, invitation_id)
    open_duties = [one for one in hold_all(session, invitation) if not one.ended_at]
    if invitation.state is not InvitationState.OPEN or invitation.answer_by >= today():
        return []
    if not open_duties:
        take_back(session, invitation)
        return []
    invitation.state, invitation.ended_at = InvitationState.LAPSED, now()
    session.flush()
    next_one = follow(session, invitation)
    successors = {one.case_id: one for one in duties_of(session, next_one)} if next_one else {}
    for duty in open_duties:
        case = session.get_one(Case, duty.case_id)
        if duty.case_id in successors:
            relieve(session, case, duty, successors[duty.case_id])
        else:
            withdraw(session, case, duty)
    return [one.case_id for one in open_duties]


def invitation_of(session: Session, assignment_id: UUID) -> Invitation:
    """Return the invitation that a duty asks to answer; raises `NotFound`."""
    asked = select(Invitation).join(InvitationDuty, col(InvitationDuty.invitation_id) == Invitation.id)
    found = session.exec(asked.where(InvitationDuty.assignment_id == assignment_id)).first()
    if not found:
        raise NotFound
    return found


def invited(session: Session, draw_id: UUID) -> list[tuple[Invitation, User]]:
    """Return everybody who was invited for a draw, in the order of the invitations."""
    found = select(Invitation, User).join(User, col(User.id) == Invitation.user_id)
    return list(session.exec(found.where(Invitation.draw_id == draw_id).order_by(col(Invitation.number))).all())
