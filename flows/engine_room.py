"""A look into the engine room that never waits: does the engine answer, do workers live, when did each flow last run.

Seen from outside like `flows.gateway`, with less patience; whatever does not answer in time is told as silent.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any

import httpx

from core.clock import now
from core.embedded.engine import is_online, workers_in
from core.settings import settings

PATIENCE_SECONDS = 1.5
TICKING = ("housekeeping", "deadlines")
"""The flows that run by the clock; when they do not, nothing is rung again and nobody is reminded."""


@dataclass(frozen=True)
class Heartbeat:
    """A worker and its last sign of life."""

    name: str
    at: datetime | None
    online: bool


@dataclass(frozen=True)
class EngineRoom:
    """What the engine tells; `silent_since`: when this process first got no answer, if it gets none now.

    `awaited_since`: when the flows were deployed that have never run well, None for those that are not deployed.
    """

    silent_since: datetime | None = None
    workers: list[Heartbeat] = field(default_factory=list)
    last_runs: dict[str, datetime | None] = field(default_factory=dict)
    awaited_since: dict[str, datetime | None] = field(default_factory=dict)

    @property
    def answers(self) -> bool:
        """Whether the engine answers."""
        return self.silent_since is None

    @property
    def online(self) -> int:
        """How many workers live."""
        return sum(worker.online for worker in self.workers)

    @property
    def last_heartbeat(self) -> datetime | None:
        """The newest sign of life of any worker."""
        return max((worker.at for worker in self.workers if worker.at), default=None)


class Silence:
    """Since when the engine has not answered this process."""

    def __init__(self) -> None:
        """Begin without a silence."""
        self._since: datetime | None = None
        self._lock = Lock()

    def begins(self) -> datetime:
        """Note that there was no answer; return when that was first so."""
        with self._lock:
            self._since = self._since or now()
            return self._since

    def ends(self) -> None:
        """Note an answer."""
        with self._lock:
            self._since = None


SILENCE = Silence()


def look() -> EngineRoom:
    """Look once; takes no longer than one question takes to fail, since after a silence nothing more is asked."""
    try:
        with asking() as client:
            workers = [_heartbeat(one) for one in workers_in(client, settings().engine.work_pool)]
            last = {flow: _last_run(client, flow) for flow in TICKING}
            awaited = {flow: _deployed(client, flow) for flow, at in last.items() if not at}
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return EngineRoom(silent_since=SILENCE.begins())
    SILENCE.ends()
    return EngineRoom(None, sorted(workers, key=lambda one: (not one.online, one.name)), last, awaited)


@contextmanager
def asking() -> Iterator[httpx.Client]:
    """Open connections to the engine that do not wait for long."""
    with httpx.Client(base_url=settings().engine.api_url, timeout=PATIENCE_SECONDS, verify=_certificates()) as client:
        yield client


@cache
def _certificates() -> Any:  # noqa: ANN401 - ssl.SSLContext; reading all certificates of the machine takes longer than asking
    return httpx.create_ssl_context()


def _heartbeat(told: dict[str, Any]) -> Heartbeat:
    return Heartbeat(str(told["name"]), _instant(told["last_heartbeat_time"]), is_online(told))


def _last_run(client: httpx.Client, flow: str) -> datetime | None:
    """Return when the newest run of a flow that went well had ended."""
    wanted = {
        "flows": {"name": {"any_": [flow]}},
        "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
        "sort": "END_TIME_DESC",
        "limit": 1,
    }
    found = client.post("/flow_runs/filter", json=wanted).raise_for_status().json()
    return _instant(found[0]["end_time"]) if found else None


def _deployed(client: httpx.Client, flow: str) -> datetime | None:
    """Return since when a flow should run, None when the engine does not know it."""
    answer = client.get(f"/deployments/name/{flow}/{flow}")
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    return _instant(answer.raise_for_status().json()["created"])


def _instant(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
