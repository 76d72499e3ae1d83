"""Bells: the news that a case has, written with the fact that makes it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from casework.people import Person
from core.clock import now
from models.case import Case
from models.engine import Bell, Run

QUIET = timedelta(seconds=10)
"""How long an answer may take before housekeeping rings again; doubled with every attempt from the fourth on.

Three times it may be bad luck that a process died; a run that kills its process every time is left alone ever longer.

A run that waits for its turn is not waited for by this measure: the engine has it, and housekeeping knows.
"""
UNLUCKY = 3
LONGEST_QUIET = timedelta(minutes=30)


def hang(session: Session, case: Case, reason: str, *, by: Person | None) -> Bell:
    """Write down that the case has news; it is rung after the commit."""
    bell = Bell(case_id=case.id, reason=reason, by=by.id if by else None)
    session.add(bell)
    return bell


def to_ring(session: Session, case_id: UUID) -> list[Bell]:
    """Return the bells of a case that nobody has rung yet, or that were rung in vain, the newest last."""
    bells = select(Bell).where(Bell.case_id == case_id, col(Bell.answered_at).is_(None))
    found = session.exec(bells.order_by(col(Bell.created_at)).with_for_update(skip_locked=True)).all()
    return [bell for bell in found if not bell.last_rung_at or is_over(bell.last_rung_at, bell, now())]


def unanswered(session: Session, at: datetime | None = None) -> list[tuple[Bell, Case]]:
    """Return the bells that were lost: rung long enough ago, or never, and still not answered."""
    at = at or now()
    bells = (
        select(Bell, Case)
        .join(Case, col(Case.id) == Bell.case_id)
        .where(col(Bell.answered_at).is_(None))
        .order_by(col(Bell.created_at))
        .with_for_update(skip_locked=True, of=Bell)
    )
    found = session.exec(bells).all()
    return [(bell, case) for bell, case in found if is_over(bell.last_rung_at or bell.created_at, bell, at)]


def next_lost(session: Session) -> datetime | None:
    """Return when the next bell will have had its time to be answered; none where all are answered."""
    hanging = session.exec(select(Bell).where(col(Bell.answered_at).is_(None))).all()
    return min(((bell.last_rung_at or bell.created_at) + quiet(bell) for bell in hanging), default=None)


def silent(session: Session, since: datetime, *, limit: int = 100) -> list[tuple[Bell, Case]]:
    """Return the bells that have had no answer since before an instant, the oldest first, for people to look at."""
    bells = (
        select(Bell, Case)
        .join(Case, col(Case.id) == Bell.case_id)
        .where(col(Bell.answered_at).is_(None), col(Bell.created_at) < since)
        .order_by(col(Bell.created_at))
    )
    return [(bell, case) for bell, case in session.exec(bells.limit(limit))]


def quiet(bell: Bell) -> timedelta:
    """Return how long to wait for an answer to the bell's last ring."""
    return min(QUIET * (1 << max(bell.attempts - UNLUCKY, 0)), LONGEST_QUIET)


def is_over(since: datetime, bell: Bell, at: datetime) -> bool:
    """Whether a bell has had its time to be answered; also when it was rung by a clock that was far ahead of ours."""
    return abs(at - since) > quiet(bell)


def rung(session: Session, bell: Bell) -> None:
    """Note one ring; the run is known when the engine took it."""
    bell.attempts += 1
    bell.last_rung_at = now()
    session.add(bell)


def unheard(session: Session, rung_in_vain: Sequence[UUID]) -> None:
    """Note that the engine did not take a ring: it does not count, so the next need not wait the longer for it."""
    for bell in session.exec(select(Bell).where(col(Bell.id).in_(rung_in_vain)).with_for_update()).all():
        bell.attempts -= 1


def waiting(session: Session, case_id: UUID) -> Sequence[Bell]:
    """Return the bells a run finds unanswered when it begins."""
    return session.exec(
        select(Bell).where(Bell.case_id == case_id, col(Bell.answered_at).is_(None)).order_by(col(Bell.created_at))
    ).all()


def answer(session: Session, bells: Sequence[UUID], run: Run) -> None:
    """Note that a run has dealt with the bells."""
    ours = update(Bell).where(col(Bell.id).in_(bells), col(Bell.answered_at).is_(None))
    session.execute(ours.values(answered_at=now(), answered_by=run.id))
