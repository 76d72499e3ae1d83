"""Superiors: who hears of it when somebody's duty is long overdue; the office keeps the list."""

from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.people import Person, roles_of
from core.errors import Fault, Invalid, NotFound
from core.i18n import marked
from models.person import User, UserRole
from regulation.roles import STAFF, Role


def set_superior(session: Session, user_id: UUID, superior_id: UUID | None, *, by: Person) -> User:
    """Say who is somebody's superior, or that nobody is; raises `NotPermitted`, `NotFound`, `Invalid`."""
    require(by, Role.OFFICE)
    user = session.exec(select(User).where(User.id == user_id).with_for_update()).first()
    if not user:
        raise NotFound
    superior = session.get(User, superior_id) if superior_id else None
    if superior_id and (not superior or superior.id == user.id or not is_staff(session, superior)):
        raise Invalid(faults=[Fault("superior", marked("请从人员账号中选择上级，且不能是本人。"))])
    former, user.superior_id = user.superior_id, superior_id
    about = {"user": str(user.id), "superior": str(superior_id or ""), "former": str(former or "")}
    journal.note(session, "superior-set", case=None, by=by, about=about)
    return user


def is_staff(session: Session, user: User) -> bool:
    """Whether somebody has an open account that the office gave."""
    return user.closed_at is None and bool(roles_of(session, user.id) & STAFF)


def possible_superiors(session: Session, user: User) -> list[tuple[UUID, str]]:
    """Return whom the office may choose, colleagues of the same organisation first, by name."""
    staff = select(UserRole.user_id).where(col(UserRole.role).in_(STAFF))
    found = select(User).where(col(User.id).in_(staff), col(User.closed_at).is_(None), User.id != user.id)
    people = sorted(session.exec(found), key=lambda one: (one.organisation_id != user.organisation_id, one.name))
    return [(one.id, one.name) for one in people]
