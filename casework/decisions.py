"""Decisions: the binding outcome of a round, recorded once by whoever's duty it is."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework import bells, journal, meetings
from casework.access import sight_of
from casework.assignments import acting, finish, held_duty, is_for
from casework.calls import require_time_to_recommend
from casework.cases import held, open_round, policy_for
from casework.letters import post
from casework.people import Person
from casework.recommending import ranks, sheets
from casework.results import deviation, refuse_while_awaited, refuse_while_conflicted
from casework.separation import refuse_another_part
from casework.visits import threshold
from core.clock import local
from core.errors import AlreadyDecided, CaseClosed, Fault, Invalid, NotAssigned, StageClosed
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.judgement import Decision
from models.person import User
from regulation.definition import stage
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role


@dataclass(frozen=True)
class Conclusion:
    """What somebody decides: the outcome, why, everything to be corrected (for a return), and what stands behind it.

    That is the check list, or the meeting that certifies.
    """

    outcome: Outcome
    reasons: str = ""
    corrections: list[str] = field(default_factory=list)
    sheet: sheets.Sheet | None = None
    sitting: meetings.Sitting | None = None


DECIDED_BY_WORD = frozenset({Duty.RECOMMEND, Duty.CHECK_FORM, Duty.CONCLUDE, Duty.CERTIFY, Duty.RECONSIDER})
"""Duties that a conclusion alone fulfils: a visit needs its record, a correction its papers."""


def decide(session: Session, assignment_id: UUID, conclusion: Conclusion, *, by: Person) -> Decision:
    """Record the decision that ends a round; the holder of the stage's duty does it, once.

    Raises `NotAssigned`, `AlreadyDecided` (who and when), `StageClosed`, `CaseClosed`, `Invalid`.
    """
    return fulfil(session, assignment_id, conclusion, DECIDED_BY_WORD, by=by)


def fulfil(
    session: Session, assignment_id: UUID, conclusion: Conclusion, duties: Collection[Duty], *, by: Person
) -> Decision:
    """Record the decision that fulfils one of these duties."""
    assignment, case, at = held_duty(session, assignment_id)
    if not is_for(assignment, by):
        raise NotAssigned
    refuse_if_ended(session, case, at)
    if assignment.ended_at or assignment.duty not in duties:
        raise StageClosed
    refuse_another_part(session, assignment.duty, case, by=by)
    check(session, case, at, conclusion)
    by = acting(assignment, by)
    decision = record(session, case, at, conclusion, by=by)
    finish(assignment, by=by)
    tell_absent(session, case, assignment, decision, by=by)
    keep_examination(session, case, at, conclusion, by=by)
    if conclusion.sitting:
        meetings.keep(session, case, decision, conclusion.sitting, by=by)
    return decision


def absent_at(session: Session, case_id: UUID) -> dict[tuple[str, int], str]:
    """Return in whose place somebody decided, by stage and round; nothing of those who decided in the own name."""
    theirs = select(Decision.stage, Decision.round, Decision.in_place_of)
    found = session.exec(theirs.where(Decision.case_id == case_id, Decision.in_place_of != ""))
    return {(stage_key, number): name for stage_key, number, name in found}


def tell_absent(session: Session, case: Case, assignment: Assignment, decision: Decision, *, by: Person) -> None:
    """Tell whoever was away what was done in the own name, by whom and when."""
    if not by.in_place_of:
        return
    facts = {
        "duty": assignment.duty.title,
        "outcome": stage(decision.stage).words_for(decision.outcome),
        "deputy": by.name,
        "absent": by.in_place_of.name,
        "at": f"{local(decision.decided_at):%Y-%m-%d %H:%M}",
        "path": f"/duties/{assignment.id}",
    }
    post(session, "done-for", session.get_one(User, by.in_place_of.id), about=str(decision.id), case=case, **facts)


def keep_examination(session: Session, case: Case, at: StageRound, conclusion: Conclusion, *, by: Person) -> None:
    """Keep what a conclusion about a recommendation or an acceptance stands on, and rank a file that is recommended."""
    if conclusion.sheet:
        sheets.keep(session, at, conclusion.sheet, by=by)
    if at.stage == sheets.RECOMMENDING:
        session.flush()
        ranks.settle(session, case, conclusion.outcome, by=by)


def record(session: Session, case: Case, at: StageRound, conclusion: Conclusion, *, by: Person | None) -> Decision:
    """Write a decision, its journal line and the bell; `by` is None when time decided."""
    decision = Decision(
        case_id=case.id,
        stage=at.stage,
        round=at.round,
        outcome=conclusion.outcome,
        reasons=conclusion.reasons.strip(),
        corrections=[c.strip() for c in conclusion.corrections if c.strip()],
        decided_by=by.id if by else None,
        by_system=by is None,
        in_place_of=by.in_place_of.name if by and by.in_place_of else "",
    )
    session.add(decision)
    facts = {"outcome": conclusion.outcome, **meetings.told(conclusion.sitting)}
    journal.note(session, "decided", case=case, by=by, stage=at.stage, round=at.round, **facts)
    bells.hang(session, case, f"{at.stage} {conclusion.outcome}", by=by)
    return decision


def refuse_if_ended(session: Session, case: Case, at: StageRound, *, to_applicant: bool = False) -> None:
    """Raise `AlreadyDecided` or `CaseClosed` when there is nothing to decide any more.

    An applicant is told which body decided, not which of its people.
    """
    decided = session.exec(
        select(Decision, User)
        .join(User, col(User.id) == Decision.decided_by, isouter=True)
        .where(Decision.case_id == case.id, Decision.stage == at.stage, Decision.round == at.round)
    ).first()
    if decided:
        decision, user = decided
        raise AlreadyDecided(
            by=decider(decision, user, by_role=to_applicant and decision.outcome is not Outcome.WITHDRAWN),
            at=f"{local(decision.decided_at):%Y-%m-%d %H:%M}",
            outcome=stage(at.stage).words_for(decision.outcome),
        )
    if case.closed_at:
        raise CaseClosed


def decider(decision: Decision, user: User | None, *, by_role: bool) -> str:
    """Return who decided: the system, a person, or only the role that decides at this stage."""
    duty = stage(decision.stage).duty
    if not user:
        return marked("系统")
    return duty.role.title if by_role and duty and duty.role is not Role.APPLICANT else user.name


def check(session: Session, case: Case, at: StageRound, conclusion: Conclusion) -> None:
    """Raise `Invalid` for a conclusion the stage does not know, or one without the reasons it must give.

    Raises `CallClosed` for a recommendation after the call's last moment for it.
    """
    if at.stage == sheets.RECOMMENDING:
        require_time_to_recommend(session, case, conclusion.outcome)
    faults = []
    if conclusion.outcome not in stage(at.stage).outcomes:
        faults.append(Fault("outcome", marked("请选择本环节可作出的结论。")))
    if conclusion.outcome is not Outcome.APPROVED and not conclusion.reasons.strip():
        faults.append(Fault("reasons", marked("作出该结论须说明理由。")))
    if len(conclusion.reasons) > 2000:
        faults.append(Fault("reasons", marked("理由不超过 2000 字。")))
    if conclusion.outcome is Outcome.RETURNED:
        faults += return_faults(session, case, at, conclusion)
    if at.stage == "expert-review":
        faults += panel_faults(session, case, at, conclusion)
    faults += threshold.faults_of(session, case, at, conclusion.outcome)
    faults += sheets.faults_of(session, case, at, conclusion.outcome, conclusion.sheet)
    faults += meetings.faults_of(session, case, at, conclusion.outcome, (conclusion.reasons, conclusion.sitting))
    if faults:
        raise Invalid(faults=list({f.field: f for f in faults}.values()))


def return_faults(session: Session, case: Case, at: StageRound, conclusion: Conclusion) -> list[Fault]:
    """A return says everything at once (一次性告知), and a stage may return only so often."""
    faults = []
    if not any(c.strip() for c in conclusion.corrections):
        faults.append(Fault("corrections", marked("退回补正须一次性列明全部需补正的内容，每行一项。")))
    returns = session.exec(
        select(func.count())
        .select_from(Decision)
        .where(Decision.case_id == case.id, Decision.stage == at.stage, Decision.outcome == Outcome.RETURNED)
        .where(col(Decision.undone_at).is_(None))
    ).one()
    if returns >= policy_for(session, case).returns_per_stage:
        faults.append(Fault("outcome", marked("本环节已退回补正过，不能再次退回，请作出结论。")))
    return faults


def panel_faults(session: Session, case: Case, at: StageRound, conclusion: Conclusion) -> list[Fault]:
    """A chair who departs from what the reviews come to says why.

    Raises `StageClosed` while a review is awaited, or somebody may not judge.
    """
    refuse_while_awaited(session, at)
    refuse_while_conflicted(session, case, at)
    departs = deviation(session, case, at, conclusion.outcome)
    return [Fault("reasons", departs)] if departs and not conclusion.reasons.strip() else []


def withdraw(session: Session, case_id: UUID, reasons: str, *, by: Person) -> Decision:
    """Take the application back (Art. 5(1)): the applicant's decision on the round that is open."""
    case = held(session, case_id)
    if not by.has(Role.APPLICANT) or not sight_of(session, by, case).owner:
        raise NotAssigned
    if case.closed_at:
        raise CaseClosed
    at = open_round(session, case.id)
    if not at or at.stage == "publication":
        raise StageClosed(marked("上一环节的结论正在处理，请稍后再试。"))
    refuse_if_ended(session, case, at, to_applicant=True)
    return record(
        session, case, at, Conclusion(Outcome.WITHDRAWN, reasons.strip() or marked("申报单位自愿撤回")), by=by
    )


def decisions_of(session: Session, case_id: UUID) -> list[tuple[Decision, User | None]]:
    """Return the decisions of a case in their order, with who made them."""
    found = session.exec(
        select(Decision, User)
        .join(User, col(User.id) == Decision.decided_by, isouter=True)
        .where(Decision.case_id == case_id)
        .order_by(col(Decision.decided_at))
    )
    return [(decision, user) for decision, user in found]
