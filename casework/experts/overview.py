"""What the office sees of panels and conflicts: what waits for a panel, who was drawn, who may not judge and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from casework.experts.conflicts import Ground, holding
from casework.experts.pool import Entry, entries_of, whole_pool
from casework.experts.seats import taken_in, vacant_in
from casework.people import deputies_of
from core.clock import today
from core.errors import NotFound
from models.application import Application
from models.case import Assignment, Case, StageRound
from models.expert import Conflict, Draw, DrawnFor, Invitation, InvitationState
from models.organisation import Organisation
from models.person import User
from regulation.roles import Duty


@dataclass(frozen=True)
class Waiting:
    """One case that waits for its panel."""

    duty: Assignment
    case: Case
    unit: str
    base_name: str
    domains: list[str]


@dataclass(frozen=True)
class Concerned:
    """One person against whom something stands in a case, or who sits on its panel."""

    user: User
    place: str
    grounds: list[Ground]
    seat: Assignment | None


SEATED, INVITED, TEAM, STANDS_IN, IN_POOL = "seated", "invited", "team", "stands-in", "pool"
ORDER = (SEATED, INVITED, TEAM, STANDS_IN, IN_POOL)


def waiting_with(session: Session, duty_id: UUID) -> list[Waiting]:
    """Return the cases of the same call that wait for a panel and have no draw yet; raises `NotFound`."""
    duty = session.get(Assignment, duty_id)
    if not duty or duty.duty is not Duty.ASSEMBLE_PANEL:
        raise NotFound
    call = select(Application.call_id).join(Case, col(Case.application_id) == Application.id)
    drawn = select(DrawnFor.id).where(DrawnFor.stage_round_id == Assignment.stage_round_id, col(DrawnFor.stands))
    seated = select(Assignment.stage_round_id).where(Assignment.duty == Duty.REVIEW)
    found = (
        select(Assignment, Case, Organisation.name, Application.content)
        .join(Case, col(Case.id) == Assignment.case_id)
        .join(Application, col(Application.id) == Case.application_id)
        .join(Organisation, col(Organisation.id) == Application.organisation_id)
        .where(Assignment.duty == Duty.ASSEMBLE_PANEL, col(Assignment.ended_at).is_(None), ~drawn.exists())
        .where(col(Assignment.stage_round_id).not_in(seated))
        .where(Application.call_id == call.where(Case.id == duty.case_id).scalar_subquery())
        .order_by(Case.reference)
    )
    return [
        Waiting(one, case, unit, str(content.get("base_name", "")), list(content.get("domains") or ()))
        for one, case, unit, content in session.exec(found)
    ]


def drawn_people(session: Session, draw: Draw) -> dict[str, Entry]:
    """Return the experts that a draw names, by id, as they are known now."""
    ids = {one["id"] for one in draw.candidates}
    return {str(one.user.id): one for one in entries_of(session, [UUID(one) for one in ids])}


def concerned_in(session: Session, case: Case, at: StageRound | None) -> list[Concerned]:
    """Return everybody on the panel or the team of a case and whoever stands in for the team.

    And everybody of the pool against whom something stands.
    """
    seats = {one.user_id: one for one in taken_in(session, at.id)} if at else {}
    asked = set(session.exec(_invited(at.id))) if at else set()
    team = team_in(session, case)
    known = {one.user.id: one.user for one in whole_pool(session)} | {user.id: user for user, _ in team}
    against = holding(session, [case], [*known])
    seats |= {user.id: duty for user, duty in team if duty}
    places = (
        {user.id: TEAM if duty else STANDS_IN for user, duty in team}
        | dict.fromkeys(asked, INVITED)
        | {one: SEATED for one, seat in seats.items() if seat.duty is Duty.REVIEW}
    )
    concerned = [
        Concerned(user, places.get(one, IN_POOL), against.get(one, []), seats.get(one))
        for one, user in known.items()
        if one in against or one in places
    ]
    return sorted(concerned, key=lambda one: (ORDER.index(one.place), one.user.name))


def team_in(session: Session, case: Case) -> list[tuple[User, Assignment | None]]:
    """Return who has an open duty to visit, then who stands in for one of them today and has none."""
    visits = select(User, Assignment).join(Assignment, col(Assignment.user_id) == User.id)
    visits = visits.where(Assignment.case_id == case.id, Assignment.duty == Duty.INSPECT)
    named = session.exec(visits.where(col(Assignment.ended_at).is_(None)).order_by(User.name)).all()
    ids = {user.id for user, _ in named}
    away = deputies_of(session, ids, today()) if ids else []
    return [*named, *((user, None) for user in away if user.id not in ids)]


def panel_round(session: Session, case: Case) -> StageRound | None:
    """Return the newest round of expert review."""
    rounds = select(StageRound).where(StageRound.case_id == case.id, StageRound.stage == "expert-review")
    return session.exec(rounds.order_by(col(StageRound.round).desc())).first()


def ruled_in(session: Session, case: Case) -> Sequence[tuple[Conflict, User]]:
    """Return what was ruled on in a case and by whom, the newest first."""
    found = select(Conflict, User).join(User, col(User.id) == Conflict.ruled_by).where(Conflict.case_id == case.id)
    return session.exec(found.order_by(col(Conflict.ruled_at).desc())).all()


def vacancies(session: Session, stage_round_id: UUID) -> list[tuple[Assignment, User, User | None]]:
    """Return the vacant seats of a panel, with who had each and who was asked to take it."""
    found = []
    for seat in vacant_in(session, stage_round_id):
        asked = select(User).join(Invitation, col(Invitation.user_id) == User.id)
        asked = asked.where(Invitation.seat_id == seat.id, Invitation.state == InvitationState.OPEN)
        found.append((seat, session.get_one(User, seat.user_id), session.exec(asked).first()))
    return found


def _invited(stage_round_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a statement
    standing = select(DrawnFor.draw_id).where(DrawnFor.stage_round_id == stage_round_id, col(DrawnFor.stands))
    return select(Invitation.user_id).where(
        col(Invitation.draw_id).in_(standing), Invitation.state == InvitationState.OPEN
    )
