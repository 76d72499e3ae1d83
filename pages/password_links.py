"""Passwords chosen by a link from a letter: for a new account, or a forgotten password.

Looking at a link uses nothing up, because mail servers look at links as well; sending the form does.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.limits import Limited
from casework.limits import RESET
from casework.links import PATHS, ask_reset, choose_password, look_at
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Invalid
from core.i18n import gettext, marked
from core.settings import settings
from models.sign_in import LinkPurpose
from pages.account import LONGEST_PASSWORD, spoken
from pages.forms import Form
from pages.rendering import page, redirect
from pages.session import forget
from pages.submission import Submitted

router = APIRouter()

FORGOTTEN = "/forgotten"
INVITED, RESETTING = PATHS[LinkPurpose.INVITATION] + "{token}", PATHS[LinkPurpose.RESET] + "{token}"


@dataclass(frozen=True)
class ForgottenPage:
    """The form that asks for the address; `asked`: it was sent, whoever that is."""

    form: Form
    asked: bool = False


@dataclass(frozen=True)
class ChoosingPage:
    """The form of a new password."""

    form: Form
    address: str
    account: str
    new: bool
    external: str = ""


@router.get(FORGOTTEN)
def forgotten(request: Request) -> Response:
    """Ask for the address."""
    return page(request, "account/forgotten.html", ForgottenPage(Form.of()))


@router.post(FORGOTTEN, dependencies=[Depends(Limited(RESET))])
def take_forgotten(request: Request, form: Submitted) -> Response:
    """Post the link, if there is such an account; the answer is the same if there is none."""
    try:
        email = form.text("email", marked("邮箱"), longest=254)
        form.refuse_faults()
    except Invalid as refused:
        return page(request, "account/forgotten.html", ForgottenPage(form.refused(refused)), status=refused.status)
    with transaction() as session:
        ask_reset(session, email)
    return page(request, "account/forgotten.html", ForgottenPage(Form.of(), asked=True))


@router.get(INVITED)
def invited(request: Request, token: Words) -> Response:
    """Offer to choose the first password."""
    return _shown(request, LinkPurpose.INVITATION, token, Form.of())


@router.post(INVITED, dependencies=[Depends(Limited(RESET))])
def take_invited(request: Request, token: Words, form: Submitted) -> Response:
    """Take the first password."""
    return _taken(request, LinkPurpose.INVITATION, token, form)


@router.get(RESETTING)
def resetting(request: Request, token: Words) -> Response:
    """Offer to choose another password."""
    return _shown(request, LinkPurpose.RESET, token, Form.of())


@router.post(RESETTING, dependencies=[Depends(Limited(RESET))])
def take_reset(request: Request, token: Words, form: Submitted) -> Response:
    """Take another password."""
    return _taken(request, LinkPurpose.RESET, token, form)


def _taken(request: Request, purpose: LinkPurpose, token: str, form: Form) -> Response:
    try:
        form.text("new", marked("新密码"), longest=LONGEST_PASSWORD)
        if form.value("new") != form.value("again"):
            form.fault("again", marked("两次输入的密码不一致。"))
        form.refuse_faults()
        with transaction() as session:
            choose_password(session, purpose, token, form.value("new"))
    except Invalid as refused:
        return _shown(request, purpose, token, form.refused(spoken(refused)), status=refused.status)
    response = redirect(request, "/sign-in", notice=gettext("密码已设置，请用新密码登录。"))
    forget(response)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _shown(request: Request, purpose: LinkPurpose, token: str, form: Form, *, status: int = 200) -> Response:
    with reading() as session:
        chosen = look_at(session, purpose, token)
    new = purpose is LinkPurpose.INVITATION
    external = settings().oidc.name if settings().oidc.issuer and new and not request.state.person else ""
    context = ChoosingPage(form, PATHS[purpose] + token, chosen.user.email, new, external)
    response = page(request, "account/choose-password.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
