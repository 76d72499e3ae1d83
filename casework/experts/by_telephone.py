"""Answers by telephone: the office writes down what an expert said, when, and the expert is told by letter."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.experts.answers import RECUSE, Answer, faults_of, settle
from casework.experts.invitations import hold_all
from casework.letters import post
from casework.people import Person, person_of
from core.clock import local, now
from core.errors import Fault, Invalid, NotFound, NotPermitted, StageClosed
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.expert import Conflict, ConflictKind, Invitation, InvitationState
from models.person import User
from regulation.roles import Role

NOT_PROMISED = marked("请先向专家宣读评审纪律承诺，并确认其口头作出承诺。")
NO_HOUR = marked("请填写通话时间，如 2026-11-24 10:30。")
FUTURE = marked("通话时间不能晚于现在。")
BEFORE = marked("通话时间不能早于发出邀请的时间。")
OWN = marked("邀请的是您本人，请从邀请函进入自行答复。")


def record_answer(
    session: Session, invitation_id: UUID, given: Answer, spoken_at: datetime | None, *, by: Person
) -> Invitation:
    """Write down an answer that an expert gave by telephone; it has the effect of the expert's own.

    Raises `NotPermitted`, `NotFound`, `StageClosed` when it was answered or taken back, or `Invalid` with every fault.
    """
    require(by, Role.OFFICE)
    invitation = session.get(Invitation, invitation_id)
    if not invitation:
        raise NotFound
    if invitation.user_id == by.id:
        raise NotPermitted(OWN)
    waiting = [one for one in hold_all(session, invitation) if not one.ended_at]
    if invitation.state is not InvitationState.OPEN or not waiting:
        raise StageClosed(marked("该邀请已答复，或已无须答复。"))
    expert = person_of(session, session.get_one(User, invitation.user_id))
    faults = [Fault(one.field, NOT_PROMISED) if one.field == "promise" else one
              for one in faults_of(session, given, waiting, expert)]  # fmt: skip
    if faults := faults + hour_faults(invitation, spoken_at):
        raise Invalid(faults=faults)
    invitation.recorded_by, invitation.spoken_at = by.id, spoken_at
    for duty in waiting:
        note(session, duty, given, expert, by=by)
    tell(session, waiting, invitation, given, by=by)
    settle(session, invitation, waiting, given, by=by)
    return invitation


def hour_faults(invitation: Invitation, spoken_at: datetime | None) -> list[Fault]:
    """Return what is wrong with the hour of a call; the invitation's own minute counts."""
    if not spoken_at:
        return [Fault("spoken_at", NO_HOUR)]
    if spoken_at > now():
        return [Fault("spoken_at", FUTURE)]
    return [Fault("spoken_at", BEFORE)] if spoken_at < invitation.invited_at.replace(second=0, microsecond=0) else []


def note(session: Session, duty: Assignment, given: Answer, expert: Person, *, by: Person) -> None:
    """Write into the journal of one case who recorded whose answer; a recusal is a declared conflict all the same."""
    case, at = session.get_one(Case, duty.case_id), session.get_one(StageRound, duty.stage_round_id)
    facts = {"expert": str(expert.id)}
    journal.note(session, f"telephone-{given.word}", case=case, by=by, stage=at.stage, round=at.round, **facts)
    if given.word == RECUSE:
        declared = Conflict(case_id=case.id, user_id=expert.id, kind=ConflictKind.DECLARED, name=expert.name)
        declared.grounds, declared.raised_by = given.reason.strip(), by.id
        session.add(declared)


def tell(session: Session, waiting: list[Assignment], invitation: Invitation, given: Answer, *, by: Person) -> None:
    """Post to the expert what was written down, so that a mistake comes to light."""
    facts: dict[str, Any] = {
        "outcome": given.word,
        "path": "/inbox",
        "spoken_at": f"{local(invitation.spoken_at):%Y-%m-%d %H:%M}",  # type: ignore[arg-type]  # checked before
        "recorded_by": by.name,
        "reasons": given.reason.strip(),
        "count": len(waiting),
    }
    expert, first = session.get_one(User, invitation.user_id), session.get_one(Case, waiting[0].case_id)
    post(session, "answer-recorded", expert, about=str(invitation.id), case=first, **facts)


def recorders_of(session: Session, invitations: list[Invitation]) -> dict[UUID, str]:
    """Return who wrote down answers that were given by telephone, by id."""
    ids = {one.recorded_by for one in invitations if one.recorded_by}
    return {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(ids)))} if ids else {}
