"""From a typed context to a page: the templates, what every page knows, notices, redirects and error pages."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.errors import DATABASE_TROUBLE
from core.errors import (
    Fault,
    JidiError,
    NotFound,
    NotSignedIn,
    PasswordUnchanged,
    SecondFactorOwed,
    Stale,
    TooManyAttempts,
    Unavailable,
)
from core.i18n import gettext, language, marked
from core.logging import request_id
from core.security import is_signed, signature
from core.settings import settings
from pages import filters
from pages.forms import Form
from pages.language import COOKIE, chosen_language
from pages.navigation import navigation
from pages.session import is_secure

HERE = Path(__file__).parent
NOTICE = "notice"
NOTICE_SECONDS = 60
CHANGE_PASSWORD = "/account#password"  # noqa: S105 - an address
SECOND_FACTOR = "/account/second-factor"
FIVE_HUNDRED = 500


@dataclass(frozen=True)
class Notice:
    """One sentence shown once, on the page after the act."""

    text: str
    kind: str = "good"


@dataclass(frozen=True)
class ErrorPage:
    """What the error template is given."""

    status: int
    title: str
    sentence: str
    advice: str
    faults: list[Fault] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    sign_in: str = ""
    number: str = ""


ADVICE = {
    401: marked("登录后会回到您要办理的页面。"),
    403: marked("如果您认为应当有权办理，请联系继教办。"),
    404: marked("请核对地址，或从上方导航重新进入。"),
    405: marked("请从页面上的按钮办理。"),
    409: marked("请返回上一页并刷新，查看最新状态。"),
    412: marked("请在新窗口打开最新内容，核对后重新填写。返回上一页可取回您刚才的填写。"),
    413: marked("请返回上一页，压缩文件或分开上传。"),
    415: marked("请返回上一页，换一个文件上传。"),
    422: marked("请返回上一页更正，您的填写仍在。"),
    429: marked("稍候再试即可，无须重复点击。"),
    503: marked("请稍后刷新本页；反复出现时，请联系继教办。"),
}
ADVICE_AGAIN = marked("请返回上一页，稍后再试，您的填写仍在；反复出现时，请联系继教办。")
"""In the place of 503's, where something was sent: to reload that page would send it once more."""
ADVICE_OTHERWISE = marked("请返回上一页再试；反复出现时，请联系继教办，并说明办理时间。")


@cache
def static(path: str) -> str:
    """Return the address of a static file; it changes with the content, so browsers may keep it for ever."""
    digest = sha256((HERE / "static" / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


@cache
def templates() -> Environment:
    """Return the templates: escaped by default, and a missing name is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"_": gettext, "static": static, "today": filters.today, "nothing_typed": Form.of()}
    environment.filters |= filters.FILTERS
    return environment


def page(request: Request, template: str, context: object = None, *, status: int = 200, **more: object) -> HTMLResponse:
    """Render a template with its typed context (a dataclass or a mapping) in the reader's language."""
    token = language.set(chosen_language(request))
    try:
        notices = [taken for taken in [_notice_of(request)] if taken]
        context = _common(request) | {"notices": notices} | _spread(context) | more
        response = HTMLResponse(templates().get_template(template).render(context), status_code=status)
        if notices:
            response.delete_cookie(NOTICE, httponly=True, secure=is_secure())
        if request.query_params.get("lang") == language.get():
            remember_language(response, language.get())
    finally:
        language.reset(token)
    response.headers["Cache-Control"] = "no-store" if getattr(request.state, "person", None) else "no-cache"
    return response


def redirect(request: Request, to: str, *, notice: str = "", kind: str = "good") -> RedirectResponse:
    """Answer a successful act: 303 to a page of our own, with one sentence to show there."""
    if not _is_local(to):
        message = f"a redirect must stay in the house: {to!r}"
        raise ValueError(message)
    response = RedirectResponse(to, status_code=303)
    if notice:
        response.set_cookie(
            NOTICE,
            _sealed(notice, kind),
            max_age=NOTICE_SECONDS,
            httponly=True,
            samesite="lax",
            secure=is_secure() or request.url.scheme == "https",
        )
    return response


def remember_language(response: Response, chosen: str) -> None:
    """Have the browser ask for this language for a year."""
    response.set_cookie(COOKIE, chosen, max_age=365 * 86400, httponly=True, samesite="lax", secure=is_secure())


def local_path(wanted: str, otherwise: str = "/") -> str:
    """Return where to go after signing in, unless it leads out of the house."""
    return wanted if _is_local(wanted) else otherwise


def error_page(request: Request, error: Exception) -> Response:
    """Say what was refused, why, and what to do next, with the right status; or lead to what must be done first."""
    if isinstance(error, PasswordUnchanged):
        return redirect(request, CHANGE_PASSWORD)
    if isinstance(error, SecondFactorOwed):
        return redirect(request, SECOND_FACTOR)
    refused = _as_refusal(error)
    token = language.set(chosen_language(request))
    try:
        context = ErrorPage(
            status=refused.status,
            title=gettext(refused.title),
            sentence=refused.sentence(),
            advice=gettext(_advice(request, refused.status)),
            faults=getattr(refused, "faults", []),
            changed=refused.changed if isinstance(refused, Stale) else [],
            sign_in=_sign_in_address(request) if isinstance(refused, NotSignedIn) else "",
            number=request_id() if refused.status >= FIVE_HUNDRED else "",
        )
    finally:
        language.reset(token)
    response = page(request, "errors/error.html", context, status=refused.status)
    if isinstance(refused, TooManyAttempts):
        response.headers["Retry-After"] = str(refused.seconds)
    return response


def _advice(request: Request, status: int) -> str:
    sent_in_vain = status == Unavailable.status and request.method == "POST"
    return ADVICE_AGAIN if sent_in_vain else ADVICE.get(status, ADVICE_OTHERWISE)


def _as_refusal(error: Exception) -> JidiError:
    if isinstance(error, JidiError):
        return error
    if isinstance(error, DATABASE_TROUBLE):
        return Unavailable()
    status = error.status_code if isinstance(error, HTTPException) else FIVE_HUNDRED
    if status == NotFound.status:
        return NotFound()
    refused = JidiError() if status >= FIVE_HUNDRED else JidiError(marked("这个请求无法办理。"))
    refused.status = status
    return refused


def _sign_in_address(request: Request) -> str:
    came_for = request.url.path if request.method == "GET" else "/"
    query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
    return f"/sign-in?{urlencode({'next': came_for + query})}"


def _common(request: Request) -> dict[str, object]:
    person = getattr(request.state, "person", None)
    return {
        "person": person,
        "csrf": person.csrf if person else "",
        "navigation": navigation(person.roles if person else (), request.url.path, _waiting(request)),
        "language": language.get(),
        "embedded": settings().embedded,
        "path": request.url.path,
        "here": _here(request),
    }


def _waiting(request: Request) -> dict[str, int]:
    waiting: dict[str, int] = getattr(request.state, "waiting", {})
    return waiting


def _here(request: Request) -> Callable[..., str]:
    def here(**changes: object) -> str:
        """Return this page's address with some of its query changed; None takes a name away."""
        query = {name: value for name, value in request.query_params.multi_items() if name != "lang"} | changes
        kept = urlencode({name: value for name, value in query.items() if value not in (None, "")})
        return f"{request.url.path}?{kept}" if kept else request.url.path

    return here


def _spread(context: object) -> dict[str, Any]:
    if context is None:
        return {}
    if isinstance(context, Mapping):
        return dict(context)
    if is_dataclass(context):
        return {item.name: getattr(context, item.name) for item in fields(context)}
    message = f"a page's context is a dataclass or a mapping, not {type(context).__name__}"
    raise TypeError(message)


def _is_local(to: str) -> bool:
    return to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()


def _sealed(text: str, kind: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps([text, kind]).encode()).decode().rstrip("=")
    return f"{payload}.{signature(NOTICE, payload)}"


def _notice_of(request: Request) -> Notice | None:
    payload, _, signed = request.cookies.get(NOTICE, "").partition(".")
    if not payload or not is_signed(NOTICE, payload, signed):
        return None
    text, kind = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return Notice(text, kind)
