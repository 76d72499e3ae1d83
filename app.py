"""The web application, put together: pages, API, static files, and what happens around every request."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

import api.errors
import api.router
import pages.rendering
import pages.router
from api.openapi import Documented
from core.body_limit import BodyLimit
from core.errors import JidiError
from core.guarded_headers import GuardedHeaders, guard
from core.i18n import language
from core.numbered_requests import NumberedRequests
from pages.language import SpeakTheirLanguage, chosen_language

log = structlog.get_logger()

PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")
"""Addresses that programs ask."""


def create_app() -> FastAPI:
    """Put the application together; uvicorn calls this (`app:create_app`)."""
    app = Documented(
        title="Jidi",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=settled,
        redirect_slashes=False,  # it would lead to whatever host the request names
        middleware=[
            Middleware(NumberedRequests),
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


@asynccontextmanager
async def settled(_: FastAPI) -> AsyncIterator[None]:
    """Keep what was made at the start out of the garbage collector's rounds: nothing of it ever becomes garbage.

    Going through it all again and again would now and then hold every request up for a quarter of a second.
    """
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def answer(request: Request, error: Exception) -> Response:
    """Answer what was refused or went wrong, in the reader's language: a problem to programs, a page to people."""
    token = language.set(chosen_language(request))
    if isinstance(error, JidiError) and error.status >= JidiError.status:
        log.warning("not answered", code=error.code, reason=str(error))  # what is no JidiError, the server writes down
    try:
        if request.url.path.startswith(PROGRAMS):
            return guard(api.errors.problem(request, error), request.url.path)
        return guard(pages.rendering.error_page(request, error), request.url.path)
    finally:
        language.reset(token)
