"""Who has an account: the list of people by role and organisation, and what each of them still has to do."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, type_coerce
from sqlmodel import Session, String, and_, cast, col, func, or_, select, tuple_

from casework.inboxes import Item, items, mine
from casework.paging import Page, cursor, cut, place_of
from casework.people import holders_of, person_of
from casework.searching import found_by
from core.clock import now
from core.errors import Invalid, NotFound
from core.i18n import marked
from models.case import Assignment
from models.organisation import Organisation
from models.person import User, UserRole
from regulation.roles import STAFF, Duty, Role

LISTED = STAFF | {Role.APPLICANT}
STATES = {
    "open": marked("正常"),
    "locked": marked("已锁定"),
    "initial": marked("待启用"),
    "closed": marked("已停用"),
}
"""What an account can be asked for by."""


@dataclass(frozen=True)
class StaffSearch:
    """What is asked for; without a role everybody but the applicants is found."""

    words: str = ""
    role: str = ""
    organisation_id: UUID | None = None
    state: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True)
class Account:
    """One account with its organisation, its roles, and how much waits for the person or the organisation."""

    user: User
    organisation: Organisation
    roles: frozenset[Role]
    open_duties: int

    @property
    def state(self) -> str:
        """Return the one word of `STATES` that matters most."""
        if self.user.closed_at:
            return "closed"
        if self.user.locked_until and self.user.locked_until > now():
            return "locked"
        return "initial" if self.user.initial_password else "open"


def accounts(session: Session, search: StaffSearch) -> Page[Account]:
    """Return a page of accounts by name; raises `Invalid` for a word or a cursor that is none."""
    place = tuple_(col(User.name), cast(User.id, String))
    found = (
        select(User, Organisation)
        .join(Organisation, col(Organisation.id) == User.organisation_id)
        .where(*conditions(search))
        .order_by(col(User.name), cast(User.id, String))
    )
    if search.after:
        found = found.where(place > tuple_(*place_of(search.after, "people", str, str)))
    rows = session.exec(found.limit(search.limit + 1)).all()
    page = cut(rows, search.limit, lambda row: cursor("people", row[0].name, str(row[0].id)))
    return Page(with_duties(session, page.rows), page.next)


def count_accounts(session: Session, search: StaffSearch) -> int:
    """Count what a search finds."""
    counted = select(func.count()).select_from(User)
    counted = counted.join(Organisation, col(Organisation.id) == User.organisation_id)
    return session.exec(counted.where(*conditions(search))).one()


def account_of(session: Session, user_id: UUID) -> Account:
    """Return one account."""
    found = session.exec(
        select(User, Organisation)
        .join(Organisation, col(Organisation.id) == User.organisation_id)
        .where(User.id == user_id)
    ).first()
    if not found:
        raise NotFound
    return with_duties(session, [found])[0]


def conditions(search: StaffSearch) -> list[ColumnElement[bool]]:
    """Return what must hold of an account to be found."""
    if search.role not in {"", *LISTED}:
        raise Invalid(marked("没有这种身份。"))
    roles = [Role(search.role)] if search.role else sorted(STAFF)
    wanted = found_by(search.words, col(User.name), col(User.email), col(User.title), col(Organisation.name))
    wanted.append(col(User.id).in_(select(col(UserRole.user_id)).where(col(UserRole.role).in_(roles))))
    if search.organisation_id:
        wanted.append(col(User.organisation_id) == search.organisation_id)
    return [*wanted, *_in_state(search.state)]


def _in_state(state: str) -> list[ColumnElement[bool]]:
    if state not in {"", *STATES}:
        raise Invalid(marked("没有这种账号状态。"))
    if not state:
        return []
    closed = col(User.closed_at).is_not(None)
    among = {"locked": col(User.locked_until) > now(), "initial": col(User.initial_password).is_(True)}
    return [closed] if state == "closed" else [~closed, *([among[state]] if state in among else [])]


def with_duties(session: Session, rows: Collection[tuple[User, Organisation]]) -> list[Account]:
    """Return accounts with their roles and their open duties, in two queries however many they are."""
    ids = [user.id for user, _ in rows]
    roles: dict[UUID, set[Role]] = {}
    for held in session.exec(select(UserRole).where(col(UserRole.user_id).in_(ids))):
        roles.setdefault(held.user_id, set()).add(held.role)
    open_duties = dict(session.exec(_open_duties(ids)).all())
    return [
        Account(user, organisation, frozenset(roles.get(user.id, ())), open_duties.get(user.id, 0))
        for user, organisation in rows
    ]


def _open_duties(ids: Collection[UUID]) -> Any:  # noqa: ANN401 - a statement
    """Count the duties given to people by name or to their organisation, by person."""
    role = case({duty.value: duty.role.value for duty in Duty}, value=type_coerce(col(Assignment.duty), String))
    holds_role = (
        select(UserRole.role)
        .where(UserRole.user_id == User.id, type_coerce(col(UserRole.role), String) == role)
        .correlate(User, Assignment)
        .exists()
    )
    of_ours = and_(
        col(Assignment.user_id).is_(None), col(Assignment.organisation_id) == User.organisation_id, holds_role
    )
    return (
        select(User.id, func.count())
        .join(Assignment, or_(col(Assignment.user_id) == User.id, of_ours))
        .where(col(User.id).in_(ids), col(Assignment.ended_at).is_(None))
        .group_by(col(User.id))
    )


def left_undone(session: Session, user: User, roles: Collection[Role]) -> list[Item]:
    """Return the open duties that nobody else could do if this person had these roles no longer."""
    waiting = items(session, mine(person_of(session, user)) & col(Assignment.ended_at).is_(None))
    lost = [item for item in waiting if item.assignment.duty.role in roles]
    shared = {(item.assignment.duty.role, item.assignment.organisation_id) for item in lost}
    helped = {one for one in shared if any(other.id != user.id for other in holders_of(session, *one))}
    return [
        item
        for item in lost
        if item.assignment.user_id or (item.assignment.duty.role, item.assignment.organisation_id) not in helped
    ]
