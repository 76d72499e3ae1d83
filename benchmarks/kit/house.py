"""The whole house in a temporary folder on free ports, and the engine as a benchmark asks it."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, LiteralString
from uuid import UUID

import httpx
import psutil
import psycopg
from sqlalchemy import make_url

from core.embedded.children import Service
from core.embedded.engine import live_workers
from core.embedded.ports import free_port
from core.embedded.supervision import Supervisor
from core.settings import settings
from terminal import machine

LOOK_SECONDS = 0.003
PATIENCE_SECONDS = 120
WORDS = {"postgres": "postgres", "server": "prefect server", "worker": "-m flows", "web": "cli web"}


@dataclass
class Watch:
    """A database session that looks until something is there."""

    url: str
    connection: psycopg.Connection = field(init=False)

    def __post_init__(self) -> None:
        """Connect."""
        self.connection = psycopg.connect(self.url, autocommit=True)

    @property
    def pid(self) -> int:
        """The process of the session at the server."""
        return self.connection.info.backend_pid

    def until(self, question: LiteralString, *values: object) -> Any:  # noqa: ANN401 - whatever is asked for
        """Look until the question has an answer; return its first column."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not (row := self.connection.execute(question, values).fetchone()):
            if time.monotonic() > give_up:
                message = f"not within {PATIENCE_SECONDS} seconds: {question} {values}"
                raise TimeoutError(message)
            time.sleep(LOOK_SECONDS)
        return row[0]


@dataclass
class House:
    """What runs: the supervisor of its processes, and a session in each of the two databases."""

    supervisor: Supervisor

    @cached_property
    def facts(self) -> Watch:
        """A session in Jidi's database."""
        return Watch(settings().database.url)

    @cached_property
    def engine(self) -> Watch:
        """A session in Prefect's database."""
        beside = make_url(settings().database.url).set(database=settings().engine.database)
        return Watch(beside.render_as_string(hide_password=False))

    @cached_property
    def prefect(self) -> httpx.Client:
        """A connection to Prefect's API."""
        return httpx.Client(base_url=settings().engine.api_url, timeout=30)

    @property
    def sessions(self) -> set[int]:
        """The processes of the sessions that watch, which are not part of what is measured."""
        return {self.facts.pid, self.engine.pid}

    def trees(self, *names: str) -> dict[str, psutil.Process]:
        """Return the roots of the process trees."""
        commands = {child: " ".join(child.cmdline()) for child in psutil.Process().children()}
        return {name: next(p for p, command in commands.items() if WORDS[name] in command) for name in names}

    def ask(self, path: str, body: object = None) -> dict[str, str]:
        """Post something to the engine and return its answer."""
        answer = self.prefect.post(path, json=body).raise_for_status()
        return answer.json() if answer.content else {}

    def deploy(self, flow: str, entrypoint: str, pool: str) -> str:
        """Make a deployment; return its id."""
        flow_id = self.ask("/flows/", {"name": flow})["id"]
        deployment = {"name": "bench", "flow_id": flow_id, "entrypoint": entrypoint, "work_pool_name": pool}
        return self.ask("/deployments/", deployment)["id"]

    def run(self, deployment: str, **parameters: str) -> UUID:
        """Start a run; return its id."""
        return UUID(self.ask(f"/deployments/{deployment}/create_flow_run", {"parameters": parameters})["id"])

    def until(self, run: UUID, state: str) -> None:
        """Wait until a run is in a state of that type."""
        self.engine.until("SELECT id FROM flow_run WHERE id = %s AND state_type = %s", run, state)

    @contextmanager
    def stock_worker(self, pool: str, **environment: str) -> Iterator[psutil.Process]:
        """Have Prefect's own process worker for the length of a block."""
        child = self.supervisor.launch(stock_worker(pool, environment))
        self.supervisor.wait(child)
        yield psutil.Process(child.process.pid)
        child.end()

    def pause_schedules(self) -> None:
        """Let no tick of the clock start a run: what housekeeping costs is not what is measured."""
        for deployment in ("deadlines/deadlines", "housekeeping/housekeeping"):
            found = self.prefect.get(f"/deployments/name/{deployment}").raise_for_status().json()
            self.ask(f"/deployments/{found['id']}/pause_deployment")


def stock_worker(pool: str, environment: dict[str, str]) -> Service:
    """Describe Prefect's own process worker."""
    chosen, name = settings().engine, f"stock-{time.monotonic_ns()}"
    return Service(
        name=f"Prefect's process worker {environment or '(default settings)'}",
        log=name,
        command=[sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--type", "process", "-n", name],
        ready=lambda: name in live_workers(chosen.api_url, pool),
        env={**machine.client_environment(), **environment},
    )


@contextmanager
def running(say: Callable[[str], None], *, ticking: bool = False, **chosen: str) -> Iterator[House]:
    """Have the whole house for the length of a block, with its usual settings but those that were chosen.

    `ticking`: with its schedules too.
    """
    with TemporaryDirectory(prefix="jidi-bench-") as folder:
        os.environ |= {
            "JIDI_HOME": folder,
            "JIDI_DATABASE_URL": "",
            "JIDI_EMBEDDED": "true",
            "JIDI_WEB_PORT": str(free_port()),
            "JIDI_MAIL_PORT": str(free_port()),
            "JIDI_ENGINE_API_URL": f"http://127.0.0.1:{free_port()}/api",
            "PREFECT_HOME": str(Path(folder) / "prefect"),
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"),
        } | chosen
        # The stock worker starts a process for every step: where bytecode may not be kept it would compile Prefect anew
        # each time, and what is compared would be the compiler.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        settings.cache_clear()
        with machine.running(say) as supervisor:
            house = House(supervisor)
            if not ticking:
                house.pause_schedules()
            yield house
            for watch in (house.facts, house.engine):
                watch.connection.close()
