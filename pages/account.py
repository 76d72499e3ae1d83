"""Signing in and out, opening an account for an institution, and the choice of language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from api.limits import Limited
from casework import demonstration
from casework.limits import SIGN_IN, SIGN_UP
from casework.people import NewAccount, Person, sign_up
from casework.sign_ins import Attempt, sign_in, sign_out, signed_in
from core.db import transaction
from core.errors import Fault, Invalid
from core.i18n import LANGUAGES, gettext, marked
from core.settings import settings
from models.person import User
from pages.forms import Form
from pages.kit import Option
from pages.public import area_options
from pages.rendering import local_path, page, redirect, remember_language
from pages.session import SignedIn, forget, place_of, remember
from pages.submission import Submitted
from regulation.areas import AREA_NAMES
from regulation.roles import Role

router = APIRouter()

LONGEST_PASSWORD = 1000
"""Hashing is dear, so nobody may have us hash a book."""

LANDINGS = (
    (Role.APPLICANT, "/applications"),
    (Role.OFFICE, "/office/board"),
    (Role.OPERATOR, "/operator/stalled"),
    (Role.ADMINISTRATOR, "/office/people"),
    (Role.AUDITOR, "/office/board"),
)
"""Where a person's work begins; everybody else's is in the inbox."""

IN_ORDER = ("organisation", "credit_code", "area_code", "name", "email", "password", "again")
"""The fields of a new account, from top to bottom."""

Next = Annotated[str, Query(alias="next")]


@dataclass(frozen=True)
class Actor:
    """One demonstration account."""

    part: str
    name: str
    email: str


@dataclass(frozen=True)
class SignInPage:
    """The form to sign in with; the actors are there in the embedded mode only."""

    form: Form
    actors: Sequence[Actor]
    password: str
    external: str = ""


@dataclass(frozen=True)
class SignUpPage:
    """The form that opens an account for an institution."""

    form: Form
    areas: list[Option]


@router.get("/sign-in")
def sign_in_form(request: Request, came_for: Next = "") -> Response:
    """Ask who is there, unless we know."""
    if request.state.person:
        return redirect(request, local_path(came_for, landing(request.state.person)))
    return _sign_in_page(request, Form.of({"next": local_path(came_for, "")}))


@router.post("/sign-in", dependencies=[Depends(Limited(SIGN_IN))])
def take_sign_in(request: Request, form: Submitted) -> Response:
    """Sign in; a failure is counted and committed before it is told, in the same words whatever was wrong."""
    try:
        email = form.text("email", marked("邮箱"), longest=254)
        form.text("password", marked("密码"), longest=LONGEST_PASSWORD)
        form.refuse_faults()
    except Invalid as refused:
        return _sign_in_page(request, form.refused(refused), refused.status)
    with transaction() as session:
        attempt = sign_in(session, email, form.value("password"), place_of(request))
        person = signed_in(session, attempt.token) if attempt.token else None
        if attempt.token:
            _end_the_one_before(session, request)
    if attempt.awaits_code:
        return ask_for_code(request, attempt, form.value("next"))
    if not person:
        form.sentence = attempt.refusal.sentence() if attempt.refusal else ""
        return _sign_in_page(request, form, attempt.refusal.status if attempt.refusal else 401)
    return _welcome(request, attempt, person, form)


@router.post("/sign-out")
def take_sign_out(request: Request, form: Submitted, person: SignedIn) -> Response:
    """End this session."""
    del form
    if person.sign_in_id:
        with transaction() as session:
            sign_out(session, person.sign_in_id, by=person)
    response = redirect(request, "/", notice=gettext("已退出登录。"))
    forget(response)
    return response


@router.get("/sign-up")
def sign_up_form(request: Request, came_for: Next = "") -> Response:
    """Ask what an account needs."""
    form = Form.of({"next": local_path(came_for, "")})
    return page(request, "account/sign-up.html", SignUpPage(form, area_options()))


@router.post("/sign-up", dependencies=[Depends(Limited(SIGN_UP))])
def take_sign_up(request: Request, form: Submitted) -> Response:
    """Open an account and sign its owner in."""
    try:
        with transaction() as session:
            account = _account_in(form)
            sign_up(session, account)
            form.refuse_faults()  # after the record's own objections, so that all of them are told together
            attempt = sign_in(session, account.email, account.password, place_of(request))
            person = signed_in(session, attempt.token)
            _end_the_one_before(session, request)
    except Invalid as refused:
        form.refused(spoken(refused)).faults.sort(key=lambda fault: IN_ORDER.index(fault.field))
        context = SignUpPage(form, area_options())
        return page(request, "account/sign-up.html", context, status=refused.status)
    return _welcome(request, attempt, person, form, notice=gettext("账号已开通，可以开始申报。"))


@router.post("/language")
def choose_language(request: Request, form: Submitted) -> Response:
    """Change the language of the pages, and of the letters to whoever is signed in."""
    wanted = form.value("language")
    if wanted not in LANGUAGES:
        raise Invalid
    person: Person | None = request.state.person
    if person:
        with transaction() as session:
            session.get_one(User, person.id).locale = wanted
    response = redirect(request, local_path(form.value("next")))
    remember_language(response, wanted)
    return response


def landing(person: Person) -> str:
    """Return the page where this person's work begins."""
    return next((address for role, address in LANDINGS if person.has(role)), "/inbox")


def ask_for_code(request: Request, attempt: Attempt, came_for: str) -> Response:
    """Lead to the second factor; the session is good for nothing else until its code is given."""
    query = urlencode({"next": local_path(came_for, "")}) if came_for else ""
    response = redirect(request, f"/sign-in/code?{query}" if query else "/sign-in/code")
    remember(response, attempt.token)
    return response


def spoken(refused: Invalid) -> Invalid:
    """Return the refusal with its faults in the reader's language."""
    faults = [Fault(fault.field, gettext(fault.message)) for fault in refused.faults]
    return Invalid(refused.message, faults=faults, **refused.values)


def _account_in(form: Form) -> NewAccount:
    """Read the form; what is missing is told together with what the record objects to."""
    area = form.choice("area_code", marked("所在地区"), AREA_NAMES, required=False)
    if form.value("password") != form.value("again"):
        form.fault("again", marked("两次输入的密码不一致。"))
    if len(form.value("password")) > LONGEST_PASSWORD:
        form.fault("password", marked("密码不得超过 {longest} 个字符。"), longest=LONGEST_PASSWORD)
    return NewAccount(
        email=form.value("email").strip(),
        password=form.value("password")[:LONGEST_PASSWORD],
        name=form.value("name").strip(),
        organisation=form.value("organisation").strip(),
        credit_code=form.value("credit_code").strip(),
        area_code=area,
    )


def _welcome(request: Request, attempt: Attempt, person: Person | None, form: Form, *, notice: str = "") -> Response:
    home = landing(person) if person else "/"
    response = redirect(request, local_path(form.value("next"), home), notice=notice)
    remember(response, attempt.token)
    return response


def _end_the_one_before(session: Session, request: Request) -> None:
    """End the session that this browser had until now."""
    person: Person | None = request.state.person
    if person and person.sign_in_id:
        sign_out(session, person.sign_in_id, by=person)


def _sign_in_page(request: Request, form: Form, status: int = 200) -> Response:
    embedded = settings().embedded
    external = settings().oidc.name if settings().oidc.issuer else ""
    context = SignInPage(form, _actors() if embedded else (), demonstration.PASSWORD if embedded else "", external)
    return page(request, "account/sign-in.html", context, status=status)


def _actors() -> list[Actor]:
    staff = [
        Actor(gettext("、").join(gettext(role.title) for role in roles), name, email)
        for _, email, name, roles in demonstration.STAFF
    ]
    applicant = gettext(Role.APPLICANT.title)
    return [Actor(applicant, unit, email) for unit, _, _, email, _ in demonstration.INSTITUTIONS] + staff
