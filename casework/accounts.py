"""Accounts in the office's hands: opened and closed, roles, lock-outs, initial passwords; all in the journal."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from casework import journal
from casework.access import require
from casework.organisations import KINDS, NewBody, body_faults, enter_body
from casework.people import Person, add_user, email_problem, normalised_email, roles_of
from casework.staff import left_undone
from casework.turnstile import pass_through
from core.clock import now
from core.errors import Conflict, Fault, Invalid, NotFound, NotPermitted
from core.i18n import marked
from core.security import hashed, new_password
from models.organisation import RECOMMENDING, Organisation
from models.person import ApiToken, SignIn, User, UserRole
from regulation.roles import STAFF, Role

MOST_NAMED = 5
"""Cases that a refusal names."""
UNDONE = marked("该账号还有 {n} 件只能由其办理的事项（{cases}）。请先调整人员或增设同一身份的账号，或待办结后再办理。")


@dataclass(frozen=True)
class NewStaff:
    """Whom the office gives an account: of a listed body, or of a new one."""

    email: str
    name: str
    roles: Collection[Role]
    title: str = ""
    organisation_id: UUID | None = None
    body: NewBody | None = None


@dataclass(frozen=True)
class Given:
    """An account with the initial password, which is told this once and never again."""

    user: User
    password: str


def open_account(session: Session, new: NewStaff, *, by: Person) -> Given:
    """Open an account with an initial password; raises `Invalid` with every fault at once."""
    require_officer(session, by)
    pass_through(session, "sign-up")
    organisation = session.get(Organisation, new.organisation_id) if new.organisation_id else None
    if faults := faults_of(session, new, organisation):
        raise Invalid(faults=faults)
    if new.body:
        organisation = enter_body(session, new.body)
    password, roles = new_password(), sorted(set(new.roles))
    email, name = normalised_email(new.email), new.name.strip()
    user = add_user(session, email, name, password, of=organisation, roles=roles)  # type: ignore[arg-type]  # no fault
    user.title, user.initial_password = new.title.strip(), True
    note(session, "account-opened", user, by=by, roles=roles)
    return Given(user, password)


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
    if Role.RECOMMENDER in roles and kind in KINDS and kind not in RECOMMENDING:
        return [Fault("roles", marked("推荐单位的账号应属于市州人社局或行业主管部门。"))]
    return []


def change_roles(session: Session, user_id: UUID, roles: Collection[Role], *, by: Person) -> User:
    """Give and take roles; an officer cannot cease to be one alone, and no duty is left without a holder."""
    user = held(session, user_id, by=by)
    before, after = roles_of(session, user.id), frozenset(roles)
    if Role.APPLICANT in before:
        raise Conflict(marked("申报单位账号的身份不能更改。"))
    if faults := role_faults(after, session.get_one(Organisation, user.organisation_id).kind):
        raise Invalid(faults=faults)
    if user.id == by.id and Role.OFFICE not in after:
        raise NotPermitted(marked("不能取消自己的继教办身份，请由继教办其他人员办理。"))
    refuse_if_needed(session, user, before - after)
    session.exec(delete(UserRole).where(col(UserRole.user_id) == user.id, col(UserRole.role).in_(before - after)))
    session.add_all(UserRole(user_id=user.id, role=role) for role in after - before)
    if before != after:
        note(session, "account-roles-changed", user, by=by, roles=sorted(after), before=sorted(before))
    return user


def close_account(session: Session, user_id: UUID, *, by: Person) -> User:
    """Close an account: its sessions and tokens end; refused while there is a duty that nobody else could do."""
    user = held(session, user_id, by=by)
    if user.id == by.id:
        raise NotPermitted(marked("不能停用自己的账号，请由继教办其他人员办理。"))
    if user.closed_at:
        raise Conflict(marked("该账号已停用。"))
    refuse_if_needed(session, user, frozenset(Role))
    user.closed_at = now()
    end_sessions(session, user)
    note(session, "account-closed", user, by=by)
    return user


def reopen_account(session: Session, user_id: UUID, *, by: Person) -> User:
    """Open a closed account again, with the password and the roles it had."""
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


def renew_password(session: Session, user_id: UUID, *, by: Person) -> Given:
    """Give a new initial password to somebody who has lost theirs: sessions and tokens end, a lock-out too."""
    user = held(session, user_id, by=by)
    if user.id == by.id:
        raise NotPermitted(marked("请在“我的账户”中修改自己的密码。"))
    if user.closed_at:
        raise Conflict(marked("该账号已停用。"))
    password = new_password()
    user.password_hash, user.initial_password = hashed(password), True
    user.failed_sign_ins, user.locked_until = 0, None
    end_sessions(session, user)
    note(session, "password-renewed", user, by=by)
    return Given(user, password)


def held(session: Session, user_id: UUID, *, by: Person) -> User:
    """Return an account for changing, one officer at a time."""
    require_officer(session, by)
    user = session.exec(select(User).where(User.id == user_id).with_for_update()).first()
    if not user:
        raise NotFound
    return user


def require_officer(session: Session, by: Person) -> None:
    """Raise `NotPermitted` unless the person is an officer still, after every colleague's act before this one."""
    require(by, Role.OFFICE)
    pass_through(session, "accounts")
    officer = session.get_one(User, by.id, populate_existing=True)
    if officer.closed_at or Role.OFFICE not in roles_of(session, by.id):
        raise NotPermitted


def refuse_if_needed(session: Session, user: User, roles: Collection[Role]) -> None:
    """Raise `Conflict`, naming the cases, when duties would be left that nobody else could do."""
    if undone := left_undone(session, user, roles):
        cases = list(dict.fromkeys(item.case.reference for item in undone))
        shown = "、".join(cases[:MOST_NAMED]) + ("…" if len(cases) > MOST_NAMED else "")
        raise Conflict(UNDONE, n=len(undone), cases=shown)


def end_sessions(session: Session, user: User) -> None:
    """End every session and every token of an account."""
    for kind in (SignIn, ApiToken):
        living = update(kind).where(col(kind.user_id) == user.id, col(kind.ended_at).is_(None))
        session.exec(living.values(ended_at=now()))


def note(session: Session, act: str, user: User, *, by: Person, **detail: Any) -> None:  # noqa: ANN401 - JSON
    """Write a line about an account; what is secret is in none of them."""
    journal.note(session, act, case=None, by=by, account=str(user.id), name=user.name, **detail)
