"""Accounts in the administrator's hands: opened by an invitation, closed, roles, lock-outs, resets; all in the journal.

The administrator touches no case; the office opens accounts for experts alone, with their entry in the pool.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from casework import journal
from casework.access import require
from casework.links import end_links, end_sessions, send_link
from casework.organisations import KINDS, NewBody, body_faults, enter_body
from casework.people import Person, add_user, email_problem, normalised_email, roles_of
from casework.second_factors import has_one, take_away, tell_reset
from casework.staff import left_undone
from casework.turnstile import pass_through
from core.clock import now
from core.errors import Conflict, Fault, Invalid, NotFound, NotPermitted
from core.i18n import marked
from core.security import hashed, new_token
from models.organisation import RECOMMENDING, Organisation
from models.person import User, UserRole
from models.sign_in import LinkPurpose
from regulation.roles import APART, POOL, STAFF, Role

LONGEST_REASON = 200
MOST_NAMED = 5
"""Cases that a refusal names."""
UNDONE = marked("该账号还有 {n} 件只能由其办理的事项（{cases}）。请先调整人员或增设同一身份的账号，或待办结后再办理。")


@dataclass(frozen=True)
class NewStaff:
    """Who is given an account: of a listed body, or of a new one."""

    email: str
    name: str
    roles: Collection[Role]
    title: str = ""
    organisation_id: UUID | None = None
    body: NewBody | None = None


def open_account(session: Session, new: NewStaff, *, by: Person) -> User:
    """Open an account and post the invitation to choose a password; raises `Invalid` with every fault at once."""
    require_power_over(session, new.roles, by=by)
    pass_through(session, "sign-up")
    organisation = session.get(Organisation, new.organisation_id) if new.organisation_id else None
    if faults := faults_of(session, new, organisation):
        raise Invalid(faults=faults)
    if new.body:
        organisation = enter_body(session, new.body)
    roles = sorted(set(new.roles))
    email, name = normalised_email(new.email), new.name.strip()
    user = add_user(session, email, name, new_token(), of=organisation, roles=roles)  # type: ignore[arg-type]  # no fault
    user.title, user.initial_password = new.title.strip(), True
    note(session, "account-opened", user, by=by, roles=roles)
    send_link(session, user, LinkPurpose.INVITATION, by=by)
    return user


def faults_of(session: Session, new: NewStaff, organisation: Organisation | None) -> list[Fault]:
    """Return everything that is wrong with a new account."""
    faults = []
    if problem := email_problem(new.email):
        faults.append(Fault("email", problem))
    elif session.exec(select(User.id).where(User.email == normalised_email(new.email))).first():
        faults.append(Fault("email", marked("该邮箱已有账号，请在人员账号中查找。")))
    if not 1 < len(new.name.strip()) <= 50:
        faults.append(Fault("name", marked("请填写姓名（2 至 50 字）。")))
    if len(new.title.strip()) > 50:
        faults.append(Fault("title", marked("职务不超过 50 字。")))
    if new.body:
        faults += body_faults(session, new.body)
    elif not organisation or organisation.kind not in KINDS:
        faults.append(Fault("organisation_id", marked("请选择所属单位。")))
    kind = new.body.kind if new.body else organisation.kind if organisation else ""
    return [*faults, *role_faults(new.roles, kind)]


def role_faults(roles: Collection[Role], kind: str) -> list[Fault]:
    """Return what is wrong with roles for somebody of a kind of organisation."""
    if not roles or not set(roles) <= STAFF:
        return [Fault("roles", marked("请选择身份。"))]
    if set(roles) & APART and len(set(roles)) > 1:
        return [Fault("roles", marked("系统管理员只管理账号，不办理申报事项，不能兼任其他身份。"))]
    if Role.RECOMMENDER in roles and kind in KINDS and kind not in RECOMMENDING:
        return [Fault("roles", marked("推荐单位的账号应属于市州人社局或行业主管部门。"))]
    return []


def change_roles(session: Session, user_id: UUID, roles: Collection[Role], *, by: Person) -> User:
    """Give and take roles; its sign-ins and tokens end, and no duty is left without a holder."""
    before, after = roles_of(session, user_id), frozenset(roles)
    user = held(session, user_id, by=by, over=before ^ after or POOL)
    before = roles_of(session, user.id)
    if Role.APPLICANT in before:
        raise Conflict(marked("申报单位账号的身份不能更改。"))
    if faults := role_faults(after, session.get_one(Organisation, user.organisation_id).kind):
        raise Invalid(faults=faults)
    if user.id == by.id and before != after:
        raise NotPermitted(marked("不能更改自己的身份，请由其他系统管理员办理。"))
    refuse_if_needed(session, user, before - after)
    session.exec(delete(UserRole).where(col(UserRole.user_id) == user.id, col(UserRole.role).in_(before - after)))
    session.add_all(UserRole(user_id=user.id, role=role) for role in after - before)
    if before != after:
        end_sessions(session, user)
        note(session, "account-roles-changed", user, by=by, roles=sorted(after), before=sorted(before))
    return user


def close_account(session: Session, user_id: UUID, *, by: Person) -> User:
    """Close an account: its sessions and tokens end; refused while there is a duty that nobody else could do."""
    user = held(session, user_id, by=by)
    if user.id == by.id:
        raise NotPermitted(marked("不能停用自己的账号，请由其他系统管理员办理。"))
    if user.closed_at:
        raise Conflict(marked("该账号已停用。"))
    refuse_if_needed(session, user, frozenset(Role))
    user.closed_at = now()
    end_sessions(session, user)
    end_links(session, user)
    note(session, "account-closed", user, by=by)
    return user


def reopen_account(session: Session, user_id: UUID, *, by: Person) -> User:
    """Open a closed account again, with the password and the roles it had; also the second factor."""
    user = held(session, user_id, by=by)
    if not user.closed_at:
        raise Conflict(marked("该账号没有停用。"))
    user.closed_at = None
    note(session, "account-reopened", user, by=by)
    return user


def unlock_account(session: Session, user_id: UUID, *, by: Person) -> User:
    """End a lock-out before its time."""
    user = held(session, user_id, by=by)
    if not user.locked_until or user.locked_until <= now():
        raise Conflict(marked("该账号没有锁定。"))
    user.failed_sign_ins, user.locked_until = 0, None
    note(session, "account-unlocked", user, by=by)
    return user


def send_password_link(session: Session, user_id: UUID, *, by: Person) -> User:
    """Post a link to choose a password: the invitation again, or a reset, after which the old one is good no more."""
    user = held(session, user_id, by=by)
    if user.id == by.id:
        raise NotPermitted(marked("请在“我的账户”中修改自己的密码。"))
    if user.closed_at:
        raise Conflict(marked("该账号已停用。"))
    if not user.initial_password:
        user.password_hash = hashed(new_token())
        end_sessions(session, user)
    purpose = LinkPurpose.INVITATION if user.initial_password else LinkPurpose.RESET
    send_link(session, user, purpose, by=by)
    note(session, "link-sent", user, by=by, purpose=purpose)
    return user


def reset_second_factor(session: Session, user_id: UUID, reason: str, *, by: Person) -> User:
    """Take a lost authenticator away, with a reason; its holder is told by letter and sets up another."""
    user = held(session, user_id, by=by)
    if user.id == by.id:
        raise NotPermitted(marked("不能重置自己的两步验证，请由其他系统管理员办理。"))
    if not has_one(session, user.id):
        raise Conflict(marked("该账号没有启用两步验证。"))
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(faults=[Fault("reason", marked("请填写理由（不超过 200 字）。"))])
    take_away(session, user.id)
    end_sessions(session, user)
    note(session, "second-factor-reset", user, by=by, reason=reason.strip())
    tell_reset(session, user, reason.strip(), by=by)
    return user


def held(session: Session, user_id: UUID, *, by: Person, over: Collection[Role] = frozenset(Role)) -> User:
    """Return an account for changing, one administrator at a time; `over` are the roles it is about."""
    require_power_over(session, over, by=by)
    user = session.exec(select(User).where(User.id == user_id).with_for_update()).first()
    if not user:
        raise NotFound
    return user


def require_power_over(session: Session, roles: Collection[Role], *, by: Person) -> None:
    """Raise `NotPermitted` unless the person gives these roles: the administrator all, the office those of the pool."""
    pooled = roles and set(roles) <= POOL
    require_still(session, by, Role.ADMINISTRATOR, *((Role.OFFICE,) if pooled else ()))


def require_officer(session: Session, by: Person) -> None:
    """Raise `NotPermitted` unless the person is an officer still."""
    require_still(session, by, Role.OFFICE)


def require_still(session: Session, by: Person, *roles: Role) -> None:
    """Raise `NotPermitted` unless the person has one of the roles after every colleague's act before this one."""
    require(by, *roles)
    pass_through(session, "accounts")
    holder = session.get_one(User, by.id, populate_existing=True)
    if holder.closed_at or not roles_of(session, by.id) & set(roles):
        raise NotPermitted


def refuse_if_needed(session: Session, user: User, roles: Collection[Role]) -> None:
    """Raise `Conflict`, naming the cases, when duties would be left that nobody else could do."""
    if undone := left_undone(session, user, roles):
        cases = list(dict.fromkeys(item.case.reference for item in undone))
        shown = "、".join(cases[:MOST_NAMED]) + ("…" if len(cases) > MOST_NAMED else "")
        raise Conflict(UNDONE, n=len(undone), cases=shown)


def note(session: Session, act: str, user: User, *, by: Person, **detail: Any) -> None:  # noqa: ANN401 - JSON
    """Write a line about an account; what is secret is in none of them."""
    journal.note(session, act, case=None, by=by, account=str(user.id), name=user.name, **detail)
