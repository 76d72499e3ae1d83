"""Experts whom an applicant asks to be avoided (医疗事故处理条例 Art. 26 as the model), before the panel is drawn.

The applicant names people without learning who is in the pool; the office sees the request and rules on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import sight_of
from casework.cases import held
from casework.experts.conflicts import plain
from casework.people import Person, holders_of
from core.errors import CaseClosed, Fault, Invalid, NotAssigned, StageClosed
from core.i18n import marked
from models.case import Assignment, Case
from models.expert import Conflict, ConflictKind, DrawnFor
from regulation.roles import Duty, Role

MOST = 3
"""How many an applicant may ask to avoid; assumed, no visible article fixes it."""
LONGEST = 500


@dataclass(frozen=True)
class Avoided:
    """Whom the applicant asks to be avoided, and why."""

    name: str
    reason: str


def ask_to_avoid(session: Session, case_id: UUID, asked: Sequence[Avoided], *, by: Person) -> list[Conflict]:
    """Write down whom the applicant asks to be avoided; every name that an expert bears is matched.

    Raises `NotAssigned`, `CaseClosed`, `StageClosed` once a panel was drawn or named, `Invalid` with every fault.
    """
    case = held(session, case_id)
    if not by.has(Role.APPLICANT) or not sight_of(session, by, case).owner:
        raise NotAssigned
    if case.closed_at:
        raise CaseClosed
    if faults := faults_of(asked, asked_for(session, case)):
        raise Invalid(faults=faults)
    if not may_still_ask(session, case):
        raise StageClosed(marked("专家评审委员会已开始组建，不能再申请回避专家。"))
    experts: dict[str, list[UUID | None]] = {}
    for user in holders_of(session, Role.EXPERT):
        experts.setdefault(plain(user.name), []).append(user.id)
    strangers: list[UUID | None] = [None]
    made = [
        Conflict(
            case_id=case.id, user_id=user_id, kind=ConflictKind.REQUESTED, name=one.name.strip(),
            grounds=one.reason.strip(), raised_by=by.id,
        )
        for one in asked
        for user_id in experts.get(plain(one.name), strangers)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    journal.note(session, "avoidance-asked", case=case, by=by, stage=case.stage, count=len(asked))
    return made


def may_still_ask(session: Session, case: Case) -> bool:
    """Whether no panel was drawn or named yet."""
    drawn = select(DrawnFor.id).where(DrawnFor.case_id == case.id, col(DrawnFor.stands))
    named = select(Assignment.id).where(Assignment.case_id == case.id, Assignment.duty == Duty.REVIEW)
    return not case.closed_at and not session.exec(drawn).first() and not session.exec(named).first()


def asked_for(session: Session, case: Case) -> list[tuple[str, str]]:
    """Return whom the applicant asked to be avoided and why, each once, in order."""
    found = select(Conflict).where(Conflict.case_id == case.id, Conflict.kind == ConflictKind.REQUESTED)
    rows = session.exec(found.order_by(col(Conflict.raised_at)))
    return list(dict.fromkeys((one.name, one.grounds) for one in rows))


def faults_of(asked: Sequence[Avoided], before: Sequence[tuple[str, str]]) -> list[Fault]:
    """Return everything that is wrong with a request."""
    faults = []
    if not asked:
        faults.append(Fault("avoided.0.name", marked("请填写申请回避的专家姓名。")))
    if len(asked) + len(before) > MOST:
        faults.append(Fault("avoided.0.name", marked("每件申报最多可申请回避 3 名专家。")))
    known = {plain(name) for name, _ in before}
    for number, one in enumerate(asked):
        if not 1 < len(one.name.strip()) <= 50:
            faults.append(Fault(f"avoided.{number}.name", marked("请填写专家姓名（2 至 50 字）。")))
        elif plain(one.name) in known:
            faults.append(Fault(f"avoided.{number}.name", marked("同一专家不能重复申请回避。")))
        known.add(plain(one.name))
        if not one.reason.strip() or len(one.reason) > LONGEST:
            faults.append(Fault(f"avoided.{number}.reason", marked("请说明理由（不超过 500 字）。")))
    return faults
