"""One's own account: password, the places one is signed in at, tokens for programs, language."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.api_tokens import api_tokens_of, end_api_token, new_api_token
from casework.digests import set_digest, wants_digest
from casework.people import Person
from casework.second_factors import has_one
from casework.sign_ins import change_password, renewed, sign_ins_of, sign_out, sign_out_elsewhere
from core.addresses import identity
from core.db import reading, transaction
from core.errors import Invalid
from core.i18n import gettext, marked
from core.settings import settings
from models.person import ApiToken, SignIn
from pages.account import LONGEST_PASSWORD, landing, spoken
from pages.forms import Form
from pages.kit import Column, Option
from pages.navigation import ON_DUTY
from pages.rendering import page, redirect
from pages.session import SignedIn, forget, remember
from pages.submission import Submitted

router = APIRouter()

DAYS = {"30": 30, "90": 90, "365": 365}


BROWSERS = {
    "Edg/": "Edge",
    "MicroMessenger/": marked("微信"),
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Device:
    """One place where the person is signed in."""

    sign_in: SignIn
    name: str
    current: bool


@dataclass(frozen=True)
class AccountPage:
    """The account; a new token's text is shown this once."""

    password: Form
    token: Form
    devices: list[Device]
    tokens: list[ApiToken]
    roles: list[str]
    days: list[Option]
    digest: bool
    on_duty: bool
    second_factor: bool
    external: str
    new_token: str = ""
    sign_in_columns: list[Column] = field(default_factory=list)
    token_columns: list[Column] = field(default_factory=list)


@router.get("/account")
def account(request: Request, person: SignedIn) -> Response:
    """Show the account."""
    return _account_page(request, person)


@router.post("/account")
def act(request: Request, form: Submitted, person: SignedIn) -> Response:
    """Do what one of the page's buttons says."""
    acts: dict[str, Callable[[Request, Form, Person], Response]] = {
        "password": _change_password,
        "end-sign-in": _end_sign_in,
        "end-others": _end_others,
        "new-token": _make_token,
        "end-token": _end_token,
        "digest": _set_digest,
    }
    chosen = acts.get(form.value("act"))
    if not chosen:
        raise Invalid
    return chosen(request, form, person)


def device_name(agent: str) -> str:
    """Say which browser on which system, as far as it tells; the order matters, for most claim to be several."""
    known = [next((name for word, name in words.items() if word in agent), "") for words in (BROWSERS, SYSTEMS)]
    return " · ".join(gettext(name) for name in known if name) or agent[:60] or gettext("未知设备")


def _change_password(request: Request, form: Form, person: Person) -> Response:
    try:
        form.text("old", marked("原密码"), longest=LONGEST_PASSWORD)
        form.text("new", marked("新密码"), longest=LONGEST_PASSWORD)
        if form.value("new") != form.value("again"):
            form.fault("again", marked("两次输入的密码不一致。"))
        form.refuse_faults()
        with transaction() as session:
            change_password(session, form.value("old"), form.value("new"), by=person)
            token = renewed(session, person.sign_in_id) if person.sign_in_id else ""
    except Invalid as refused:
        return _account_page(request, person, password=form.refused(spoken(refused)), status=refused.status)
    then = landing(person) if person.initial_password else "/account"
    response = redirect(request, then, notice=gettext("密码已修改，其他设备上的登录和程序令牌已全部失效。"))
    remember(response, token)
    return response


def _end_sign_in(request: Request, form: Form, person: Person) -> Response:
    ended = identity(form.value("sign_in"))
    with transaction() as session:
        sign_out(session, ended, by=person)
    if ended != person.sign_in_id:
        return redirect(request, "/account", notice=gettext("该登录已退出。"))
    response = redirect(request, "/", notice=gettext("已退出登录。"))
    forget(response)
    return response


def _end_others(request: Request, form: Form, person: Person) -> Response:
    del form
    with transaction() as session:
        sign_out_elsewhere(session, by=person)
    return redirect(request, "/account", notice=gettext("其他设备上的登录已全部退出。"))


def _make_token(request: Request, form: Form, person: Person) -> Response:
    try:
        name = form.text("name", marked("令牌用途"), longest=50)
        days = form.choice("days", marked("有效期"), DAYS)
        form.refuse_faults()
        with transaction() as session:
            _, text = new_api_token(session, name, by=person, days=DAYS[days])
    except Invalid as refused:
        return _account_page(request, person, token=form.refused(spoken(refused)), status=refused.status)
    return _account_page(request, person, new_token=text)


def _end_token(request: Request, form: Form, person: Person) -> Response:
    with transaction() as session:
        end_api_token(session, identity(form.value("token")), by=person)
    return redirect(request, "/account", notice=gettext("令牌已作废。"))


def _set_digest(request: Request, form: Form, person: Person) -> Response:
    wanted = form.value("digest") == "on"
    with transaction() as session:
        set_digest(session, wanted=wanted, by=person)
    notice = gettext("已开启每日待办邮件。") if wanted else gettext("已关闭每日待办邮件。")
    return redirect(request, "/account", notice=notice)


def _account_page(  # noqa: PLR0913 - the page has two forms
    request: Request,
    person: Person,
    *,
    password: Form | None = None,
    token: Form | None = None,
    new_token: str = "",
    status: int = 200,
) -> Response:
    with reading() as session:
        context = AccountPage(
            password=password or Form.of(),
            token=token or Form.of({"days": "90"}),
            devices=[
                Device(sign, device_name(sign.agent), sign.id == person.sign_in_id)
                for sign in sign_ins_of(session, person)
            ],
            tokens=api_tokens_of(session, person),
            roles=[gettext(role.title) for role in sorted(person.roles)],
            days=[Option(value, gettext("{n} 天", n=days)) for value, days in DAYS.items()],
            digest=wants_digest(session, person),
            on_duty=bool(person.roles & ON_DUTY),
            second_factor=has_one(session, person.id),
            external=settings().oidc.name if settings().oidc.issuer else "",
            new_token=new_token,
            sign_in_columns=_columns(marked("设备"), marked("登录时间"), marked("最近使用"), marked("操作")),
            token_columns=_columns(
                marked("用途"), marked("创建时间"), marked("最近使用"), marked("有效期至"), marked("操作")
            ),
        )
    return page(request, "account/account.html", context, status=status)


def _columns(*titles: str) -> list[Column]:
    return [Column(gettext(title)) for title in titles]
