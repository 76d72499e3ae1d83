"""One's own second factor: set up with an authenticator, recovery codes, switched off where it is not needed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from casework import second_factors
from casework.people import Person
from casework.second_factors import Enrolment
from casework.sign_ins import renewed
from core.db import reading, transaction
from core.errors import Conflict, Invalid
from core.i18n import gettext, marked
from pages.account import spoken
from pages.forms import Form
from pages.kit import Crumb
from pages.rendering import page, redirect
from pages.session import SignedIn, remember
from pages.submission import Submitted

router = APIRouter()

ADDRESS = "/account/second-factor"
LONGEST = 40


@dataclass(frozen=True)
class SecondFactorPage:
    """What stands: nothing, a secret that waits for its first code, or a valid one; new codes are shown this once."""

    form: Form
    is_on: bool
    needed: bool
    enrolment: Enrolment | None
    picture: Markup
    codes_left: int
    codes: list[str] = field(default_factory=list)
    crumbs: list[Crumb] = field(default_factory=list)


@router.get(ADDRESS)
def show(request: Request, person: SignedIn) -> Response:
    """Show what stands."""
    return _page(request, person, Form.of())


@router.post(ADDRESS)
def act(request: Request, form: Submitted, person: SignedIn) -> Response:
    """Do what one of the page's buttons says; each gives the session a new token."""
    chosen = ACTS.get(form.value("act"))
    if not chosen:
        raise Invalid
    try:
        with transaction() as session:
            codes = chosen(session, form.value("code")[:LONGEST], person)
            token = renewed(session, person.sign_in_id) if person.sign_in_id else ""
    except Invalid as refused:
        return _page(request, person, form.refused(spoken(refused)), status=refused.status)
    except Conflict as refused:
        form.sentence = refused.sentence()
        return _page(request, person, form, status=refused.status)
    if codes:
        response: Response = _page(request, person, Form.of(), codes=codes)
    else:
        response = redirect(request, ADDRESS, notice=gettext(SAID[form.value("act")]))
    remember(response, token)
    return response


def _begin(session: Session, code: str, person: Person) -> list[str]:
    del code
    second_factors.begin(session, by=person)
    return []


def _switch_off(session: Session, code: str, person: Person) -> list[str]:
    second_factors.switch_off(session, code, by=person)
    return []


ACTS: dict[str, Callable[[Session, str, Person], list[str]]] = {
    "begin": _begin,
    "confirm": lambda session, code, person: second_factors.confirm(session, code, by=person),
    "codes": lambda session, code, person: second_factors.renew_recovery_codes(session, code, by=person),
    "off": _switch_off,
}
SAID = {"begin": marked("请用验证器扫描二维码，再填写验证码。"), "off": marked("两步验证已停用。")}


def picture_of(address: str) -> Markup:
    """Return the QR code as SVG that stands in the page: dark on white in any scheme, no style, no script."""
    buffer = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(buffer, kind="svg", scale=4, border=4, light="#fff", dark="#000", xmldecl=False, svgns=True, nl=False)
    return Markup(buffer.getvalue().decode())  # noqa: S704 - drawn by ourselves


def _page(
    request: Request, person: Person, form: Form, *, codes: list[str] | None = None, status: int = 200
) -> Response:
    with reading() as session:
        enrolment = second_factors.begun(session, person)
        context = SecondFactorPage(
            form=form,
            is_on=second_factors.has_one(session, person.id),
            needed=second_factors.must_have_one(session, person.id),
            enrolment=enrolment,
            picture=picture_of(enrolment.address) if enrolment else Markup(),
            codes_left=second_factors.recovery_codes_left(session, person.id),
            codes=codes or [],
            crumbs=[Crumb(gettext("我的账户"), "/account"), Crumb(gettext("两步验证"))],
        )
    return page(request, "account/second-factor.html", context, status=status)
