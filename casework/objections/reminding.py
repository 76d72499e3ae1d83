"""Time and objections: the office is reminded before an objection's day, and told once when it has passed."""

from uuid import UUID

from sqlmodel import Session, col, select

from casework.cases import policy_for
from casework.objections.handling import held_objection
from casework.objections.letters import tell_office
from casework.objections.looking import is_open
from core.clock import local, now, today
from models.case import Case
from models.objection import Objection
from regulation.calendar import official


def due_objections(session: Session) -> list[UUID]:
    """Return the open objections that the office must be told of now."""
    found = select(Objection, Case).join(Case, col(Case.id) == Objection.case_id)
    found = found.where(col(Objection.accepted).is_not(False), col(Objection.concluded_at).is_(None))
    rows = session.exec(found.order_by(col(Objection.due_on), Objection.number))
    return [one.id for one, case in rows if is_near(session, case, one) or has_passed(one)]


def remind_of(session: Session, objection_id: UUID) -> str:
    """Tell the office that an objection's day comes near or has passed, each once; says what was done."""
    case, objection = held_objection(session, objection_id)
    if not is_open(objection):
        return ""
    if objection.provisional:
        reckon_anew(session, case, objection)
    if is_near(session, case, objection):
        tell_office(session, case, objection, "soon")
        objection.reminded_at = now()
        return "reminded of an objection"
    if has_passed(objection):
        tell_office(session, case, objection, "over")
        objection.overdue_told_at = now()
        return "told the office of an objection"
    return ""


def is_near(session: Session, case: Case, objection: Objection) -> bool:
    """Whether the reminder days of the call's policy have begun and nobody was reminded yet."""
    if objection.reminded_at or today() > objection.due_on:
        return False
    return today() >= official().before(objection.due_on, policy_for(session, case).reminder_days)


def has_passed(objection: Objection) -> bool:
    """Whether the day is over and the office was not told yet."""
    return today() > objection.due_on and not objection.overdue_told_at


def reckon_anew(session: Session, case: Case, objection: Objection) -> None:
    """Count the days of a provisional day again: meanwhile the year may have its official calendar."""
    due = official().after(local(objection.filed_at).date(), policy_for(session, case).objection_days)
    objection.due_on, objection.provisional = due.day, due.provisional
