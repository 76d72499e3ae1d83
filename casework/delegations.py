"""Delegations 委托办理: who is away names who stands in, from day to day; judgement cannot be handed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from casework import journal
from casework.inboxes import inbox_of
from casework.letters import post
from casework.people import Person, holders_of, person_of, roles_of
from core.clock import now, today
from core.errors import Conflict, Fault, Invalid, NotFound, NotPermitted
from core.i18n import marked
from models.delegation import Delegation
from models.person import User
from regulation.roles import DUTY_ROLES, PERSONAL, Role

DELEGABLE = frozenset(role for duty, role in DUTY_ROLES.items() if duty not in PERSONAL) - {Role.APPLICANT}
"""Roles with duties that another of the same role may do; an institution's people share theirs anyway."""

LONGEST_DAYS, LONGEST_REASON = 180, 200
IN_PERSON = marked(
    "评审、作出评审结论和审定须由本人亲自办理，不得委托他人（系统暂定：办法未作规定；评审人员对所提意见承担个人责任，"
    "参照《招标投标法》第四十四条第一款）。不能参加的，请继教办依回避和调整程序另行安排人员。"
)


@dataclass(frozen=True)
class NewDelegation:
    """Who stands in for whom, from the first to the last day, and why."""

    absent_id: UUID
    deputy_id: UUID | None
    first_on: date | None
    last_on: date | None
    reason: str = ""


def delegate(session: Session, new: NewDelegation, *, by: Person) -> Delegation:
    """Have somebody stand in; the absent person does it, or the office for somebody who is ill.

    Raises `NotPermitted`, `NotFound`, or `Invalid` with every fault at once.
    """
    if by.id != new.absent_id and not by.has(Role.OFFICE):
        raise NotPermitted
    absent = session.exec(select(User).where(User.id == new.absent_id).with_for_update()).first()
    if not absent or absent.closed_at:
        raise NotFound
    if faults := faults_of(session, absent, new):
        raise Invalid(faults=faults)
    delegation = Delegation(made_by=by.id, **{**vars(new), "reason": new.reason.strip()})
    session.add(delegation)
    session.flush()
    deputy = session.get_one(User, new.deputy_id)
    tell(session, delegation, absent, deputy, by=by)
    days = f"{delegation.first_on.isoformat()}/{delegation.last_on.isoformat()}"
    about = {"absent": str(absent.id), "deputy": str(deputy.id), "days": days, "reason": delegation.reason}
    journal.note(session, "delegated", case=None, by=by, delegation=str(delegation.id), about=about)
    return delegation


def end_delegation(session: Session, delegation_id: UUID, *, by: Person) -> Delegation:
    """End a delegation before its last day; the absent person, who stands in, or the office does it."""
    delegation = session.exec(select(Delegation).where(Delegation.id == delegation_id).with_for_update()).first()
    if not delegation or (by.id not in {delegation.absent_id, delegation.deputy_id} and not by.has(Role.OFFICE)):
        raise NotFound
    if delegation.ended_at or delegation.last_on < today():
        raise Conflict(marked("该委托已经结束。"))
    delegation.ended_at = now()
    journal.note(session, "delegation-ended", case=None, by=by, delegation=str(delegation.id))
    return delegation


def faults_of(session: Session, absent: User, new: NewDelegation) -> list[Fault]:
    """Return everything that is wrong with a delegation."""
    if not delegable_roles(session, absent.id):
        return [Fault("deputy", IN_PERSON)]
    faults = day_faults(session, new)
    if new.deputy_id not in {user.id for user in substitutes(session, absent)}:
        faults.append(Fault("deputy", marked("请选择与您身份相同的同事；推荐单位的，须为本单位人员。")))
    if not new.reason.strip() or len(new.reason.strip()) > LONGEST_REASON:
        faults.append(Fault("reason", marked("请说明委托原因（不超过 200 字）。")))
    return faults


def day_faults(session: Session, new: NewDelegation) -> list[Fault]:
    """Return what is wrong with the days: past, turned round, too many, or not free on either side."""
    if not new.first_on or not new.last_on:
        return [Fault("first_on", marked("请填写委托的起止日期。"))]
    faults = []
    if new.first_on < today():
        faults.append(Fault("first_on", marked("委托起始日不能早于今天。")))
    if new.last_on < new.first_on:
        faults.append(Fault("last_on", marked("委托结束日不能早于起始日。")))
    elif (new.last_on - new.first_on).days >= LONGEST_DAYS:
        faults.append(Fault("last_on", marked("一次委托不超过 180 天。")))
    others = _in(session, new.first_on, new.last_on)
    if any(new.absent_id in {one.absent_id, one.deputy_id} for one in others):
        faults.append(Fault("first_on", marked("该期间内本人已有委托，或正代他人办理，请先结束后再委托。")))
    if any(one.absent_id == new.deputy_id for one in others):
        faults.append(Fault("deputy", marked("所选人员在该期间内也已委托他人，请另选。")))
    return faults


def delegable_roles(session: Session, user_id: UUID) -> frozenset[Role]:
    """Return the roles of somebody whose duties another may do."""
    return roles_of(session, user_id) & DELEGABLE


def substitutes(session: Session, absent: User) -> list[User]:
    """Return who may stand in: everybody with all of the delegable roles, of the same body where it acts as one."""
    roles = delegable_roles(session, absent.id)
    if not roles:
        return []
    bodies = {Role.RECOMMENDER: absent.organisation_id}
    able = [holders_of(session, role, bodies.get(role)) for role in sorted(roles)]
    in_all = set.intersection(*({user.id for user in users} for users in able))
    return [user for user in able[0] if user.id in in_all and user.id != absent.id]


def delegations_of(session: Session, user_id: UUID) -> list[tuple[Delegation, User, User]]:
    """Return the delegations that hold or are to come, given or taken, each with who is away and who stands in."""
    standing = col(Delegation.ended_at).is_(None), col(Delegation.last_on) >= today()
    mine = or_(Delegation.absent_id == user_id, Delegation.deputy_id == user_id)
    found = session.exec(select(Delegation).where(*standing, mine).order_by(col(Delegation.first_on))).all()
    concerned = {one.absent_id for one in found} | {one.deputy_id for one in found}
    users = {user.id: user for user in session.exec(select(User).where(col(User.id).in_(concerned)))}
    return [(one, users[one.absent_id], users[one.deputy_id]) for one in found]


def tell(session: Session, delegation: Delegation, absent: User, deputy: User, *, by: Person) -> None:
    """Post the letter to who stands in, and to the absent person when the office arranged it."""
    facts: dict[str, Any] = {
        "absent": absent.name,
        "deputy": deputy.name,
        "first_on": delegation.first_on.isoformat(),
        "last_on": delegation.last_on.isoformat(),
        "reasons": delegation.reason,
        "duties": len(inbox_of(session, person_of(session, absent))),
        "path": "/inbox",
    }
    for person in [deputy] if by.id == absent.id else [deputy, absent]:
        post(session, "delegated", person, about=str(delegation.id), **facts)


def _in(session: Session, first_on: date, last_on: date) -> Sequence[Delegation]:
    standing = col(Delegation.ended_at).is_(None), col(Delegation.first_on) <= last_on
    return session.exec(select(Delegation).where(*standing, col(Delegation.last_on) >= first_on)).all()
