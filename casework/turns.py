"""Whose turn it is, since when and until when: one answer for every page, letter and API."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from casework.people import Person
from core.clock import today
from core.i18n import gettext, marked
from models.case import Assignment, Case
from models.organisation import Organisation
from models.person import User
from regulation.calendar import official
from regulation.roles import Role


@dataclass(frozen=True)
class Turn:
    """Who must act now. `days_left` counts working days, negative when overdue; `provisional`: see Reckoning."""

    duty: str
    holder: str
    since: datetime
    due_on: date | None = None
    provisional: bool = False
    assignment: Assignment | None = None

    @property
    def days_left(self) -> int | None:
        """Working days until it is due."""
        return None if self.due_on is None else official().between(today(), self.due_on)

    @property
    def overdue(self) -> bool:
        """Whether the day has passed."""
        return self.due_on is not None and self.due_on < today()


def turns_of(session: Session, case: Case, viewer: Person | None = None) -> list[Turn]:
    """Return whose turn it is; nobody's when the case is closed, the system's while a run is due or has failed.

    Experts and inspectors are shown by their role to whoever may not know their names (`viewer` None: everyone may).
    """
    if case.closed_at:
        return []
    if case.stalled_at:
        return [Turn(marked("系统处理受阻，等待运维人员处理"), Role.OPERATOR.title, case.stalled_at)]
    rows = session.exec(
        select(Assignment, User, Organisation)
        .join(User, col(User.id) == Assignment.user_id, isouter=True)
        .join(Organisation, col(Organisation.id) == Assignment.organisation_id, isouter=True)
        .where(Assignment.case_id == case.id, col(Assignment.ended_at).is_(None))
        .order_by(col(Assignment.due_on))
    ).all()
    if not rows:
        return [Turn(marked("系统正在处理"), marked("系统"), case.opened_at)]
    named = viewer is None or not viewer.has(Role.APPLICANT, Role.RECOMMENDER)
    return [
        Turn(a.duty.title, holder_name(a, user, body, named=named), a.assigned_at, a.due_on, a.provisional, a)
        for a, user, body in rows
    ]


def holder_name(assignment: Assignment, user: User | None, body: Organisation | None, *, named: bool) -> str:
    """Return the name of whoever holds a duty."""
    if body:
        return body.name
    if user and named:
        return user.name
    return gettext(assignment.duty.role.title)
