"""Who is taken on which day: nobody visits two institutions on one day, which the database holds as well."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from casework.assignments import seats_of
from core.clock import now
from core.errors import Conflict
from core.i18n import marked
from models.case import Assignment, StageRound
from models.person import User
from models.visit import VisitDay
from regulation.roles import Duty

TAKEN = marked("{name}当日已安排其他考察，请另选日期（{day}）。")
TAKEN_MEANWHILE = marked("考察人员当日刚被安排其他考察，请另选日期。")


def seats_in(session: Session, at: StageRound) -> list[Assignment]:
    """Return the duties of the team that stands."""
    return [one for one in seats_of(session, at.id) if one.duty is Duty.INSPECT]


def taken(session: Session, at: StageRound, days: Sequence[date]) -> list[tuple[str, date]]:
    """Return which members of a round's team visit another institution on which of these days."""
    seats = seats_in(session, at)
    people = [seat.user_id for seat in seats]
    found = (
        select(col(User.name), col(VisitDay.day))
        .join(User, col(User.id) == col(VisitDay.user_id))
        .where(
            col(VisitDay.user_id).in_(people),
            col(VisitDay.day).in_(days),
            col(VisitDay.released_at).is_(None),
            col(VisitDay.assignment_id).not_in([seat.id for seat in seats]),
        )
    )
    return [(name, day) for name, day in session.exec(found.order_by(col(VisitDay.day), col(User.name)))]


def take(session: Session, at: StageRound, day: date) -> None:
    """Have the whole team on a day; raises `Conflict`, also when somebody else takes a member at the same moment."""
    for name, on in taken(session, at, [day]):
        raise Conflict(TAKEN, name=name, day=on.isoformat())
    enter(session, seats_in(session, at), day)


def take_one(session: Session, at: StageRound, seat: Assignment, day: date) -> None:
    """Have one member of the team on a day."""
    for name, on in taken(session, at, [day]):
        raise Conflict(TAKEN, name=name, day=on.isoformat())
    enter(session, [seat], day)


def enter(session: Session, seats: Sequence[Assignment], day: date) -> None:
    """Write down who is taken; the database refuses whoever was taken meanwhile."""
    try:
        with session.begin_nested():
            session.add_all(
                VisitDay(assignment_id=seat.id, user_id=seat.user_id, day=day) for seat in seats if seat.user_id
            )
    except IntegrityError as error:
        raise Conflict(TAKEN_MEANWHILE) from error


def release(session: Session, assignment_ids: Sequence[UUID]) -> None:
    """Let people go from the days they were taken on."""
    held = select(VisitDay).where(col(VisitDay.assignment_id).in_(assignment_ids), col(VisitDay.released_at).is_(None))
    for one in session.exec(held):
        one.released_at = now()
    session.flush()


def release_team(session: Session, at: StageRound) -> None:
    """Let everybody go who was taken for a round."""
    named = select(Assignment.id).where(Assignment.stage_round_id == at.id, Assignment.duty == Duty.INSPECT)
    release(session, list(session.exec(named)))
