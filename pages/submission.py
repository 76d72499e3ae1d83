"""How a form arrives: read within limits, and only from a page of our own (CSRF)."""

import hmac
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from core.body_limit import is_more
from core.errors import Invalid, NotPermitted, TooLarge
from core.i18n import marked
from core.settings import settings
from pages.forms import MEGABYTE, Attached, Form

MOST_FIELDS = 8000  # the longest table of the form has 500 rows of 13 columns
MOST_FILES = 20
LONGEST_FIELD = 256 * 1024
UNREADABLE = marked("表单未能完整送达，请返回上一页重新提交。")
FOREIGN = marked("为保护您的账户，来自其他网站的提交已被拒绝，请在本系统页面内办理。")
EXPIRED = marked("页面已过期，请返回上一页刷新后重新提交。")


async def submitted(request: Request) -> Form:
    """Read the form of a POST; refuse it when it does not come from a page of ours or is too large."""
    _check_origin(request)
    data = await _read(request)
    form = Form(*await _taken_apart(data))
    _check_token(request, form)
    return form


Submitted = Annotated[Form, Depends(submitted)]


async def _read(request: Request) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    stream = _counted(request)
    try:
        if kind == "multipart/form-data":
            return await MultiPartParser(
                request.headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
            ).parse()
        if kind == "application/x-www-form-urlencoded":
            return await FormParser(
                request.headers, stream, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
            ).parse()
    except MultiPartException as broken:
        raise Invalid(UNREADABLE) from broken
    return FormData()


async def _counted(request: Request) -> AsyncGenerator[bytes, None]:
    """Pass the body on and stop as soon as it is too long, whatever its Content-Length claims."""
    limit = settings().web.max_body_megabytes
    taken = 0
    if is_more(request.headers.get("content-length", ""), limit):
        raise TooLarge(limit=limit)
    stream: AsyncIterator[bytes] = request.stream()
    async for chunk in stream:
        taken += len(chunk)
        if taken > limit * MEGABYTE:
            raise TooLarge(limit=limit)
        yield chunk


async def _taken_apart(data: FormData) -> tuple[dict[str, list[str]], dict[str, Attached]]:
    values: dict[str, list[str]] = {}
    files: dict[str, Attached] = {}
    for name, given in data.multi_items():
        if isinstance(given, UploadFile):
            if given.filename:
                files[name] = Attached(given.filename.replace("\\", "/").rpartition("/")[2], await given.read())
        else:
            values.setdefault(name, []).append(given)
    await data.close()
    return values, files


def _check_origin(request: Request) -> None:
    """Believe the browser about where a request comes from; programs without a browser cannot be tricked."""
    site = request.headers.get("sec-fetch-site")
    if site in {"same-origin", "none"}:
        return
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return
    ours = {request.headers.get("host", ""), urlsplit(settings().public_url).netloc}
    if site is not None or urlsplit(origin or "").netloc not in ours:
        raise NotPermitted(FOREIGN)


def _check_token(request: Request, form: Form) -> None:
    """Compare the session's token; `request.state.person` must have been set (None: nobody is signed in)."""
    person = request.state.person
    if person is None:
        return
    given = request.headers.get("x-csrf-token") or form.value("csrf")
    if not hmac.compare_digest(given.encode(), person.csrf.encode()):
        raise NotPermitted(EXPIRED)
