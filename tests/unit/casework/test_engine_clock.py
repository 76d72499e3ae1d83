"""A worker whose clock is wrong asks for what is due by the engine's."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import time_machine

from flows.clocks import EngineClock
from tests.conftest import environment

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
RIGHT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


class Telling(BaseHTTPRequestHandler):
    """The engine, which always says the same time."""

    asked = 0

    def do_GET(self) -> None:
        Telling.asked += 1
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def date_time_string(self, timestamp: float | None = None) -> str:
        del timestamp
        return format_datetime(RIGHT, usegmt=True)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def engine() -> Iterator[None]:
    Telling.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Telling) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        with environment(JIDI_ENGINE_API_URL=f"http://127.0.0.1:{server.server_address[1]}/api"):
            yield
        server.shutdown()


@pytest.mark.usefixtures("engine")
def test_a_clock_that_is_moved_is_noticed_at_once() -> None:
    clock = EngineClock()
    with time_machine.travel(RIGHT, tick=False) as ours:
        assert (clock.ahead(), clock.ahead()) == (0, 0)
        assert Telling.asked == 1, "the engine is not asked each time"
        for days in (1, -1):
            ours.move_to(RIGHT + timedelta(days=days))
            assert clock.ahead() == days * 86400
        ours.move_to(RIGHT + timedelta(seconds=2))
        assert clock.ahead() == 0, "next to nothing is nothing"


def test_an_engine_that_does_not_answer_is_said_to_be_so() -> None:
    with environment(JIDI_ENGINE_API_URL="http://127.0.0.1:9/api"), pytest.raises(httpx.TransportError):
        EngineClock().ahead()
