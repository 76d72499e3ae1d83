"""Runs: each waking of a case as one orchestrated history that does not depend on the engine's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, select

from casework import bells, journal
from casework.access import require
from casework.letters import post
from casework.people import Person, holders_of
from core.clock import now
from core.errors import CaseClosed, Conflict
from core.i18n import marked
from core.pulse import in_living_hands, key
from models.application import Application
from models.case import Case
from models.engine import Bell, Run, RunState, RunStep
from models.organisation import Organisation
from regulation.roles import Role

LOST_AFTER = timedelta(minutes=5)
"""A run that has neither ended nor taken a step for so long is taken for dead."""


def begin(session: Session, case: Case, flow_run_id: UUID, heard: Sequence[Bell] = ()) -> Run:
    """Begin a run for the bells that were heard.

    A run of the engine that begins twice, because it was interrupted, goes on in its own row.
    """
    known = session.exec(select(Run).where(Run.flow_run_id == flow_run_id)).first()
    if known:
        known.state, known.ended_at = RunState.RUNNING, None
        step_taken(session, known.id, "resume", "taken up again after an interruption")
        return known
    run = Run(case_id=case.id, flow_run_id=flow_run_id, attempt=1 + failures_in_a_row(session, case.id))
    run.reason = " · ".join(dict.fromkeys(bell.reason for bell in heard))[:200]
    session.add(run)
    session.flush()
    return run


def failures_in_a_row(session: Session, case_id: UUID) -> int:
    """Count the failed runs since the last one that went well."""
    states = session.exec(
        select(Run.state)
        .where(Run.case_id == case_id, Run.state != RunState.RUNNING)
        .order_by(col(Run.started_at).desc())
    ).all()
    count = 0
    for state in states:
        if state not in {RunState.FAILED, RunState.LOST}:
            break
        count += 1
    return count


def step_taken(session: Session, run_id: UUID, step: str, did: str) -> None:
    """Write down a step in the transaction of its effect."""
    earlier = select(func.count()).select_from(RunStep).where(RunStep.run_id == run_id).scalar_subquery()
    taken = RunStep(run_id=run_id, number=0, step=step, did=did)
    taken.number = cast(Any, earlier + 1)  # counted by the database in the same statement
    session.add(taken)


def end(session: Session, run: Run, heard: list[UUID], ended_in: str) -> None:
    """End a run that went well: its bells are answered, the case is stalled no longer."""
    case = session.get_one(Case, run.case_id)
    run.state = RunState.CLOSED if case.closed_at else RunState.WAITING
    run.ended_in, run.ended_at = ended_in, now()
    if case.stalled_at:
        case.stalled_at = None
        journal.note(session, "recovered", case=case, by=None, stage=case.stage)
    bells.answer(session, heard, run)


@dataclass(frozen=True)
class Failure:
    """Why a run failed."""

    step: str
    error: str
    traceback: str


def fail(session: Session, run: Run, heard: list[UUID], failure: Failure) -> None:
    """End a run that failed: the case is stalled until an operator, or the next news, runs it again."""
    case = session.get_one(Case, run.case_id)
    run.state, run.ended_at, run.ended_in = RunState.FAILED, now(), "Failed"
    error, traceback = storable(failure.error)[:2000], storable(failure.traceback)[-20000:]
    run.failed_step, run.error, run.traceback = failure.step, error, traceback
    bells.answer(session, heard, run)
    if case.closed_at:
        return
    if not case.stalled_at:
        case.stalled_at = run.ended_at
    journal.note(session, "stalled", case=case, by=None, stage=case.stage, step=failure.step)
    for operator in holders_of(session, Role.OPERATOR):
        post(
            session, "stalled", operator, about=str(run.id), case=case,
            step=failure.step, error=error[:300], path="/operator/stalled",
        )  # fmt: skip


def storable(text: str) -> str:
    """Return a program's words as the database can keep them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def cases_in_hand(session: Session) -> set[UUID]:
    """Return the cases that a run is at which lives and has done something lately."""
    living = in_living_hands(session)
    busy = session.exec(select(Run.case_id, Run.id).where(col(Run.ended_at).is_(None), ~is_silent())).all()
    return {case_id for case_id, run_id in busy if key(run_id) in living}


def is_silent() -> ColumnElement[bool]:
    """Ask of a run whether it has begun long ago and has taken no step for as long."""
    before = now() - LOST_AFTER
    lately = select(RunStep.id).where(RunStep.run_id == Run.id, col(RunStep.at) >= before).exists()
    return and_(col(Run.started_at) < before, ~lately)


def lost(session: Session) -> list[Run]:
    """Mark the runs that died without a word, and return them."""
    silent = select(Run).where(col(Run.ended_at).is_(None), is_silent())
    stale = session.exec(silent.with_for_update(skip_locked=True, of=Run)).all()
    for run in stale:
        run.state, run.ended_at, run.ended_in = RunState.LOST, now(), "Lost"
        run.error = marked("运行进程中断，未能正常结束；系统已自动重新运行。")
    return list(stale)


def run_again(session: Session, case: Case, *, by: Person) -> Bell:
    """Ask for another run of a stalled case; what was finished is not repeated."""
    require(by, Role.OPERATOR)
    if case.closed_at:
        raise CaseClosed
    if not case.stalled_at:
        raise Conflict(marked("该申报未处于停滞状态，无须重新运行。"))
    journal.note(session, "run-again", case=case, by=by, stage=case.stage)
    return bells.hang(session, case, "run again", by=by)


def runs_of(session: Session, case_id: UUID) -> list[tuple[Run, list[RunStep]]]:
    """Return every run of a case, oldest first, each with what it did."""
    runs = session.exec(select(Run).where(Run.case_id == case_id).order_by(col(Run.started_at))).all()
    steps = session.exec(
        select(RunStep).where(col(RunStep.run_id).in_([r.id for r in runs])).order_by(col(RunStep.number))
    ).all()
    return [(run, [s for s in steps if s.run_id == run.id]) for run in runs]


@dataclass(frozen=True)
class Stalled:
    """A stalled case with the run that failed last; `asked`: another run was asked for and has not answered yet."""

    case: Case
    run: Run
    since: datetime
    unit: str = ""
    asked: bool = False


def stalled(session: Session) -> list[Stalled]:
    """Return the stalled cases, each with its last failed run, the longest stalled first."""
    asked = select(Bell.id).where(Bell.case_id == Case.id, col(Bell.answered_at).is_(None)).exists()
    failed = (
        select(Case, Run, Organisation.name, asked)
        .join(Run, (col(Run.case_id) == Case.id) & (col(Run.state) == RunState.FAILED))
        .join(Application, col(Application.id) == Case.application_id)
        .join(Organisation, col(Organisation.id) == Application.organisation_id)
        .where(col(Case.stalled_at).is_not(None))
        .order_by(col(Case.stalled_at), col(Case.id), col(Run.started_at).desc())
        .distinct(col(Case.stalled_at), col(Case.id))
    )
    return [
        Stalled(case, run, case.stalled_at or now(), unit, waits) for case, run, unit, waits in session.exec(failed)
    ]


def count_stalled(session: Session) -> int:
    """Count the stalled cases."""
    return session.exec(select(func.count()).where(col(Case.stalled_at).is_not(None))).one()
