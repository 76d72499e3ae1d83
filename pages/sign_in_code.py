"""After the password: the second factor's code, from the authenticator or from the list of recovery codes."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.limits import Limited
from casework.limits import SIGN_IN
from casework.sign_ins import awaits_code, give_code, signed_in
from core.db import reading, transaction
from core.errors import Invalid
from core.i18n import marked
from pages.account import landing
from pages.forms import Form
from pages.rendering import local_path, page, redirect
from pages.session import cookie_name, remember
from pages.submission import Submitted

router = APIRouter()

ADDRESS = "/sign-in/code"
LONGEST = 40


@dataclass(frozen=True)
class CodePage:
    """The form."""

    form: Form


@router.get(ADDRESS)
def ask(request: Request) -> Response:
    """Ask for the code, if a password was right just now."""
    with reading() as session:
        waiting = awaits_code(session, request.cookies.get(cookie_name(), ""))
    if not waiting:
        return redirect(request, landing(request.state.person) if request.state.person else "/sign-in")
    came_for = local_path(request.query_params.get("next", ""), "")
    return _page(request, Form.of({"next": came_for}))


@router.post(ADDRESS, dependencies=[Depends(Limited(SIGN_IN))])
def take(request: Request, form: Submitted) -> Response:
    """Take the code; from now on the session has another token."""
    try:
        code = form.text("code", marked("验证码"), longest=LONGEST)
        form.refuse_faults()
    except Invalid as refused:
        return _page(request, form.refused(refused), refused.status)
    with transaction() as session:
        attempt = give_code(session, request.cookies.get(cookie_name(), ""), code)
        person = signed_in(session, attempt.token) if attempt.token else None
    if person:
        response = redirect(request, local_path(form.value("next"), landing(person)))
        remember(response, attempt.token)
        return response
    if not attempt.awaits_code:
        return redirect(request, "/sign-in")
    form.sentence = attempt.refusal.sentence() if attempt.refusal else ""
    return _page(request, form, attempt.refusal.status if attempt.refusal else 401)


def _page(request: Request, form: Form, status: int = 200) -> Response:
    return page(request, "account/code.html", CodePage(form), status=status)
