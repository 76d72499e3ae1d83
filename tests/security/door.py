"""The whole application at one door: requests exactly as they are given, no cookie kept, no redirect followed."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from app import create_app

HERE = "http://jidi.test"


@cache
def house() -> FastAPI:
    """Return the whole application; it keeps nothing between requests."""
    return create_app()


def addresses(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield method and path of every route there is, pages and API and what lies beside them."""
    for route in app.routes:
        for known in _flat(route):
            for method in sorted(known.methods or ()):
                if method != "HEAD":
                    yield method, known.path


def _flat(route: BaseRoute) -> Iterator[Any]:
    """Take included routers apart; whatever is no route we know stops the test rather than going unseen."""
    if isinstance(route, Route | APIRoute):
        yield route
    elif isinstance(route, Mount):
        yield Route(route.path + "/{file}", lambda: None)
    else:
        for context in route.effective_route_contexts():  # type: ignore[attr-defined]  # or it stops here
            assert isinstance(context.original_route, APIRoute), context
            yield context


@dataclass
class Door:
    """One event loop for many requests."""

    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def send(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Send one request."""
        request = httpx.Request(method, HERE + path, headers=dict(headers or {}), **more)
        return self.runner.run(_sent(request))


async def _sent(request: httpx.Request) -> httpx.Response:
    await request.aread()
    transport = httpx.ASGITransport(house(), raise_app_exceptions=False)
    answer = await transport.handle_async_request(request)
    answer.request = request
    await answer.aread()
    return answer
