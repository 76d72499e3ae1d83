"""The daily digest: one letter a working day to whoever has open duties and wants it, never an empty one.

Applicants get none: their duty is a correction, which has its letters.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, case, type_coerce
from sqlmodel import Session, String, and_, col, exists, func, or_, select
from sqlmodel import cast as as_type

from casework.inboxes import Item, items, mine
from casework.letters import post
from casework.people import Person, on_that_day, person_of
from core.clock import local, now, today
from core.i18n import Language, translated
from models.case import Assignment
from models.delegation import Delegation
from models.message import Message
from models.person import User, UserRole
from regulation.calendar import official
from regulation.roles import Duty

HOUR = 8
"""Hubei's hour from which a day's digests are posted."""
SOON = 3
"""Working days within which a duty is said to be due soon."""
LINE = "{duty}　{unit}（{reference}），{due} 到期"


def awaiting_digest(session: Session) -> list[UUID]:
    """Return who has open duties and has not had today's digest; nobody before the hour and on days off."""
    if local(now()).hour < HOUR or not official().is_working(today()):
        return []
    had = exists().where(col(Message.key) == func.concat(f"digest/{today()}/", as_type(User.id, String)))
    wanting = select(User.id).where(col(User.digest).is_(True), col(User.closed_at).is_(None), ~had)
    return list(session.exec(wanting.where(_has_duties()).order_by(col(User.id))))


def post_digest(session: Session, user_id: UUID) -> str:
    """Post today's digest to somebody, once; says so, or nothing when there is nothing to tell."""
    user = session.exec(select(User).where(User.id == user_id).with_for_update()).one()
    found = open_duties_of(session, person_of(session, user))
    if not found or not user.digest or user.closed_at:
        return ""
    language = cast("Language", user.locale)
    overdue, soon, fresh = sorted_out(found, today())
    lists = {"overdue": overdue, "soon": soon, "fresh": fresh}
    told = {name: [line_of(item, language) for item in among] for name, among in lists.items()}
    others = len(found) - len(overdue) - len(soon) - len(fresh)
    facts: dict[str, Any] = {"open": len(found), "others": others, "days": SOON, "path": "/inbox", **told}
    post(session, "digest", user, about=str(today()), **facts)
    return f"posted a digest of {len(found)}"


def set_digest(session: Session, *, wanted: bool, by: Person) -> None:
    """Switch one's own digest on or off."""
    session.get_one(User, by.id).digest = wanted


def wants_digest(session: Session, person: Person) -> bool:
    """Whether somebody gets the digest."""
    return session.get_one(User, person.id).digest


def open_duties_of(session: Session, person: Person) -> list[Item]:
    """Return what the person has to do, by name, for the organisation or as one of a role, the most urgent first."""
    return items(session, mine(person) & col(Assignment.ended_at).is_(None))


def sorted_out(found: Sequence[Item], on: date) -> tuple[list[Item], list[Item], list[Item]]:
    """Return what is overdue, what is due soon, and what is new since the last working day; each duty once."""
    overdue = [item for item in found if item.overdue]
    soon = [item for item in found if not item.overdue and item.days_left <= SOON]
    since = official().before(on, 1)
    rest = [item for item in found if item not in overdue and item not in soon]
    return overdue, soon, [item for item in rest if local(item.assignment.assigned_at).date() >= since]


def line_of(item: Item, language: Language) -> str:
    """Put one duty into one line of the reader's language."""
    duty = translated(item.assignment.duty.title, language)
    due = item.assignment.due_on.isoformat()
    return translated(LINE, language, duty=duty, unit=item.unit, reference=item.case.reference, due=due)


def _has_duties() -> ColumnElement[bool]:
    """Return that a user has an open duty: by name, in an absent person's place, or shared with others of the role."""
    roles = {duty.value: duty.role.value for duty in Duty if duty is not Duty.CORRECT}
    role = case(roles, value=type_coerce(col(Assignment.duty), String))
    holds = exists().where(col(UserRole.user_id) == User.id, type_coerce(col(UserRole.role), String) == role)
    ours = or_(col(Assignment.organisation_id).is_(None), col(Assignment.organisation_id) == User.organisation_id)
    stands_in = exists().where(
        col(Delegation.deputy_id) == User.id, col(Delegation.absent_id) == Assignment.user_id, *on_that_day(today())
    )
    shared = and_(col(Assignment.user_id).is_(None), ours, holds)
    return exists().where(
        col(Assignment.ended_at).is_(None), or_(col(Assignment.user_id) == User.id, stands_in, shared)
    )
