"""Who stands in while somebody is away: arranged by oneself, or by the office for somebody who is ill."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.delegations import (
    LONGEST_REASON,
    NewDelegation,
    delegate,
    delegations_of,
    end_delegation,
    substitutes,
)
from casework.people import Person
from core.addresses import Words, identity, maybe_identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotFound
from core.i18n import gettext, marked
from models.delegation import Delegation
from models.person import User
from pages.account import spoken
from pages.forms import Form
from pages.kit import Column, Crumb, Option
from pages.office_lines import Officer
from pages.rendering import page, redirect
from pages.reviewer_lists import Reviewer
from pages.submission import Submitted

router = APIRouter()

OWN, OF_ANOTHER = "/account/delegation", "/office/people/{user_id}/delegation"
COLUMNS = (marked("委托人"), marked("代办人"), marked("委托期间"), marked("委托原因"), marked("操作"))


@dataclass(frozen=True)
class DelegationPage:
    """The delegations of one person, given and taken, and a new one."""

    absent: User
    address: str
    own: bool
    lines: list[tuple[Delegation, User, User]]
    deputies: list[Option]
    form: Form
    columns: list[Column]
    crumbs: list[Crumb]


@router.get(OWN)
def own(request: Request, person: Reviewer) -> Response:
    """Show my delegations."""
    return _shown(request, person.id, person, Form.of())


@router.post(OWN)
def arrange_own(request: Request, form: Submitted, person: Reviewer) -> Response:
    """Have somebody stand in for me, or end it."""
    return _arranged(request, person.id, form, person)


@router.get(OF_ANOTHER)
def of_another(request: Request, user_id: Words, person: Officer) -> Response:
    """Show the delegations of somebody."""
    return _shown(request, identity(user_id), person, Form.of())


@router.post(OF_ANOTHER)
def arrange_another(request: Request, user_id: Words, form: Submitted, person: Officer) -> Response:
    """Have somebody stand in for a colleague, or end it."""
    return _arranged(request, identity(user_id), form, person)


def _arranged(request: Request, absent_id: UUID, form: Form, person: Person) -> Response:
    try:
        notice = _end(form, person) if form.value("act") == "end" else _delegate(form, absent_id, person)
    except Invalid as refused:
        return _shown(request, absent_id, person, form.refused(spoken(refused)), refused.status)
    except Conflict as late:
        form.sentence = late.sentence()
        return _shown(request, absent_id, person, form, late.status)
    return redirect(request, _address(absent_id, person), notice=notice)


def _end(form: Form, person: Person) -> str:
    with transaction() as session:
        end_delegation(session, identity(form.value("delegation")), by=person)
    return gettext("委托已结束。")


def _delegate(form: Form, absent_id: UUID, person: Person) -> str:
    first_on = form.day("first_on", marked("起始日"))
    last_on = form.day("last_on", marked("结束日"))
    reason = form.text("reason", marked("委托原因"), longest=LONGEST_REASON)
    form.refuse_faults()
    deputy = maybe_identity(form.value("deputy"))
    with transaction() as session:
        delegate(session, NewDelegation(absent_id, deputy, first_on, last_on, reason), by=person)
    return gettext("委托已登记，并已通知代办人。")


def _address(absent_id: UUID, person: Person) -> str:
    return OWN if absent_id == person.id else OF_ANOTHER.format(user_id=absent_id)


def _shown(request: Request, absent_id: UUID, person: Person, form: Form, status: int = 200) -> Response:
    with reading() as session:
        context = _page(session, absent_id, person, form)
    return page(request, "account/delegation.html", context, status=status)


def _page(session: Session, absent_id: UUID, person: Person, form: Form) -> DelegationPage:
    absent = session.get(User, absent_id)
    if not absent:
        raise NotFound
    mine = absent.id == person.id
    back = Crumb(gettext("我的账户"), "/account") if mine else Crumb(absent.name, f"/office/people/{absent.id}")
    return DelegationPage(
        absent=absent,
        address=_address(absent.id, person),
        own=mine,
        lines=delegations_of(session, absent.id),
        deputies=[Option(str(one.id), one.name, one.title) for one in substitutes(session, absent)],
        form=form,
        columns=[Column(gettext(title)) for title in COLUMNS],
        crumbs=[back, Crumb(gettext("委托他人代办"))],
    )
