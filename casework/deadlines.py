"""What time does: reminders, word to the office when a duty is overdue, and corrections that lapse."""

from datetime import date

from sqlmodel import Session, col, select

from casework.assignments import carriers, due_in
from casework.cases import held, policy_for
from casework.decisions import Conclusion, record
from casework.letters import post
from casework.pressing import about_the_day, press
from casework.rounds import decision_on
from core.clock import local, now, today
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from regulation.calendar import official
from regulation.outcomes import Outcome
from regulation.policy import Policy
from regulation.roles import Duty


def open_duties(session: Session) -> list[Assignment]:
    """Return every open duty of an open case, the most urgent first."""
    duties = select(Assignment).join(Case, col(Case.id) == Assignment.case_id)
    duties = duties.where(col(Assignment.ended_at).is_(None), col(Case.closed_at).is_(None))
    return list(session.exec(duties.order_by(col(Assignment.due_on))))


def is_due_for_reminder(session: Session, assignment: Assignment, on: date) -> bool:
    """Whether the reminder days of the call's policy have begun, are not over, and nobody was reminded yet."""
    if assignment.reminded_at or on > assignment.due_on:
        return False
    return reminds(assignment, policy_for(session, session.get_one(Case, assignment.case_id)), on)


def reminds(assignment: Assignment, policy: Policy, on: date) -> bool:
    """Whether the reminder days of a policy have begun, are not over, and nobody was reminded yet."""
    if assignment.reminded_at or on > assignment.due_on:
        return False
    return on >= official().before(assignment.due_on, policy.reminder_days)


def held_open(session: Session, assignment: Assignment) -> Case | None:
    """Hold the case of a duty and read both anew; None when the duty is needed no longer."""
    case = held(session, assignment.case_id)
    session.refresh(assignment)
    at = session.get_one(StageRound, assignment.stage_round_id)
    if assignment.ended_at or case.closed_at or decision_on(session, case.id, at.stage, at.round):
        return None
    return case


def remind(session: Session, assignment: Assignment) -> str:
    """Remind those who carry a duty that its day comes near; once."""
    case = held_open(session, assignment)
    if not case or not is_due_for_reminder(session, assignment, today()):
        return ""
    correcting = assignment.duty is Duty.CORRECT
    for person in carriers(session, assignment):
        post(
            session,
            "reminder",
            person,
            about=about_the_day(assignment),
            case=case,
            duty=assignment.duty.title,
            due_on=assignment.due_on.isoformat(),
            days_left=max(0, official().between(today(), assignment.due_on)),
            path=f"/applications/{case.application_id}" if correcting else f"/duties/{assignment.id}",
        )
    assignment.reminded_at = now()
    return f"reminded of {assignment.duty}"


def pass_due(session: Session, assignment: Assignment) -> str:
    """Do what follows when a duty's day has passed: a correction lapses, silence accepts, all else is pressed for.

    Nobody loses or wins a case by a day that may yet move: a correction or a check of the form that is due in a year
    without an official calendar is told to the office as well, and takes effect when the calendar has come.
    """
    case = held_open(session, assignment)
    if not case or assignment.duty is Duty.ANSWER:  # an invitation lapses as a whole, see `casework.experts.answers`
        return ""
    if assignment.provisional:
        reckon_anew(session, case, assignment)
    if assignment.due_on >= today():
        return ""
    if assignment.duty is Duty.CORRECT and not assignment.provisional:
        return lapse(session, case, assignment)
    if is_accepted_by_silence(session, case, assignment):
        return accept_by_silence(session, case, assignment)
    return press(session, case, assignment)


def reckon_anew(session: Session, case: Case, assignment: Assignment) -> None:
    """Count the days of a provisional duty again: meanwhile the year may have its official calendar."""
    reckoned = due_in(session, case, assignment.duty, local(assignment.assigned_at).date())
    assignment.due_on, assignment.provisional = reckoned.day, reckoned.provisional


def lapse(session: Session, case: Case, assignment: Assignment) -> str:
    """Record the system's decision that a correction did not come in time."""
    at = session.get_one(StageRound, assignment.stage_round_id)
    record(session, case, at, Conclusion(Outcome.LAPSED, marked("逾期未补正，视为放弃申报。")), by=None)
    return "lapsed"


def is_accepted_by_silence(session: Session, case: Case, assignment: Assignment) -> bool:
    """Whether a form that the office did not answer in time counts as accepted (行政许可法 Art. 32 as the model)."""
    checking = assignment.duty is Duty.CHECK_FORM and not assignment.provisional
    return checking and bool(policy_for(session, case).silence_accepts)


def accept_by_silence(session: Session, case: Case, assignment: Assignment) -> str:
    """Record that the office told nothing in time, and the file counts as accepted."""
    at = session.get_one(StageRound, assignment.stage_round_id)
    record(session, case, at, Conclusion(Outcome.APPROVED, marked("逾期未告知，视为受理。")), by=None)
    return "accepted by silence"
