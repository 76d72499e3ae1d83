"""The whole house as it is used: Prefect's own server, our worker and web as processes, a real SMTP server."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest

from core.embedded.children import Child
from core.embedded.ports import free_port
from core.embedded.supervision import Supervisor
from core.settings import settings
from terminal import machine
from tests.conftest import environment, execute

HOST = "127.0.0.1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the engine talks to servers on this machine, and may take its time."""
    for item in items:
        if "engine" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.allow_hosts([HOST]))
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(300))


@dataclass
class Engine:
    """What was started: the supervisor, and the worker that tests may kill."""

    supervisor: Supervisor
    worker: Child
    database: str

    def kill_worker(self) -> None:
        """End the worker as a power cut would."""
        os.kill(self.worker.process.pid, signal.SIGKILL)
        self.worker.process.wait()

    def start_worker(self) -> None:
        """Start another worker and wait until the engine has heard of it."""
        self.worker = self.supervisor.launch(machine.worker())
        self.supervisor.wait(self.worker)


@pytest.fixture(scope="session")
def engine(postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Start the engine once; every test brings a case of its own."""
    home = tmp_path_factory.mktemp("engine")
    (home / "logs").mkdir()
    for name, of in (("engine", f" TEMPLATE {template}"), ("prefect", "")):
        execute(postgres_url, f"CREATE DATABASE {name}{of}")
    variables = {
        "JIDI_DATABASE_URL": postgres_url.format(database="engine"),
        "JIDI_HOME": str(home),
        "JIDI_MAIL_PORT": str(free_port()),
        "JIDI_WEB_PORT": str(free_port()),
        "JIDI_ENGINE_API_URL": f"http://127.0.0.1:{free_port()}/api",
        "JIDI_ENGINE_RETRY_SECONDS": "[0.2, 0.2]",
        "JIDI_ENGINE_POLL_SECONDS": "0.3",
    }
    with environment(**variables), Supervisor(home / "logs", say=print) as supervisor:
        beside = postgres_url.format(database="prefect").replace("postgresql:", "postgresql+asyncpg:")
        supervisor.start(machine.prefect(beside))
        machine.deploy(print)
        supervisor.start(machine.catcher())
        started = Engine(supervisor, supervisor.launch(machine.worker()), variables["JIDI_DATABASE_URL"])
        supervisor.wait(started.worker)
        yield started


@pytest.fixture(scope="session")
def website(engine: Engine) -> str:
    """Start the web application beside the engine; return its address."""
    engine.supervisor.start(machine.web())
    return settings().public_url


@pytest.fixture
def broken(engine: Engine) -> Iterator[Callable[[str, int], None]]:
    """Give a way to make the next inserts into a table fail, as a database in trouble would; mended at the end."""
    with psycopg.connect(engine.database, autocommit=True) as connection:

        def break_inserts(table: str, times: int) -> None:
            connection.execute("CREATE SEQUENCE failures")
            connection.execute(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF nextval('failures') <= {times} THEN RAISE EXCEPTION 'the disk is on fire'; END IF; "
                "RETURN NEW; END $$"
            )
            connection.execute(f"CREATE TRIGGER fails BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fail()")

        yield break_inserts
        connection.execute("DROP FUNCTION IF EXISTS fail CASCADE; DROP SEQUENCE IF EXISTS failures")


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that other processes bring about."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, f"not within {seconds} seconds"
        time.sleep(0.05)
