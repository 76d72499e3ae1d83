"""Opening an account: who it is, of which body, in which roles; an invitation goes out by letter."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework.accounts import NewStaff, open_account
from casework.organisations import KINDS, NewBody, bodies
from casework.people import Person
from core.db import reading, transaction
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from models.person import User
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.office_people import ADDRESS, role_options
from pages.public import area_options
from pages.rendering import page, redirect
from pages.session import Holding
from pages.submission import Submitted
from regulation.roles import STAFF, Role

router = APIRouter()
Administrator = Annotated[Person, Depends(Holding(Role.ADMINISTRATOR))]

NEW = f"{ADDRESS}/new"
ANOTHER = "another"
"""What is chosen in place of a body when the right one is not in the list."""
INVITED = marked("已开通账号，并已发送邀请邮件；本人凭邮件中的链接设置密码。")
IN_ORDER = ("name", "title", "email", "roles", "organisation_id", "body.kind", "body.name", "body.area_code")


@dataclass(frozen=True)
class NewPersonPage:
    """The form."""

    form: Form
    organisations: list[Option]
    roles: list[Option]
    kinds: list[Option]
    areas: list[Option]
    crumbs: list[Crumb]


@router.get(NEW)
def blank(request: Request, person: Administrator) -> Response:
    """Offer the form."""
    del person
    return _form_page(request, Form.of())


@router.post(NEW)
def take(request: Request, form: Submitted, person: Administrator) -> Response:
    """Open the account, or show the form again with everything that is wrong with it."""
    try:
        user = _opened(form, person)
    except Invalid as refused:
        form.refused(refused).faults.sort(key=lambda fault: IN_ORDER.index(fault.field))
        return _form_page(request, form, status=refused.status)
    return redirect(request, f"{ADDRESS}/{user.id}", notice=gettext(INVITED))


def _opened(form: Form, person: Person) -> User:
    another = form.value("organisation_id") == ANOTHER
    body = NewBody(form.value("body-kind"), form.value("body-name"), form.value("body-area_code")) if another else None
    new = NewStaff(
        email=form.value("email"),
        name=form.value("name"),
        title=form.value("title"),
        roles=[Role(one) for one in form.values_of("roles") if one in set(STAFF)],
        organisation_id=_id(form.value("organisation_id")),
        body=body,
    )
    try:
        with transaction() as session:
            return open_account(session, new, by=person)
    except Invalid as refused:
        raise Invalid(faults=[Fault(one.field, gettext(one.message)) for one in refused.faults]) from refused


def _id(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _form_page(request: Request, form: Form, status: int = 200) -> Response:
    with reading() as session:
        listed = [Option(str(body.id), body.name) for body in bodies(session)]
    context = NewPersonPage(
        form=form,
        organisations=[*listed, Option(ANOTHER, gettext("名单中没有，另行填写"))],
        roles=role_options(STAFF),
        kinds=[Option(kind, gettext(title)) for kind, title in KINDS.items()],
        areas=area_options(),
        crumbs=[Crumb(gettext("人员账号"), ADDRESS), Crumb(gettext("开通账号"))],
    )
    return page(request, "office/people-new.html", context, status=status)
