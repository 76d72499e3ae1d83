"""Publicity 公示: a list of the bases to be recognised is public for some working days and ends by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from casework import bells, journal
from casework.access import require
from casework.assignments import Holder, assign, finish, held_duty
from casework.cases import call_of, held, is_decided, open_round
from casework.decisions import Conclusion, record, refuse_if_ended
from casework.people import Person
from core.clock import today
from core.errors import Fault, Invalid, StageClosed
from core.i18n import marked
from models.application import Call
from models.case import Assignment, Case, StageRound
from models.objection import Objection, ObjectionResult
from models.publicity import Publicity, PublicityItem
from regulation.calendar import Reckoning, official
from regulation.outcomes import Outcome
from regulation.policy import Policy, policy_of
from regulation.roles import Duty, Role

STAGE = "publicity"
LONGEST_CONTACT = 300


@dataclass(frozen=True)
class NewPublicity:
    """A list to be made public: its title, its first day, and the duties (one a case) that it fulfils.

    `contact` says, line by line, to whom one may also object on paper or by telephone.
    """

    title: str
    first_on: date | None
    duties: Sequence[UUID]
    contact: str = ""


def period(policy: Policy, first_on: date) -> Reckoning:
    """Return the last day of a publicity that begins on a day; the first counts as the policy says."""
    return official().after(first_on, policy.publicity_days, count_first=bool(policy.count_first_day))


def publicise(session: Session, new: NewPublicity, *, by: Person) -> Publicity:
    """Make a list public from its first to its last working day, for all the cases on it together.

    Raises `NotPermitted`, `NotFound`, `StageClosed`, or `Invalid` with every fault at once: no case, cases of several
    calls, a first day that is past or no working day, a period over a year without an official calendar.
    """
    require(by, Role.OFFICE)
    listed = [held_duty(session, duty) for duty in sorted(set(new.duties))]
    for duty, case, at in listed:
        refuse_if_ended(session, case, at)
        if duty.ended_at or duty.duty is not Duty.PUBLICISE:
            raise StageClosed
    calls = {call.id: call for call in (call_of(session, case) for _, case, _ in listed)}
    faults = faults_of(new, list(calls.values()))
    if faults or not new.first_on:
        raise Invalid(faults=faults)
    (call,) = calls.values()
    publicity = open_publicity(session, call, new, new.first_on, by=by)
    for duty, case, at in listed:
        enter(session, publicity, (duty, case, at), by=by)
    return publicity


def faults_of(new: NewPublicity, calls: Sequence[Call]) -> list[Fault]:
    """Return what is wrong with a list before it becomes public."""
    faults = []
    if not 1 < len(new.title.strip()) <= 100:
        faults.append(Fault("title", marked("请填写公示标题（不超过 100 字）。")))
    if len(new.contact.strip()) > LONGEST_CONTACT:
        faults.append(Fault("contact", marked("异议受理部门和联系方式不超过 300 字。")))
    if len(calls) != 1:
        faults.append(Fault("duties", marked("请选择同一批次中拟认定的申报。")))
    if not new.first_on or new.first_on < today():
        faults.append(Fault("first_on", marked("公示首日不能早于今天。")))
    elif not official().is_working(new.first_on):
        faults.append(Fault("first_on", marked("公示首日应为工作日。")))
    elif len(calls) == 1 and period(policy_of(calls[0].policy), new.first_on).provisional:
        faults.append(Fault("first_on", marked("公示期跨入尚无官方放假安排的年份，请先导入该年度工作日历再公示。")))
    return faults


def open_publicity(session: Session, call: Call, new: NewPublicity, first_on: date, *, by: Person) -> Publicity:
    """Write the list with its explicit first and last day."""
    policy = policy_of(call.policy)
    publicity = Publicity(
        call_id=call.id,
        title=new.title.strip(),
        contact=new.contact.strip(),
        first_on=first_on,
        last_on=period(policy, first_on).day,
        days=policy.publicity_days,
        published_by=by.id,
    )
    session.add(publicity)
    session.flush()
    return publicity


def enter(
    session: Session, publicity: Publicity, one: tuple[Assignment, Case, StageRound], *, by: Person
) -> PublicityItem:
    """Put a case on the list: its duty is done, and from now on time has the turn."""
    duty, case, at = one
    item = PublicityItem(publicity_id=publicity.id, case_id=case.id, stage_round_id=at.id)
    session.add(item)
    finish(duty, by=by)
    days = {"first_on": publicity.first_on.isoformat(), "last_on": publicity.last_on.isoformat()}
    journal.note(session, "publicised", case=case, by=by, stage=at.stage, round=at.round, **days)
    bells.hang(session, case, "publicised", by=by)
    return item


def over(session: Session) -> list[UUID]:
    """Return the cases whose publicity has passed its last day and is not decided."""
    return list(session.exec(past_their_last_day().order_by(col(PublicityItem.case_id))))


def past_their_last_day() -> SelectOfScalar[UUID]:
    """Select those cases."""
    return (
        select(PublicityItem.case_id)
        .join(Publicity, col(Publicity.id) == PublicityItem.publicity_id)
        .join(StageRound, col(StageRound.id) == PublicityItem.stage_round_id)
        .where(col(StageRound.closed_at).is_(None), Publicity.last_on < today(), ~is_decided())
    )


def end_publicity(session: Session, case_id: UUID) -> str:
    """End the publicity of a case when its last day has passed and every objection to it is settled.

    Without an objection that stands it is approved; with one, the department is asked to reconsider. An open objection
    holds up its own case only.
    """
    case = held(session, case_id)
    at = open_round(session, case_id)
    if not at or at.stage != STAGE or is_held_up(session, at):
        return ""
    if not session.exec(past_their_last_day().where(PublicityItem.stage_round_id == at.id)).first():
        return ""
    if has_standing_objection(session, at):
        assign(session, at, Duty.RECONSIDER, Holder())
        journal.note(session, "reconsideration-asked", case=case, by=None, stage=at.stage, round=at.round)
        bells.hang(session, case, "reconsideration asked", by=None)
        return "asked to reconsider"
    record(session, case, at, Conclusion(Outcome.APPROVED), by=None)
    return "publicity ended"


def is_held_up(session: Session, at: StageRound) -> bool:
    """Whether something stands between the last day of a publicity and its end.

    That is an objection which came in time and is not settled, also one that nobody has looked at yet, or the duty to
    reconsider.
    """
    still_open = select(Assignment.id).where(
        Assignment.stage_round_id == at.id, col(Assignment.ended_at).is_(None), Assignment.duty == Duty.RECONSIDER
    )
    pending = objections_in(at).where(col(Objection.accepted).is_not(False), col(Objection.concluded_at).is_(None))
    return any(session.exec(question.limit(1)).first() for question in (still_open, pending))


def has_standing_objection(session: Session, at: StageRound) -> bool:
    """Whether an objection was upheld, in whole or in part."""
    stood = (ObjectionResult.UPHELD, ObjectionResult.PARTLY)
    return session.exec(objections_in(at).where(col(Objection.result).in_(stood)).limit(1)).first() is not None


def objections_in(at: StageRound) -> SelectOfScalar[UUID]:
    """Select the objections that were made in a round of publicity."""
    item = col(PublicityItem.id) == Objection.publicity_item_id
    return select(Objection.id).join(PublicityItem, item).where(PublicityItem.stage_round_id == at.id)
