"""The web application, put together: pages, API, static files, and what happens around every request."""

from pathlib import Path

import api.errors
import api.router
import pages.router
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import pages.rendering
from core.settings import settings
from pages.language import SpeakTheirLanguage

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MEGABYTE = 1024 * 1024


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
    app = FastAPI(
        title="Jidi",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        middleware=[
            Middleware(GuardedHeaders),
            Middleware(SpeakTheirLanguage),
            Middleware(RequestBodyLimitMiddleware, max_body_size=settings().web.max_body_megabytes * MEGABYTE),
        ],
    )
    app.mount("/static", StaticFiles(directory=Path(pages.rendering.HERE) / "static"), name="static")
    app.include_router(api.router.router)
    app.include_router(pages.router.router)
    for kind in (Exception, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer)
    return app


def answer(request: Request, error: Exception) -> Response:
    """Answer what was refused or went wrong: a problem document to programs, a page to people."""
    if request.url.path.startswith("/api/"):
        return api.errors.problem(request, error)
    return pages.rendering.error_page(request, error)
