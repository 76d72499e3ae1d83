"""The collective decision 集体审定: one meeting decides on a list of cases of one call, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, col, select

from casework.access import require
from casework.assignments import held_duty
from casework.decisions import Conclusion, fulfil
from casework.meetings import Sitting, agenda_of, meeting_faults
from casework.people import Person
from core.errors import Conflict, Fault, Invalid
from core.i18n import gettext, marked
from models.application import Application, Call
from models.case import Assignment, Case
from models.judgement import Decision
from regulation.outcomes import Outcome
from regulation.policy import policy_of
from regulation.roles import Duty, Role

NOTHING = marked("请至少对一项申报作出审定结论。")
FOREIGN = marked("所选事项不属于本批次的审定，请刷新页面后重试。")
TWICE = marked("同一申报不能在一次会议中审定两次。")
NO_MEETING = marked("请填写会议日期和纪要文号。")
LATE = marked("{reference}：{sentence}全部结论均未记录，请刷新页面后重新提交。")


@dataclass(frozen=True)
class Item:
    """What the meeting concludes about the case behind one open duty to certify."""

    duty: UUID
    outcome: Outcome
    reasons: str = ""


def awaiting(session: Session, call: Call) -> list[tuple[Assignment, Case]]:
    """Return the open duties to certify of a call with their cases, by reference."""
    found = (
        select(Assignment, Case)
        .join(Case, col(Case.id) == Assignment.case_id)
        .join(Application, col(Application.id) == Case.application_id)
        .where(Application.call_id == call.id, Assignment.duty == Duty.CERTIFY, col(Assignment.ended_at).is_(None))
        .where(col(Case.closed_at).is_(None))
    )
    return list(session.exec(found.order_by(Case.reference)))


def decide_together(
    session: Session, call: Call, items: Sequence[Item], sitting: Sitting | None, *, by: Person
) -> list[Decision]:
    """Record what a meeting decided, item by item in one transaction.

    Raises `NotPermitted`, `Conflict` for a case that was decided meanwhile, or `Invalid` with every fault at once:
    those of an item are at `items.<number>`.
    """
    require(by, Role.DECIDER)
    listed = {duty.id: case for duty, case in awaiting(session, call)}
    faults = list_faults(session, call, items, sitting)
    faults += [Fault(f"items.{n}.outcome", FOREIGN) for n, one in enumerate(items) if not is_ours(session, one, call)]
    if faults:
        raise Invalid(faults=faults)
    if sitting:
        chosen = {listed[one.duty].id: one.outcome for one in items if one.duty in listed}
        sitting = replace(sitting, agenda=agenda_of(session, call).with_decided(chosen))
    made = [_decided(session, n, items[n], sitting, by) for n in _in_order(session, items)]
    faults = [fault for outcome in made if isinstance(outcome, list) for fault in outcome]
    if faults:
        raise Invalid(faults=faults)
    return [decision for decision in made if isinstance(decision, Decision)]


def list_faults(session: Session, call: Call, items: Sequence[Item], sitting: Sitting | None) -> list[Fault]:
    """Return what is wrong with the list as a whole, and with the meeting."""
    faults = [] if items else [Fault("items", NOTHING)]
    if len({one.duty for one in items}) != len(items):
        faults.append(Fault("items", TWICE))
    if sitting:
        return faults + meeting_faults(session, call, sitting)
    return faults + ([Fault("meeting", NO_MEETING)] if policy_of(call.policy).minutes_required else [])


def is_ours(session: Session, item: Item, call: Call) -> bool:
    """Whether an item is about a duty to certify in this call, open or not: one that was decided says so itself."""
    duty = session.get(Assignment, item.duty)
    if not duty or duty.duty is not Duty.CERTIFY:
        return False
    case = session.get_one(Case, duty.case_id)
    return session.get_one(Application, case.application_id).call_id == call.id


def _in_order(session: Session, items: Sequence[Item]) -> list[int]:
    """Order the items by their cases, so that two lists at once lock the cases in the same order."""
    return sorted(range(len(items)), key=lambda n: session.get_one(Assignment, items[n].duty).case_id)


def _decided(session: Session, number: int, item: Item, sitting: Sitting | None, by: Person) -> Decision | list[Fault]:
    _, case, _ = held_duty(session, item.duty)
    conclusion = Conclusion(item.outcome, item.reasons, sitting=sitting)
    try:
        return fulfil(session, item.duty, conclusion, {Duty.CERTIFY}, by=by)
    except Invalid as refused:
        ours = [fault for fault in refused.faults if not fault.field.startswith("meeting")]
        return [Fault(f"items.{number}.{fault.field}", gettext(fault.message)) for fault in ours]
    except Conflict as late:
        raise Conflict(LATE, reference=case.reference, sentence=late.sentence()) from late
