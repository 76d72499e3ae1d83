"""What was refused, told to programs: RFC 9457 problem documents in the reader's language."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.validation import fault_members, is_malformed, is_other_media
from core.errors import Fault, Invalid, JidiError, NotFound, NotSignedIn, Stale, TooManyAttempts, Unavailable
from core.i18n import gettext, language, marked
from core.logging import request_id

MEDIA_TYPE = "application/problem+json"
DATABASE_TROUBLE = (OperationalError, InterfaceError, PoolExhausted)


class Malformed(JidiError):
    """The request cannot even be read."""

    status = 400
    title = marked("无法读取")
    message = marked("请求内容不是完整、有效的 JSON，请检查后重新发送。")


class MethodNotAllowed(JidiError):
    """The address exists, but not for this method."""

    status = 405
    title = marked("不支持该方法")
    message = marked("该地址不支持 {method} 方法。")


class UnsupportedMedia(JidiError):
    """The body is of a kind that is not read here."""

    status = 415
    title = marked("内容类型不符")
    message = marked("请以 Content-Type: application/json 发送 JSON；附件请以 multipart/form-data 发送。")


class Refused(JidiError):
    """Refused by the framework, for a reason that has no class of its own here."""

    status = 400
    title = marked("无法办理")
    message = marked("这个请求无法办理。")


class InternalError(JidiError):
    """Something went wrong on our side; nothing of it is told."""


def problem(request: Request, error: Exception, **members: object) -> Response:
    """Answer with a problem document; `members` are further members that this kind of problem has."""
    refused = refusal_of(request, error)
    body: dict[str, object] = {
        "type": f"/problems/{refused.code}",
        "title": gettext(refused.title),
        "status": refused.status,
        "detail": refused.sentence(),
        "instance": quote(request.url.path, safe="/~", errors="replace"),
        "code": refused.code,
    }
    if faults := faults_of(error, refused):
        body["errors"] = faults
    if isinstance(refused, Stale):
        body["changed"] = refused.changed
    if refused.status >= InternalError.status and request_id():
        body["request_id"] = request_id()
    headers = headers_of(request, error, refused) | {"Content-Language": language.get()}
    return JSONResponse(body | members, refused.status, headers, media_type=MEDIA_TYPE)


def refusal_of(request: Request, error: Exception) -> JidiError:
    """Return the refusal that an exception stands for."""
    found = error
    if isinstance(error, HTTPException) and isinstance(error.__cause__, JidiError):
        found = error.__cause__  # raised while the body came in, and wrapped by the framework
    if isinstance(found, JidiError):
        return found if type(found) is not JidiError else InternalError(found.message, **found.values)
    if isinstance(found, RequestValidationError):
        return validation_refusal(request, found)
    if isinstance(found, HTTPException):
        return http_refusal(request, found)
    return Unavailable() if isinstance(found, DATABASE_TROUBLE) else InternalError()


def validation_refusal(request: Request, error: RequestValidationError) -> JidiError:
    """Tell apart what could not be read, what is of the wrong kind, and what is filled in wrongly."""
    if is_malformed(error):
        return Malformed()
    if is_other_media(error, request.headers.get("content-type", "")):
        return UnsupportedMedia()
    return Invalid()


def http_refusal(request: Request, error: HTTPException) -> JidiError:
    """Return our own words for what the framework refuses."""
    match error.status_code:
        case 400:
            return Malformed()
        case 404:
            return NotFound()
        case 405:
            return MethodNotAllowed(method=request.method)
    refused = Refused() if error.status_code < InternalError.status else InternalError()
    refused.status = error.status_code
    return refused


def faults_of(error: Exception, refused: JidiError) -> list[dict[str, str]]:
    """Return what is wrong field by field, each with a pointer into the request's body."""
    if not isinstance(refused, Invalid):
        return []
    if isinstance(error, RequestValidationError):
        return fault_members(error)
    return [{"pointer": pointer_of(fault), "detail": gettext(fault.message)} for fault in refused.faults]


def pointer_of(fault: Fault) -> str:
    """Return a dotted path as the JSON pointer of RFC 9457: `#/training_years/0/classes`."""
    return "#" + "".join(f"/{quote(part, safe='~', errors='replace')}" for part in fault.field.split("."))


def headers_of(request: Request, error: Exception, refused: JidiError) -> dict[str, str]:
    """Return the headers that belong to a refusal."""
    headers: Mapping[str, str] = getattr(error, "headers", None) or {}
    added: dict[str, str] = {}
    if isinstance(refused, MethodNotAllowed):
        added["Allow"] = ", ".join(allowed(request)) or headers.get("Allow", "")
    if isinstance(refused, NotSignedIn):
        added["WWW-Authenticate"] = 'Bearer realm="jidi"'
    if isinstance(refused, TooManyAttempts):
        added["Retry-After"] = str(refused.seconds)
    return {**headers, **added}


def allowed(request: Request) -> list[str]:
    """Return every method that the address has; the framework would name those of one operation only."""
    pieces = request.url.path.split("/")
    methods: set[str] = set()
    for path, operations in request.app.openapi()["paths"].items():
        template = path.split("/")
        if len(template) == len(pieces) and all(map(fits, template, pieces)):
            methods |= {method.upper() for method in operations}
    return sorted(methods)


def fits(template: str, piece: str) -> bool:
    """Whether a piece of a path is what its template says; `{…}` takes anything."""
    return template == piece or template.startswith("{")
