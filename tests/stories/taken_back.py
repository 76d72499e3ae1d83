"""Which letters a decision calls for that was taken back, and who was told of a duty while somebody stood in."""

from collections import Counter
from datetime import datetime

from sqlmodel import Session, col, or_, select

from casework.assignments import holders_in_person
from casework.letters import applicants_of
from core.clock import local
from models.case import Assignment, Case, StageRound
from models.delegation import Delegation
from models.judgement import Decision
from models.person import User
from regulation.outcomes import ENDINGS, Outcome
from regulation.roles import PERSONAL


def of_undone(session: Session, case: Case) -> Counter[tuple[str, str]]:
    """A decision that was taken back is told to whoever heard of it, or had a duty because of it."""
    letters: Counter[tuple[str, str]] = Counter()
    for decision in taken_back(session, case):
        rounds = select(StageRound).where(StageRound.case_id == case.id, StageRound.outcome == Outcome.UNDONE)
        later = [at.id for at in session.exec(rounds.where(StageRound.opened_at > decision.decided_at))]
        duties = select(Assignment).where(col(Assignment.stage_round_id).in_(later), col(Assignment.done_at).is_(None))
        people = {p.name for duty in session.exec(duties) for p in told_of(session, duty, duty.assigned_at)}
        if was_told(session, decision):
            people |= {p.name for p in applicants_of(session, case)}
        letters += Counter(("undone", name) for name in people)
    return letters


def taken_back(session: Session, case: Case) -> list[Decision]:
    found = select(Decision).where(Decision.case_id == case.id, col(Decision.undone_at).is_not(None))
    return list(session.exec(found))


def was_told(session: Session, decision: Decision) -> bool:
    """Whether the applicant had heard of the ending before it was taken back."""
    at = select(StageRound).where(StageRound.case_id == decision.case_id, StageRound.stage == decision.stage)
    closed = session.exec(at.where(StageRound.round == decision.round)).one().closed_at
    return bool(decision.outcome in ENDINGS and closed and decision.undone_at and closed < decision.undone_at)


def told_of(session: Session, duty: Assignment, at: datetime | None) -> list[User]:
    """Who was told of a duty at an instant: its holders, and those who stood in for one of them."""
    holders = holders_in_person(session, duty)
    known = {user.id for user in holders}
    if not at or duty.duty in PERSONAL:
        return holders
    standing = select(User).join(Delegation, col(Delegation.deputy_id) == User.id)
    standing = standing.where(col(Delegation.absent_id).in_(known), col(Delegation.made_at) <= at)
    day = local(at).date()
    standing = standing.where(col(Delegation.first_on) <= day, col(Delegation.last_on) >= day)
    ended = or_(col(Delegation.ended_at).is_(None), col(Delegation.ended_at) > at)
    return holders + [one for one in session.exec(standing.where(ended)) if one.id not in known]
