"""Running stalled cases again: what was foretold, what was asked for, and what honestly came of it, case by case."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework import bells
from casework.access import require
from casework.cases import held
from casework.foresight import Foreseen, Plan
from casework.people import Person
from casework.runs import run_again
from core.errors import CaseClosed, Conflict, NotFound
from core.i18n import marked
from models.case import Case
from models.certificate import Certificate
from models.engine import Bell, Run, RunState, RunStep
from models.judgement import Decision
from models.message import Message
from models.operating import Rerun, RerunCase
from models.person import User
from regulation.roles import Role

MOST_AT_ONCE = 200
NOT_STALLED = "not-stalled"


class Result(StrEnum):
    """What came of one case; only a run that ended well and took a step has finished it."""

    FINISHED = "finished"
    FAILED = "failed"
    RUNNING = "running"
    UNMOVED = "unmoved"
    REFUSED = "refused"


TITLES = {
    Result.FINISHED: marked("已完成"),
    Result.FAILED: marked("再次失败"),
    Result.RUNNING: marked("尚未结束"),
    Result.UNMOVED: marked("未推进"),
    Result.REFUSED: marked("未重新运行"),
}


@dataclass(frozen=True)
class Came:
    """What came of one case: `did` is what its runs have done since, `error` why it failed again."""

    row: RerunCase
    case: Case
    result: Result
    did: list[str]
    error: str = ""
    run: Run | None = None

    @property
    def as_foretold(self) -> bool:
        """Whether a finished case did just what the preview said."""
        foretold = [Foreseen("", one) for one in self.row.foretold]
        return len(foretold) == len(self.did) and all(
            one.is_what(did) for one, did in zip(foretold, self.did, strict=True)
        )


@dataclass(frozen=True)
class Told:
    """A rerun with what has come of it so far."""

    rerun: Rerun
    by: User
    cases: list[Came]

    @property
    def counts(self) -> dict[Result, int]:
        """How many cases came to which result."""
        counted = Counter(one.result for one in self.cases)
        return {result: counted[result] for result in Result}

    @property
    def settled(self) -> bool:
        """Whether no case is still running."""
        return not self.counts[Result.RUNNING]


@dataclass(frozen=True)
class Kept:
    """What a case has behind it and keeps when it is run again."""

    certificate: str = ""
    letters: int = 0
    decisions: int = 0


def ask(session: Session, plans: Mapping[UUID, Plan], *, by: Person) -> Rerun:
    """Ask for another run of each case, as foretold; one that was asked before is followed, not asked twice.

    The cases are held in one order for everybody, so that two operators cannot block each other.
    """
    require(by, Role.OPERATOR)
    rerun = Rerun(by=by.id)
    session.add(rerun)
    session.flush()
    for case_id, plan in sorted(plans.items(), key=lambda one: str(one[0]))[:MOST_AT_ONCE]:
        row = RerunCase(rerun_id=rerun.id, case_id=case_id, leads_to=plan.leads_to)
        row.foretold = [one.did for one in plan.steps]
        _ask_one(session, row, by)
        session.add(row)
    session.flush()
    return rerun


def _ask_one(session: Session, row: RerunCase, by: Person) -> None:
    case = held(session, row.case_id)
    failed = select(Run.id).where(Run.case_id == case.id, Run.state == RunState.FAILED)
    row.failed_run = session.exec(failed.order_by(col(Run.started_at).desc())).first()
    waiting = bells.waiting(session, case.id) if case.stalled_at else ()
    try:
        bell = waiting[-1] if waiting else run_again(session, case, by=by)
    except (Conflict, CaseClosed):
        row.refused = NOT_STALLED
        return
    session.flush()
    row.bell_id = bell.id


def rerun_of(session: Session, rerun_id: UUID) -> Told:
    """Return a rerun with what has come of each case; raises `NotFound`."""
    rerun = session.get(Rerun, rerun_id)
    if not rerun:
        raise NotFound
    rows = session.exec(
        select(RerunCase, Case, Bell, Run)
        .join(Case, col(Case.id) == RerunCase.case_id)
        .join(Bell, col(Bell.id) == RerunCase.bell_id, isouter=True)
        .join(Run, col(Run.id) == Bell.answered_by, isouter=True)
        .where(RerunCase.rerun_id == rerun_id)
        .order_by(col(Case.reference))
    ).all()
    done = _done_since(session, [case.id for _, case, _, _ in rows], rerun.asked_at)
    came = [_came(row, case, run, _until(done.get(case.id, []), run)) for row, case, _, run in rows]
    return Told(rerun, session.get_one(User, rerun.by), came)


def _came(row: RerunCase, case: Case, run: Run | None, did: list[str]) -> Came:
    if row.refused:
        return Came(row, case, Result.REFUSED, [])
    if run is None or run.state in {RunState.RUNNING, RunState.LOST}:
        return Came(row, case, Result.RUNNING, did, run=run)
    if run.state is RunState.FAILED:
        return Came(row, case, Result.FAILED, did, run.error, run)
    return Came(row, case, Result.FINISHED if did else Result.UNMOVED, did, run=run)


def _until(steps: list[tuple[datetime, str]], run: Run | None) -> list[str]:
    """Return what was done up to the end of the run that answered: what follows is another story."""
    return [did for at, did in steps if run is None or run.ended_at is None or at <= run.ended_at]


def _done_since(session: Session, case_ids: Sequence[UUID], since: datetime) -> dict[UUID, list[tuple[datetime, str]]]:
    """Return what the runs of cases did after an instant, and when; to be taken up again is no step."""
    steps = (
        select(Run.case_id, RunStep.at, RunStep.did)
        .join(Run, col(Run.id) == RunStep.run_id)
        .where(col(Run.case_id).in_(case_ids), col(RunStep.at) >= since, RunStep.step != "resume")
        .order_by(col(RunStep.at), col(RunStep.number))
    )
    done: dict[UUID, list[tuple[datetime, str]]] = {}
    for case_id, at, did in session.exec(steps):
        done.setdefault(case_id, []).append((at, did))
    return done


def reruns(session: Session, limit: int = 50) -> list[tuple[Rerun, User, int]]:
    """Return the newest reruns, who asked for them, and about how many cases."""
    size = select(func.count()).where(RerunCase.rerun_id == Rerun.id).scalar_subquery()
    found = select(Rerun, User, size).join(User, col(User.id) == Rerun.by)
    return [(one, by, n) for one, by, n in session.exec(found.order_by(col(Rerun.asked_at).desc()).limit(limit))]


def kept_by(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, Kept]:
    """Return what cases keep when they are run again: certificate, letters that were posted, decisions on record."""
    live = select(Certificate.case_id, Certificate.number).where(col(Certificate.revoked_at).is_(None))
    numbers = dict(session.exec(live.where(col(Certificate.case_id).in_(case_ids))).all())
    letters = _counted(session, Message, case_ids)
    decisions = _counted(session, Decision, case_ids)
    return {one: Kept(numbers.get(one, ""), letters.get(one, 0), decisions.get(one, 0)) for one in case_ids}


def _counted(session: Session, what: type[Message] | type[Decision], case_ids: Sequence[UUID]) -> dict[UUID, int]:
    counted = select(what.case_id, func.count()).where(col(what.case_id).in_(case_ids)).group_by(col(what.case_id))
    if what is Message:
        counted = counted.where(Message.letter != "stalled")
    elif what is Decision:
        counted = counted.where(col(Decision.undone_at).is_(None))
    return {case_id: n for case_id, n in session.exec(counted) if case_id}


def named(session: Session, references: Sequence[str]) -> list[Case]:
    """Return the cases of these references, those there are, in order."""
    wanted = list(dict.fromkeys(references))[:MOST_AT_ONCE]
    found = select(Case).where(col(Case.reference).in_(wanted))
    return list(session.exec(found.order_by(col(Case.reference))))
