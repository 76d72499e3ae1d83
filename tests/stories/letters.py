"""Which letters a record calls for, read from the facts: one for each fact and person."""

import re
from collections import Counter

from sqlmodel import Session, col, select

from casework.assignments import carriers
from casework.letters import applicants_of
from casework.people import holders_of
from core.db import reading
from models.application import Submission
from models.case import Assignment, Case, StageRound
from models.certificate import RegisterEntry
from models.engine import Run, RunState
from models.message import Message
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role

Letters = Counter[tuple[str, str]]

PAGES = [
    re.compile(path)
    for path in (
        r"/cases/JD-\d{4}-\d{4,}",
        r"/duties/[0-9a-f-]{36}",
        r"/applications/[0-9a-f-]{36}",
        r"/verify/[\w-]{16}",
        r"/register",
        r"/operator/stalled",
    )
]
"""Where letters may lead."""


def posted_letters() -> Letters:
    """Count the letters that were posted, by kind and recipient."""
    with reading() as session:
        return Counter((m.letter, m.recipient) for m in session.exec(select(Message)))


def due_letters() -> Letters:
    """Count the letters that the facts call for."""
    with reading() as session:
        letters: Letters = Counter()
        for case in session.exec(select(Case)):
            letters += of_the_applicant(session, case) + of_duties(session, case) + of_failures(session, case)
        return letters


def of_the_applicant(session: Session, case: Case) -> Letters:
    """A receipt for each submission, a letter for each unfavourable end of a round, one with the certificate."""
    rounds = session.exec(select(StageRound.outcome).where(StageRound.case_id == case.id)).all()
    filed = session.exec(select(Submission).where(Submission.application_id == case.application_id)).all()
    kinds = ["receipt"] * len(filed)
    kinds += [str(outcome) for outcome in rounds if outcome not in {None, Outcome.APPROVED, Outcome.RETURNED}]
    kinds += ["returned"] * max(0, asked_to_correct(session, case))
    kinds += ["certified"] * len(session.exec(select(RegisterEntry.id)).all())
    return Counter((kind, person.name) for kind in kinds for person in applicants_of(session, case))


def asked_to_correct(session: Session, case: Case) -> int:
    return len([a for a in assignments(session, case) if a.duty is Duty.CORRECT])


def of_duties(session: Session, case: Case) -> Letters:
    """Each duty is announced, reminded of, taken back or given to another; the office hears when its day has passed."""
    letters: Letters = Counter()
    for duty in assignments(session, case):
        ended_in = session.get_one(StageRound, duty.stage_round_id).outcome
        undone = not duty.done_at and not duty.replaced_by
        taken_back = ended_in in {Outcome.WITHDRAWN, Outcome.LAPSED} and undone
        correcting = duty.duty is Duty.CORRECT
        for person in carriers(session, duty):
            letters["assignment", person.name] += not correcting
            letters["reminder", person.name] += bool(duty.reminded_at)
            letters["relieved", person.name] += taken_back and not correcting
            letters["replaced", person.name] += bool(duty.replaced_by)
        if duty.escalated_at:
            letters.update(("overdue", officer.name) for officer in holders_of(session, Role.OFFICE))
    return +letters


def of_failures(session: Session, case: Case) -> Letters:
    """Each failed run is told to the operators, unless the case had ended."""
    failed = session.exec(select(Run).where(Run.case_id == case.id, Run.state == RunState.FAILED)).all()
    stalling = [run for run in failed if run.ended_at and not (case.closed_at and case.closed_at < run.ended_at)]
    return Counter(("stalled", operator.name) for _ in stalling for operator in holders_of(session, Role.OPERATOR))


def assignments(session: Session, case: Case) -> list[Assignment]:
    given = select(Assignment).where(Assignment.case_id == case.id)
    return list(session.exec(given.order_by(col(Assignment.assigned_at))))


def astray() -> list[str]:
    """Return the paths in posted letters that lead to none of our pages."""
    with reading() as session:
        facts = [m.facts for m in session.exec(select(Message))]
    paths = [str(value) for told in facts for name, value in told.items() if name.endswith("path")]
    return [path for path in paths if not any(page.fullmatch(path) for page in PAGES)]
