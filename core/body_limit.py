"""How large a request may be: files up to the set limit, anything else far less; told before the body is read."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import TooLarge
from core.i18n import marked
from core.settings import settings

MEGABYTE = 1024 * 1024
WITHOUT_FILES_MEGABYTES = 5
MOST_DIGITS = 15
BODY_TOO_LARGE = marked("提交的内容超过 {limit} MB 的上限，未予接收；请精简后重新提交。")


class BodyLimit:
    """ASGI middleware: a body that says it is too large is refused unread, one that turns out so is cut off."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Request, Exception], Response]) -> None:
        """Take what answers a refusal."""
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, counting what comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = megabytes_for(headers.get("content-type", ""))
        if is_more(headers.get("content-length", ""), limit):
            refusal = self.refuse(Request(scope), TooLarge(BODY_TOO_LARGE, limit=limit))
            await refusal(scope, receive, send)
            return
        await self.app(scope, counted(receive, limit), send)


def megabytes_for(content_type: str) -> int:
    """Return the limit for a kind of body."""
    most = settings().web.max_body_megabytes
    with_files = content_type.strip().lower().startswith("multipart/form-data")
    return most if with_files else min(most, WITHOUT_FILES_MEGABYTES)


def is_more(declared: str, megabytes: int) -> bool:
    """Whether the declared length exceeds the limit; a length that is no number is left to the server."""
    if not (declared.isascii() and declared.isdigit()):
        return False
    return len(declared) > MOST_DIGITS or int(declared) > megabytes * MEGABYTE


def counted(receive: Receive, megabytes: int) -> Receive:
    """Return a `receive` that raises `TooLarge` when more comes than was allowed."""
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > megabytes * MEGABYTE:
            raise TooLarge(BODY_TOO_LARGE, limit=megabytes)
        return message

    return counting
