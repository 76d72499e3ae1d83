"""Undoing a mistaken decision while nothing irrevocable has followed: it stays on record, its stage begins anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from casework import bells, journal
from casework.access import sight_of
from casework.assignments import carriers, end_open
from casework.cases import held, policy_for
from casework.certificates import of_case
from casework.letters import applicants_of, post
from casework.people import Person
from casework.recommending.waiting import offer_undone_place
from core.clock import local, now, today
from core.errors import Conflict, Fault, Invalid, NotAssigned, NotFound
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.journal import JournalEntry
from models.judgement import Decision
from models.message import Message
from models.person import User
from models.publicity import PublicityItem
from regulation.calendar import official
from regulation.definition import stage
from regulation.outcomes import Outcome
from regulation.roles import Role

LONGEST_REASON = 500
FINAL_STAGES = frozenset({"submission", "publicity", "publication"})
"""What an institution filed or took back is its own; a list that was public and a base that was published stay so."""

BESIDE = frozenset({"letter-sent-again", "run-again"})
"""Acts of people after which a decision can still be undone: they move nothing in the proceeding."""

DONE_BEFORE = marked("该结论已由 {by} 于 {at} 撤回。")
NOT_YOURS = marked("结论只能由作出人撤回；系统自动作出的，由继教办撤回。")
TOO_LATE = marked("已超过可撤回的期限（{on} 止），不能撤回。")
FINAL = marked("该结论不能撤回：申报单位的提交和撤回由其自负，公示和公布一经作出即对外生效。")
CERTIFIED = marked("证书已制发，不能撤回结论；确有错误的，请依程序撤销证书。")
PUBLIC = marked("公示名单已发布，不能撤回结论；请通过异议办理更正。")
FOLLOWED = marked("后续环节已有人办理，不能撤回该结论。")


@dataclass(frozen=True)
class Undoable:
    """A decision with its case and round, held for this transaction."""

    decision: Decision
    case: Case
    at: StageRound


def undo(session: Session, decision_id: UUID, reason: str, *, by: Person) -> Decision:
    """Take a mistaken decision back; whoever decided does it, for the system's the office.

    Its round, and every later one that nobody has acted in, is closed as undone; a case that it ended is open again;
    the flow then opens the next round of the stage. Raises `NotFound`, `NotAssigned`, `Invalid`, or `Conflict` with
    what stands against it: undone already, too late, or something has followed.
    """
    found, _ = sighted(session, decision_id, by)
    case = held(session, found.case_id)
    session.refresh(found)
    if not may_undo(found, by):
        raise NotAssigned(NOT_YOURS)
    if obstacle := obstacle_to(session, case, found):
        raise obstacle
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise Invalid(faults=[Fault("reason", marked("撤回结论须说明理由（不超过 500 字）。"))])
    found.undone_at, found.undone_by, found.undoing_reason = now(), by.id, reason.strip()
    take_back(session, case, found, by=by)
    return found


def sighted(session: Session, decision_id: UUID, person: Person) -> tuple[Decision, Case]:
    """Return a decision and its case, to whoever may see that; raises `NotFound`."""
    decision = session.get(Decision, decision_id)
    if not decision:
        raise NotFound
    case = session.get_one(Case, decision.case_id)
    sight_of(session, person, case)
    return decision, case


def may_undo(decision: Decision, person: Person) -> bool:
    """Whether the decision is this person's own; the office answers for what the system concluded from silence."""
    return person.has(Role.OFFICE) if decision.by_system else decision.decided_by == person.id


def obstacle_to(session: Session, case: Case, decision: Decision) -> Conflict | None:
    """Return what stands against undoing a decision, or None."""
    if decision.undone_at:
        user = session.get_one(User, decision.undone_by)
        return Conflict(DONE_BEFORE, by=user.name, at=f"{local(decision.undone_at):%Y-%m-%d %H:%M}")
    lapsed = decision.outcome is Outcome.LAPSED
    if decision.outcome is Outcome.WITHDRAWN or (decision.stage in FINAL_STAGES and not lapsed):
        return Conflict(FINAL)
    last = official().after(local(decision.decided_at).date(), policy_for(session, case).undo_days).day
    if today() > last:
        return Conflict(TOO_LATE, on=last.isoformat())
    if of_case(session, case.id):
        return Conflict(CERTIFIED)
    if session.exec(select(PublicityItem.id).where(PublicityItem.case_id == case.id)).first():
        return Conflict(PUBLIC)
    return Conflict(FOLLOWED) if has_followed(session, decision) else None


def has_followed(session: Session, decision: Decision) -> bool:
    """Whether anybody has acted on the case since the decision: every act of a person is a line of the journal."""
    of_case_ = select(JournalEntry.id).where(JournalEntry.case_id == decision.case_id)
    line = of_case_.where(JournalEntry.act == "decided", JournalEntry.stage == decision.stage)
    decided = session.exec(line.where(JournalEntry.round == decision.round)).one()
    since = of_case_.where(col(JournalEntry.id) > decided, col(JournalEntry.by).is_not(None))
    return session.exec(since.where(col(JournalEntry.act).not_in(BESIDE)).limit(1)).first() is not None


def take_back(session: Session, case: Case, decision: Decision, *, by: Person) -> None:
    """Close the rounds, end their duties, open the case again, tell everybody who was told, and hang the bell."""
    rounds = rounds_from(session, case, decision)
    relieved = [one for at in rounds for one in end_open(session, at)]
    for at in rounds:
        at.closed_at, at.outcome = at.closed_at or now(), Outcome.UNDONE
    ended = case.closed_at is not None
    case.closed_at = case.outcome = None
    case.stage = decision.stage
    tell(session, case, decision, relieved)
    journal.note(
        session,
        "decision-undone",
        case=case,
        by=by,
        stage=decision.stage,
        round=decision.round,
        outcome=decision.outcome,
        reason=decision.undoing_reason,
        reopened=ended,
    )
    offer_undone_place(session, case, decision)
    bells.hang(session, case, f"{decision.stage} undone", by=by)


def rounds_from(session: Session, case: Case, decision: Decision) -> Sequence[StageRound]:
    """Return the decided round and those that were opened because of it."""
    rounds = select(StageRound).where(StageRound.case_id == case.id)
    at = session.exec(rounds.where(StageRound.stage == decision.stage, StageRound.round == decision.round)).one()
    later = rounds.where(StageRound.opened_at >= decision.decided_at, StageRound.id != at.id)
    return [at, *session.exec(later)]


def tell(session: Session, case: Case, decision: Decision, relieved: Sequence[Assignment]) -> None:
    """Post the letter to whoever had been told: the applicant of an ending or a return, the others of their duties."""
    facts = {"stage": stage(decision.stage).title, "reasons": decision.undoing_reason}
    told = {person.id: person for one in relieved for person in carriers(session, one)}
    heard = select(Message.id).where(col(Message.key).startswith(f"{decision.outcome}/{decision.id}/"))
    if session.exec(heard.limit(1)).first() or any(one.duty.role is Role.APPLICANT for one in relieved):
        told |= {person.id: person for person in applicants_of(session, case)}
    for person in told.values():
        post(session, "undone", person, about=str(decision.id), case=case, **facts)
