"""After a duty's day: a word to whoever has it, some working days later one to the superior; each once."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from casework.access import sight_of
from casework.assignments import carriers, holders_in_person
from casework.cases import policy_for
from casework.letters import post
from casework.people import holders_of, person_of
from core.clock import now, today
from core.errors import NotFound
from core.i18n import gettext
from models.case import Assignment, Case
from models.person import User
from regulation.calendar import official
from regulation.roles import Duty, Role


def press(session: Session, case: Case, assignment: Assignment) -> str:
    """Post what is due on this working day about a duty whose day has passed; says what was done."""
    if not official().is_working(today()):
        return ""
    correcting = assignment.duty is Duty.CORRECT  # its day may yet move: only the office hears of it, at once
    over = official().between(assignment.due_on, today())
    done = []
    if not assignment.pressed_at and not correcting:
        remind_late(session, case, assignment, over)
        done.append(f"pressed for {assignment.duty}")
    if not assignment.escalated_at and (correcting or over >= policy_for(session, case).escalation_days):
        escalate(session, case, assignment, over)
        done.append(f"told the superior of {assignment.duty}")
    return ", ".join(done)


def about_the_day(assignment: Assignment) -> str:
    """Return what a letter about a duty's day is about: where the day moves, people are told of the new one as well."""
    return f"{assignment.id}/{assignment.due_on.isoformat()}"


def remind_late(session: Session, case: Case, assignment: Assignment, over: int) -> None:
    """Tell whoever has the duty, and who stands in, that its day has passed."""
    about = {"duty": assignment.duty.title, "due_on": assignment.due_on.isoformat(), "days_over": over}
    for person in carriers(session, assignment):
        path = f"/duties/{assignment.id}"
        post(session, "late", person, about=about_the_day(assignment), case=case, path=path, **about)
    assignment.pressed_at = now()


def escalate(session: Session, case: Case, assignment: Assignment, over: int) -> None:
    """Tell the superiors of whoever has the duty, or the office, whose turn it is and how late."""
    for superior in superiors_of(session, assignment):
        post(
            session,
            "overdue",
            superior,
            about=about_the_day(assignment),
            case=case,
            duty=assignment.duty.title,
            holder=whose_turn(session, assignment),
            due_on=assignment.due_on.isoformat(),
            days_over=over,
            sees=may_see(session, superior, case),
        )
    assignment.escalated_at = now()


def superiors_of(session: Session, assignment: Assignment) -> Sequence[User]:
    """Return who answers for those who have the duty; the office, where nobody was named."""
    wanted = {user.superior_id for user in holders_in_person(session, assignment)} - {None}
    found = select(User).where(col(User.id).in_(wanted), col(User.closed_at).is_(None)).order_by(User.name)
    return session.exec(found).all() or holders_of(session, Role.OFFICE)


def whose_turn(session: Session, assignment: Assignment) -> str:
    """Name those who have the duty, then those who stand in for them these days."""
    holders = holders_in_person(session, assignment)
    known = {user.id for user in holders}
    deputies = [user.name for user in carriers(session, assignment) if user.id not in known]
    names = "、".join(user.name for user in holders)
    return gettext("{names}（代办：{deputies}）", names=names, deputies="、".join(deputies)) if deputies else names


def may_see(session: Session, user: User, case: Case) -> bool:
    """Whether somebody may open the page of a case."""
    try:
        sight_of(session, person_of(session, user), case)
    except NotFound:
        return False
    return True
