"""What every answer carries so that a browser cannot be misused: what may run, who may frame it, who may keep it."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import logging
from core.numbered_requests import HEADER
from core.settings import settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
OF_A_FILE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""A stored file brings nothing along and runs nothing, however it is opened."""
A_YEAR = 31_536_000
KEPT = "/static/"
"""Addresses whose answers a browser may keep; any other answer is for this once, unless it says otherwise itself."""


def headers_for(path: str) -> Mapping[str, str]:
    """Return what an answer from this address carries, unless it brings its own."""
    https = settings().public_url.startswith("https://")
    transport = {"Strict-Transport-Security": f"max-age={A_YEAR}; includeSubDomains"} if https else {}
    keeping = {} if path.startswith(KEPT) else {"Cache-Control": "no-store"}
    number = {HEADER: logging.request_id()} if logging.request_id() else {}
    return HEADERS | transport | keeping | number


def guard(answer: Response, path: str) -> Response:
    """Give the headers to an answer that does not pass the middleware: the server's own, to an error of ours."""
    for name, value in headers_for(path).items():
        answer.headers.setdefault(name, value)
    return answer


class GuardedHeaders:
    """ASGI middleware: every answer carries the headers."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the start of the answer."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                added = [(n.lower().encode(), v.encode()) for n, v in headers_for(scope["path"]).items()]
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in given)]
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)
