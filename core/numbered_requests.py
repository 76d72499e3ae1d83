"""Every request has a number: in each line of the log about it, in its answer, and on the page of an error of ours."""

import re
import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import logging
from core.clients import is_proxy
from core.security import legible

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
CASE = re.compile(r"/cases/(JD-\d{4}-\d{4,9})(?:/|$)")
UNREMARKABLE = ("/static/", "/healthz")
GROUPS = 3
"""Of four letters and digits: short enough to be told on the phone."""

log = structlog.get_logger()


class NumberedRequests:
    """ASGI middleware: numbers a request, and writes one line about it when it is over.

    The line names the route, not the address, which may hold the token of a letter or of an objection.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; the sheet of the log stays until the next one, for errors are answered further out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        logging.begin(request_id=number_of(Request(scope)))
        if found := CASE.search(scope["path"]):
            logging.note(case=found[1])
        begun, status = time.perf_counter(), 500

        async def noticed(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        finally:
            if not scope["path"].startswith(UNREMARKABLE):
                milliseconds = round((time.perf_counter() - begun) * 1000)
                log.info("request", method=scope["method"], route=route_of(scope), status=status, ms=milliseconds)


def number_of(request: Request) -> str:
    """Return the number that a proxy of ours has given, if it looks like one; otherwise a new one."""
    told = request.headers.get(HEADER, "")
    given = bool(SANE.fullmatch(told)) and request.client is not None and is_proxy(request.client.host)
    return told if given else legible(GROUPS)


def route_of(scope: Scope) -> str:
    """Return the template of the address (`/api/v1/cases/{reference}`); empty where there is no such route.

    The framework names it without the prefix that its routers share.
    """
    template = getattr(scope.get("route"), "path", "")
    pieces = scope["path"].split("/")
    before = pieces[: max(0, len(pieces) - len(template.split("/")) + 1)]
    given = set(map(str, scope.get("path_params", {}).values()))
    return "/".join("{}" if piece in given else piece for piece in before) + template if template else ""
