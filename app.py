"""The web application, put together: pages, API, static files, and what happens around every request."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import api.errors
import api.router
import pages.rendering
import pages.router
from api.openapi import Documented
from core.body_limit import BodyLimit
from core.errors import JidiError
from core.i18n import language
from pages.language import SpeakTheirLanguage, chosen_language

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PROGRAMS = ("/api/", "/healthz", "/readyz")
"""Addresses that programs ask."""


class GuardedHeaders:
    """ASGI middleware: every answer carries the headers that keep a browser from being misused."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the start of the answer."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                added = [(n.lower().encode(), v.encode()) for n, v in HEADERS.items()]
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in given)]
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def create_app() -> FastAPI:
    """Put the application together; uvicorn calls this (`app:create_app`)."""
    app = Documented(
        title="Jidi",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        middleware=[
            Middleware(GuardedHeaders),
            Middleware(SpeakTheirLanguage),
            Middleware(BodyLimit, refuse=answer),
        ],
    )
    app.mount("/static", StaticFiles(directory=Path(pages.rendering.HERE) / "static"), name="static")
    app.include_router(api.router.router)
    app.include_router(pages.router.router, include_in_schema=False)
    for kind in (Exception, JidiError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer)
    return app


def answer(request: Request, error: Exception) -> Response:
    """Answer what was refused or went wrong, in the reader's language: a problem to programs, a page to people."""
    token = language.set(chosen_language(request))
    try:
        if request.url.path.startswith(PROGRAMS):
            return api.errors.problem(request, error)
        return pages.rendering.error_page(request, error)
    finally:
        language.reset(token)
