"""What becomes of a drawn panel: its experts are invited, or it is set aside with a reason."""

from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.cases import held
from casework.decisions import refuse_if_ended
from casework.experts.conflicts import holding, in_words
from casework.experts.draws import cases_of, draw_of
from casework.experts.invitations import Offer, Place, duties_of, invitations_of, invite
from casework.experts.seats import withdraw
from casework.people import Person
from core.clock import now
from core.errors import Fault, Invalid, StageClosed
from core.i18n import marked
from models.case import Case
from models.expert import Draw, DrawnFor, Invitation, InvitationState
from models.person import User
from regulation.roles import Role

LONGEST = 500


def confirm(session: Session, draw_id: UUID, *, by: Person) -> list[Invitation]:
    """Invite everybody who was drawn; who may not judge any more is named, and the panel must be drawn anew.

    Raises `NotPermitted`, `NotFound`, `AlreadyDecided`, `StageClosed`, `Invalid`.
    """
    require(by, Role.OFFICE)
    draw, places = held_draw(session, draw_id)
    if draw.confirmed_at or draw.discarded_at:
        raise StageClosed(marked("该抽取结果已确认或已作废。"))
    for case, at in places:
        refuse_if_ended(session, case, at)
    members = [UUID(one) for one in draw.members]
    if against := holding(session, [case for case, _ in places], members):
        names = {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(against)))}
        raise Invalid(faults=[Fault("panel", in_words(names[one], grounds)) for one, grounds in against.items()])
    draw.confirmed_by, draw.confirmed_at = by.id, now()
    invited = [invite(session, Offer(draw, places), one, leads=str(one) == draw.chair) for one in members]
    for case, at in places:
        journal.note(session, "experts-invited", case=case, by=by, stage=at.stage, round=at.round, members=len(invited))
    return invited


def discard(session: Session, draw_id: UUID, reason: str, *, by: Person) -> Draw:
    """Set a draw aside with a reason, as long as nobody was seated; its invitations are taken back.

    Raises `NotPermitted`, `NotFound`, `StageClosed`, `Invalid`.
    """
    require(by, Role.OFFICE)
    draw, places = held_draw(session, draw_id)
    if draw.assembled_at or draw.discarded_at:
        raise StageClosed(marked("该委员会已组建或已作废，不能再作废。"))
    if not reason.strip() or len(reason) > LONGEST:
        raise Invalid(faults=[Fault("reason", marked("请说明作废的理由（不超过 500 字）。"))])
    draw.discarded_at, draw.discarding_reason = now(), reason.strip()
    for one in session.exec(select(DrawnFor).where(DrawnFor.draw_id == draw.id)):
        one.stands = False
    for invitation in invitations_of(session, draw.id):
        if invitation.state in {InvitationState.OPEN, InvitationState.ACCEPTED}:
            take_back(session, invitation)
    for case, at in places:
        detail = {"draw": str(draw.id), "reason": reason.strip()}
        journal.note(session, "draw-discarded", case=case, by=by, stage=at.stage, round=at.round, **detail)
    return draw


def take_back(session: Session, invitation: Invitation) -> None:
    """Take an invitation back that is open, or was accepted in vain."""
    invitation.state, invitation.ended_at = InvitationState.WITHDRAWN, now()
    for duty in duties_of(session, invitation):
        if not duty.ended_at or duty.done_at:
            withdraw(session, session.get_one(Case, duty.case_id), duty)


def held_draw(session: Session, draw_id: UUID) -> tuple[Draw, list[Place]]:
    """Hold every case of a draw, then read it anew."""
    draw = draw_of(session, draw_id)
    for case, _ in sorted(cases_of(session, draw_id), key=lambda place: place[0].id):
        held(session, case.id)
    session.refresh(draw)
    return draw, cases_of(session, draw_id)
