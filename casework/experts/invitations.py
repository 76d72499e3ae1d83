"""Invitations: the drawn experts are asked before the case is theirs; who declines is followed by the next in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework import bells, journal
from casework.assignments import Holder, assign, finish, open_in
from casework.cases import held
from casework.experts.following import Following, following
from casework.experts.kept import candidates_in, rules_in
from casework.experts.seats import take_seat
from casework.letters import post
from casework.people import Person, holders_of, person_of
from core.clock import now
from models.case import Assignment, Case, StageRound
from models.expert import Draw, Invitation, InvitationDuty, InvitationState
from models.person import User
from regulation.drawing import chair_of
from regulation.roles import Duty, Role

Place = tuple[Case, StageRound]


@dataclass(frozen=True)
class Offer:
    """A seat to be offered: of the whole draw, or one that was vacated."""

    draw: Draw
    places: Sequence[Place]
    seat: Assignment | None = None


def invite(session: Session, offer: Offer, user_id: UUID, drawn: Following | None = None, *, leads: bool) -> Invitation:
    """Offer somebody a seat: one duty to answer in each case, one letter for all of them."""
    given = [assign(session, at, Duty.ANSWER, Holder(user_id=user_id)) for _, at in offer.places]
    invitation = Invitation(
        draw_id=offer.draw.id,
        user_id=user_id,
        seat_id=offer.seat.id if offer.seat else None,
        number=1 + len(invitations_of(session, offer.draw.id)),
        leads=leads,
        answer_by=given[0].due_on,
        **(drawn.kept() if drawn else {}),
    )
    session.add(invitation)
    session.flush()
    session.add_all(InvitationDuty(invitation_id=invitation.id, assignment_id=one.id) for one in given)
    session.flush()
    first, _ = offer.places[0]
    facts: dict[str, Any] = {
        "due_on": invitation.answer_by.isoformat(), "provisional": given[0].provisional, "leads": leads,
        "count": len(given), "path": f"/duties/{given[0].id}/answer",
    }  # fmt: skip
    person = session.get_one(User, user_id)
    post(session, "invitation", person, about=str(invitation.id), case=first, **facts)
    return invitation


def follow(session: Session, former: Invitation) -> Invitation | None:
    """Invite the next in order in somebody's place; when there is none, the office is told and goes on by hand."""
    offer = offer_of(session, former)
    if not offer.places:
        return None
    drawn = following(session, offer.draw, [case for case, _ in offer.places], offer.seat)
    if not drawn.candidate:
        tell_the_office(session, offer, about=former.id)
        return None
    for case, at in offer.places:
        journal.note(session, "next-drawn", case=case, by=None, stage=at.stage, round=at.round, after=str(former.id))
    invitation = invite(session, offer, UUID(drawn.candidate.id), drawn, leads=bool(offer.seat and offer.seat.leads))
    if not offer.seat:
        pass_the_chair(session, offer.draw)
    return invitation


def offer_of(session: Session, invitation: Invitation) -> Offer:
    """Return what an invitation offers, in the cases that still wait for their panel."""
    seat = session.get(Assignment, invitation.seat_id) if invitation.seat_id else None
    found = (
        select(Case, StageRound)
        .join(Assignment, col(Assignment.case_id) == Case.id)
        .join(StageRound, col(StageRound.id) == Assignment.stage_round_id)
        .join(InvitationDuty, col(InvitationDuty.assignment_id) == Assignment.id)
        .where(InvitationDuty.invitation_id == invitation.id, col(StageRound.closed_at).is_(None))
        .order_by(Case.reference)
    )
    places = [(case, at) for case, at in session.exec(found) if not case.closed_at]
    return Offer(session.get_one(Draw, invitation.draw_id), places, seat)


def pass_the_chair(session: Session, draw: Draw) -> None:
    """Say who leads those who stand: whoever does, or the first in order who may."""
    standing = standing_in(session, draw.id)
    present = next((str(one.user_id) for one in standing if one.leads), "")
    chair = chair_of(draw.seed, candidates_in(draw), [str(one.user_id) for one in standing], present)
    for one in standing:
        one.leads = str(one.user_id) == chair


def tell_the_office(session: Session, offer: Offer, *, about: UUID) -> None:
    """Post word to the office that nobody is left who could follow an invitation, or take a seat, under the rules."""
    for case, at in offer.places:
        journal.note(session, "nobody-left", case=case, by=None, stage=at.stage, round=at.round, after=str(about))
    case, at = offer.places[0]
    duty = session.exec(open_in(at.id).where(Assignment.duty == Duty.ASSEMBLE_PANEL)).first()
    path = f"/duties/{duty.id}" if duty else f"/cases/{case.reference}"
    for officer in holders_of(session, Role.OFFICE):
        post(session, "nobody-left", officer, about=str(about), case=case, count=len(offer.places), path=path)


def seat_if_complete(session: Session, invitation: Invitation) -> None:
    """Give out the seats when nobody's answer is missing: one vacated seat, or the whole panel in every case."""
    offer = offer_of(session, invitation)
    officer = person_of(session, session.get_one(User, offer.draw.confirmed_by))
    if offer.seat:
        if not offer.seat.replaced_by:
            take_seat(session, offer.seat, invitation.user_id, by=officer)
        return
    standing = standing_in(session, offer.draw.id)
    if len(standing) < rules_in(offer.draw).size or any(one.state is InvitationState.OPEN for one in standing):
        return
    offer.draw.assembled_at = now()
    for case, at in offer.places:
        seat_panel(session, (case, at), standing, by=officer)


def seat_panel(session: Session, place: Place, standing: Sequence[Invitation], *, by: Person) -> None:
    """Give the panel its duties in one case, and finish the office's."""
    case, at = place
    holders = [Holder(user_id=one.user_id, leads=one.leads) for one in standing]
    given = [assign(session, at, Duty.REVIEW, holder, by=by) for holder in holders]
    for duty in session.exec(open_in(at.id).where(Assignment.duty == Duty.ASSEMBLE_PANEL)):
        finish(duty, by=by)
    assembled(session, case, at, len(given), by=by)


def assembled(session: Session, case: Case, at: StageRound, members: int, *, by: Person) -> None:
    """Write the naming into the journal and hang the bell."""
    journal.note(session, "panel-assembled", case=case, by=by, stage=at.stage, round=at.round, members=members)
    bells.hang(session, case, "panel-assembled", by=by)


def standing_in(session: Session, draw_id: UUID) -> list[Invitation]:
    """Return the invitations of the whole draw that are accepted or may still be."""
    stands = (InvitationState.OPEN, InvitationState.ACCEPTED)
    return [one for one in invitations_of(session, draw_id) if one.state in stands and not one.seat_id]


def invitations_of(session: Session, draw_id: UUID) -> list[Invitation]:
    """Return the invitations of a draw in the order they were made."""
    found = select(Invitation).where(Invitation.draw_id == draw_id)
    return list(session.exec(found.order_by(col(Invitation.number))))


def duties_of(session: Session, invitation: Invitation) -> list[Assignment]:
    """Return the duties to answer an invitation, as the database has them now."""
    found = select(Assignment).join(InvitationDuty, col(InvitationDuty.assignment_id) == Assignment.id)
    found = found.where(InvitationDuty.invitation_id == invitation.id).order_by(col(Assignment.case_id))
    return list(session.exec(found.execution_options(populate_existing=True)))


def hold_all(session: Session, invitation: Invitation) -> list[Assignment]:
    """Hold every case an invitation is about, in the order in which cases are locked everywhere; read it anew."""
    for duty in duties_of(session, invitation):
        held(session, duty.case_id)
    session.refresh(invitation)
    return duties_of(session, invitation)
