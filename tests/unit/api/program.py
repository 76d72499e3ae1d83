"""A program at the API: sends requests with a token, and a small engine that hears the bells."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from sqlmodel import select

from app import create_app
from casework.api_tokens import new_api_token
from casework.demonstration import PASSWORD
from core.db import reading, transaction
from flows.accreditation import accreditation
from models.case import Case
from tests import cast

HERE = "http://jidi.test"
API = "/api/v1"


@cache
def house() -> FastAPI:
    """Return the whole application; it keeps nothing between requests."""
    return create_app()


class Program:
    """One client of the API."""

    def __init__(self, token: str = "", **headers: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.headers |= {name.replace("_", "-"): value for name, value in headers.items()}

    def send(self, method: str, path: str, *, status: int | None = None, **more: Any) -> httpx.Response:
        """Send one request; `status` is what must come of it."""

        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(house(), raise_app_exceptions=False)
            headers = self.headers | more.pop("headers", {})
            address = path if path.startswith("/") else f"{API}/{path}"
            async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
                return await client.request(method, address, headers=headers, **more)

        answer = asyncio.run(sent())
        assert status is None or answer.status_code == status, f"{answer.status_code}: {answer.text[:2000]}"
        return answer

    def get(self, path: str, **params: Any) -> Any:
        """Read something that is there."""
        return self.send("GET", path, params=params or None, status=200).json()

    def post(self, path: str, body: object = None, *, status: int = 201, **headers: str) -> Any:
        """Post something that is taken."""
        return self.send("POST", path, json=body, headers=_named(headers), status=status).json()

    def refused(self, method: str, path: str, status: int, **more: Any) -> Any:
        """Send what must be refused; return the problem document."""
        answer = self.send(method, path, status=status, **more)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["type"] == f"/problems/{problem['code']}"
        assert problem["title"]
        assert problem["detail"]
        return problem


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def signed_in(email: str, **headers: str) -> Program:
    """Sign in through the API."""
    given = {"email": email, "password": PASSWORD, "name": "test"}
    return Program(Program().post("sign-in", given)["token"], **headers)


def as_person(email: str, **headers: str) -> Program:
    """Return a program with a token, without the pains of a password."""
    with transaction() as session:
        _, text = new_api_token(session, "test", by=cast.person(email, session))
    return Program(text, **headers)


def turn(reference: str) -> str:
    """Let the flow take its run over a case; return the state it ended in."""
    with reading() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
    return str(accreditation.fn(str(case.id), reference).name)


class Engine:
    """Prefect as far as a bell needs it; `heard` are the runs that were asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.heard: list[dict[str, Any]] = []


@contextmanager
def listening() -> Iterator[Engine]:
    """Run a server that takes bells."""
    engine = Engine("")

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(200, {"id": str(uuid4())})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            engine.heard.append(json.loads(body))
            self.answer(201, {"id": str(uuid4())})

        def answer(self, status: int, body: dict[str, str]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        engine.url = f"http://127.0.0.1:{server.server_address[1]}/api"
        yield engine
        server.shutdown()


def reference_of(case_id: object) -> str:
    """Return the reference of a case."""
    with reading() as session:
        return session.get_one(Case, case_id).reference
