"""People: everybody with an account, and one account with what the administrator or the office can do to it.

The administrator opens and closes accounts, gives roles, resets; the office sees who there is, and keeps superiors and
delegations, which belong to the procedure. The administrator sees how much somebody has to do, but no case.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.accounts import (
    change_roles,
    close_account,
    reopen_account,
    reset_second_factor,
    send_password_link,
    unlock_account,
)
from casework.inboxes import Item, inbox_of
from casework.organisations import bodies
from casework.people import Person, person_of
from casework.second_factors import has_one
from casework.staff import LISTED, STATES, Account, StaffSearch, account_of, accounts, count_accounts
from casework.superiors import possible_superiors, set_superior
from core.addresses import Words, identity, maybe_identity, words
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotPermitted
from core.i18n import gettext, marked
from models.person import User
from pages.account import spoken
from pages.forms import Form
from pages.kit import Column, Crumb, Option
from pages.office_lines import LONGEST_CURSOR
from pages.rendering import page, redirect
from pages.session import Holding
from pages.submission import Submitted
from regulation.roles import STAFF, Role

router = APIRouter()
Keeper = Annotated[Person, Depends(Holding(Role.OFFICE, Role.ADMINISTRATOR))]

ADDRESS = "/office/people"
COLUMNS = (
    Column(marked("姓名")),
    Column(marked("身份")),
    Column(marked("所属单位")),
    Column(marked("未办事项"), numeric=True),
    Column(marked("账号状态")),
)
LOOKS = {"open": "done", "locked": "warn", "initial": "waiting", "closed": "withdrawn"}
"""The badge of a state."""
ACTS: Mapping[str, tuple[Callable[..., User], str]] = {
    "close": (close_account, marked("已停用{name}的账号，其登录和令牌已全部失效。")),
    "reopen": (reopen_account, marked("已恢复{name}的账号。")),
    "password": (send_password_link, marked("已向{name}发送设置密码的邮件。")),
    "unlock": (unlock_account, marked("已解除{name}的账号锁定，可以重新登录。")),
}


@dataclass(frozen=True)
class PersonLine:
    """One account in words; `state` is a badge's text and kind."""

    account: Account
    href: str
    roles: str
    state: tuple[str, str]


@dataclass(frozen=True)
class PeoplePage:
    """One page of the list."""

    lines: list[PersonLine]
    total: int
    next: str
    search: StaffSearch
    roles: list[Option]
    organisations: list[Option]
    states: list[Option]
    columns: list[Column]
    manages: bool


@dataclass(frozen=True)
class PersonPage:
    """One account; `manages` is for the administrator, `duties` are told to the office."""

    line: PersonLine
    duties: list[Item]
    form: Form
    roles: list[Option]
    manages: bool
    second_factor: bool
    superiors: list[Option]
    superior: Form
    crumbs: list[Crumb]


@router.get(ADDRESS)
def people(request: Request, person: Keeper) -> Response:
    """List everybody with an account, by role, organisation and state."""
    search = search_of(request.query_params)
    with reading() as session:
        found = accounts(session, search)
        context = PeoplePage(
            lines=[line_of(one) for one in found.rows],
            total=count_accounts(session, search),
            next=found.next,
            search=search,
            roles=role_options(LISTED),
            organisations=[Option(str(body.id), body.name) for body in bodies(session)],
            states=[Option(key, gettext(title)) for key, title in STATES.items()],
            columns=[Column(gettext(one.title), numeric=one.numeric) for one in COLUMNS],
            manages=person.has(Role.ADMINISTRATOR),
        )
    return page(request, "office/people.html", context)


@router.get(f"{ADDRESS}/{{user_id}}")
def show(request: Request, user_id: Words, person: Keeper) -> Response:
    """Show one account."""
    return shown(request, identity(user_id), person)


@router.post(f"{ADDRESS}/{{user_id}}")
def act(request: Request, user_id: Words, form: Submitted, person: Keeper) -> Response:
    """Do what one of the page's buttons says; refused, the page is shown again with the reason."""
    known = identity(user_id)
    try:
        return redirect(request, f"{ADDRESS}/{known}", notice=_done(form, known, person))
    except Invalid as refused:
        return shown(request, known, person, form.refused(spoken(refused)), status=refused.status)
    except (Conflict, NotPermitted) as refused:
        form.sentence = refused.sentence()
        return shown(request, known, person, form, status=refused.status)


def _done(form: Form, user_id: UUID, person: Person) -> str:
    """Do it and say so."""
    with transaction() as session:
        if form.value("act") == "roles":
            roles = form.choices("roles", marked("身份"), STAFF)
            form.refuse_faults()
            user = change_roles(session, user_id, [Role(role) for role in roles], by=person)
            return gettext("已更新{name}的身份。", name=user.name)
        if form.value("act") == "superior":
            user = set_superior(session, user_id, maybe_identity(form.value("superior")), by=person)
            return gettext("已更新{name}的上级。", name=user.name)
        if form.value("act") == "second-factor":
            user = reset_second_factor(session, user_id, form.value("reason"), by=person)
            return gettext("已重置{name}的两步验证，并已发函告知。", name=user.name)
        if form.value("act") not in ACTS:
            raise Invalid
        chosen, sentence = ACTS[form.value("act")]
        return gettext(sentence, name=chosen(session, user_id, by=person).name)


def shown(request: Request, user_id: UUID, person: Person, form: Form | None = None, *, status: int = 200) -> Response:
    """Show one account."""
    with reading() as session:
        context = _person_page(session, account_of(session, user_id), person, form)
    return page(request, "office/people-one.html", context, status=status)


def _person_page(session: Session, account: Account, person: Person, form: Form | None) -> PersonPage:
    filled = form if form and form.value("act") == "roles" else Form.of({"roles": sorted(account.roles)})
    if form and filled is not form:
        filled.sentence, filled.faults = form.sentence, form.faults
    return PersonPage(
        line=line_of(account),
        duties=inbox_of(session, person_of(session, account.user)) if person.has(Role.OFFICE) else [],
        form=filled,
        roles=role_options(STAFF) if Role.APPLICANT not in account.roles else [],
        manages=person.has(Role.ADMINISTRATOR),
        second_factor=has_one(session, account.user.id),
        superiors=[Option(str(one), name) for one, name in possible_superiors(session, account.user)],
        superior=Form.of({"superior": str(account.user.superior_id or "")}),
        crumbs=[Crumb(gettext("人员账号"), ADDRESS), Crumb(account.user.name)],
    )


def line_of(account: Account) -> PersonLine:
    """Put an account into words."""
    roles = gettext("、").join(gettext(role.title) for role in Role if role in account.roles)
    state = gettext(STATES[account.state]), LOOKS[account.state]
    return PersonLine(account, f"{ADDRESS}/{account.user.id}", roles, state)


def role_options(among: Collection[Role]) -> list[Option]:
    """Offer roles in the order of the procedure."""
    return [Option(role, gettext(role.title)) for role in Role if role in among]


def search_of(query: Mapping[str, str]) -> StaffSearch:
    """Read a search from an address; a word that names nothing is left out."""
    role, state = query.get("role", ""), query.get("state", "")
    try:
        organisation = UUID(query.get("organisation", ""))
    except ValueError:
        organisation = None
    return StaffSearch(
        words=words(query.get("q", "")),
        role=role if role in LISTED else "",
        organisation_id=organisation,
        state=state if state in STATES else "",
        after=query.get("after", "")[:LONGEST_CURSOR],
    )
