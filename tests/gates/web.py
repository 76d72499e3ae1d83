"""The application as people reach it: a real server on a real port, and many clients at the very same moment."""

import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

from tests.unit.api.program import API, house

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Delivery:
    """One request as it reaches the server; the same `key` means that it is the same request once more.

    `version`: of the application that the sender was looking at.
    """

    address: str
    body: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    token: str = ""
    version: int = 0

    def headers(self) -> dict[str, str]:
        """Return the headers it is sent with."""
        sent = {"Authorization": f"Bearer {self.token}"}
        seen = {"If-Match": f'"{self.version}"'} if self.version else {}
        return sent | seen | ({"Idempotency-Key": self.key} if self.key else {})


@contextmanager
def serving() -> Iterator[httpx.Client]:
    """Serve the application on a free port; yield a client of it that as many threads as wanted may share."""
    with socket.create_server((HERE, 0), backlog=200) as listening:
        config = uvicorn.Config(house(), log_level="warning", lifespan="off", ws="none", timeout_keep_alive=120)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        address = f"http://{HERE}:{listening.getsockname()[1]}"
        try:
            limits = httpx.Limits(max_connections=60)
            with httpx.Client(base_url=address, limits=limits, timeout=60, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


def deliver(client: httpx.Client, deliveries: Sequence[Delivery]) -> list[httpx.Response]:
    """Send everything at the same moment; return the answers in the order of the deliveries."""
    start = threading.Barrier(len(deliveries))

    def one(delivery: Delivery) -> httpx.Response:
        start.wait(timeout=30)
        return client.post(f"{API}/{delivery.address}", json=delivery.body, headers=delivery.headers())

    with ThreadPoolExecutor(len(deliveries)) as people:
        return list(people.map(one, deliveries))
