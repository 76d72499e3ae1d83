"""The engine as seen from outside: a server that answers the gateway's questions and notes what it is asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from flows import gateway
from tests.conftest import environment


@dataclass
class Engine:
    """What was asked for."""

    runs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def references(self) -> list[str]:
        """The cases that runs were started for."""
        return [run["tags"][0] for run in self.runs]


@contextmanager
def answering() -> Iterator[Engine]:
    """Run an engine that knows our deployment, for the length of a block."""
    engine = Engine()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer({"id": str(uuid4()), "name": "accreditation"})

        def do_POST(self) -> None:
            engine.runs.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.answer({"id": str(uuid4())})

        def answer(self, body: dict[str, str]) -> None:
            content = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with at(server.server_port):
            yield engine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def gone() -> Iterator[None]:
    """Let nobody answer where the engine should be."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        port = server.server_port
    with at(port):
        yield


@contextmanager
def at(port: int) -> Iterator[None]:
    """Say where the engine is."""
    forget()
    with environment(JIDI_ENGINE_API_URL=f"http://127.0.0.1:{port}/api"):
        yield
    forget()


def forget() -> None:
    gateway.deployment_id.cache_clear()
    if gateway.client.cache_info().currsize:
        gateway.client().close()
    gateway.client.cache_clear()
