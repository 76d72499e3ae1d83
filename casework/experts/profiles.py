"""Profiles of experts: what the office enters, and suspensions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from casework import journal
from casework.accounts import require_officer
from casework.experts.pool import FIELDS, KINDS, expert_of
from casework.people import Person
from core.clock import now, today
from core.errors import Conflict, Fault, Invalid
from core.i18n import marked
from models.expert import Employment, Expert, ExpertKind
from models.person import User
from regulation import credit_code

MOST_EMPLOYERS = 20


@dataclass(frozen=True)
class Employer:
    """One employment, as it is entered."""

    name: str
    credit_code: str
    from_on: date | None
    to_on: date | None = None


@dataclass(frozen=True)
class NewProfile:
    """What the office enters of an expert."""

    kind: str
    fields: Sequence[str]
    title: str
    recommending_unit: str
    valid_from: date | None
    valid_to: date | None = None
    employers: Sequence[Employer] = field(default_factory=tuple)


def save_profile(session: Session, user_id: UUID, new: NewProfile, *, by: Person) -> Expert:
    """Enter what is known of an expert, or enter it anew; raises `NotFound`, or `Invalid` with every fault at once."""
    require_officer(session, by)
    entry = expert_of(session, user_id)
    if faults := profile_faults(new):
        raise Invalid(faults=faults)
    profile = entry.profile or Expert(user_id=user_id, kind=ExpertKind(new.kind), valid_from=today(), entered_by=by.id)
    profile.kind, profile.fields = ExpertKind(new.kind), sorted(set(new.fields))
    profile.title, profile.recommending_unit = new.title.strip(), new.recommending_unit.strip()
    profile.valid_from, profile.valid_to = new.valid_from or today(), new.valid_to
    session.add(profile)
    for former in entry.employments:
        session.delete(former)
    session.flush()
    session.add_all(
        Employment(
            expert_id=profile.id,
            employer=one.name.strip(),
            credit_code=credit_code.cleaned(one.credit_code),
            from_on=one.from_on,  # type: ignore[arg-type]  # checked above
            to_on=one.to_on,
        )
        for one in new.employers
    )
    _note(session, "expert-entered", entry.user, by=by)
    return profile


def suspend(session: Session, user_id: UUID, reason: str, *, by: Person) -> Expert:
    """Take an expert out of every future draw, with a reason."""
    require_officer(session, by)
    entry = expert_of(session, user_id)
    if not reason.strip() or len(reason) > 500:
        raise Invalid(faults=[Fault("reason", marked("请填写暂停的理由（不超过 500 字）。"))])
    if not entry.profile or entry.profile.suspended_at:
        raise Conflict(marked("该专家尚未建档，或已经暂停。"))
    entry.profile.suspended_at, entry.profile.suspension_reason = now(), reason.strip()
    _note(session, "expert-suspended", entry.user, by=by, reason=reason.strip())
    return entry.profile


def resume(session: Session, user_id: UUID, *, by: Person) -> Expert:
    """Let a suspended expert be drawn again."""
    require_officer(session, by)
    entry = expert_of(session, user_id)
    if not entry.profile or not entry.profile.suspended_at:
        raise Conflict(marked("该专家没有暂停。"))
    entry.profile.suspended_at, entry.profile.suspension_reason = None, ""
    _note(session, "expert-resumed", entry.user, by=by)
    return entry.profile


def profile_faults(new: NewProfile) -> list[Fault]:
    """Return everything that is wrong with a profile."""
    faults = []
    if new.kind not in set(KINDS):
        faults.append(Fault("kind", marked("请选择专家类别。")))
    if not set(new.fields) <= set(FIELDS) or (new.kind == ExpertKind.FIELD and not new.fields):
        faults.append(Fault("fields", marked("请选择专业领域，领域专家至少选一项。")))
    if not 0 < len(new.title.strip()) <= 40:
        faults.append(Fault("title", marked("请填写职称（不超过 40 字）。")))
    if not 1 < len(new.recommending_unit.strip()) <= 100:
        faults.append(Fault("recommending_unit", marked("请填写推荐单位全称：专家由单位推荐，不受理个人自荐。")))
    if not new.valid_from:
        faults.append(Fault("valid_from", marked("请填写聘期起始日期，如 2026-01-01。")))
    elif new.valid_to and new.valid_to < new.valid_from:
        faults.append(Fault("valid_to", marked("聘期截止日期不能早于起始日期。")))
    if not new.employers or len(new.employers) > MOST_EMPLOYERS:
        faults.append(Fault("employers", marked("请填写任职单位（至少一项，不超过 20 项）。")))
    return faults + [fault for number, one in enumerate(new.employers) for fault in _employer_faults(number, one)]


def _employer_faults(number: int, one: Employer) -> list[Fault]:
    faults = []
    if not 1 < len(one.name.strip()) <= 100:
        faults.append(Fault(f"employers.{number}.name", marked("请填写单位全称（不超过 100 字）。")))
    code = credit_code.cleaned(one.credit_code)
    if code and (problem := credit_code.problem(code)):
        faults.append(Fault(f"employers.{number}.credit_code", problem))
    if not one.from_on:
        faults.append(Fault(f"employers.{number}.from_on", marked("请填写任职起始日期，如 2020-07-01。")))
    elif one.to_on and one.to_on < one.from_on:
        faults.append(Fault(f"employers.{number}.to_on", marked("离职日期不能早于任职起始日期。")))
    return faults


def _note(session: Session, act: str, user: User, *, by: Person, **detail: Any) -> None:  # noqa: ANN401 - JSON
    journal.note(session, act, case=None, by=by, account=str(user.id), name=user.name, **detail)
