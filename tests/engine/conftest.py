"""The engine as it is used: Prefect's own server, our worker as a process, letters caught by a real SMTP server."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlmodel import col, select

from core.db import reading, transaction
from core.embedded.children import Child
from core.embedded.ports import free_port
from core.embedded.supervision import Supervisor
from flows import gateway
from models.engine import Bell, Run
from models.message import Message, MessageState
from terminal import machine
from tests.conftest import environment, execute
from tests.factories import another_institution
from tests.stories.telling import Story, an_application

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests talk to servers on this machine."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engine)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))
            item.add_marker(pytest.mark.timeout(240))


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
        "JIDI_ENGINE_API_URL": f"http://127.0.0.1:{free_port()}/api",
        "JIDI_ENGINE_RETRY_SECONDS": "[0.2, 0.2]",
        "JIDI_ENGINE_POLL_SECONDS": "0.3",
    }
    with environment(**variables), Supervisor(home / "logs", say=print) as supervisor:
        beside = postgres_url.format(database="prefect").replace("postgresql://", "postgresql+asyncpg://")
        supervisor.start(machine.prefect(beside))
        machine.deploy(print)
        supervisor.start(machine.catcher())
        started = Engine(supervisor, supervisor.launch(machine.worker()), variables["JIDI_DATABASE_URL"])
        supervisor.wait(started.worker)
        yield started


class RealStory(Story):
    """A story whose runs are Prefect's."""

    attended = True

    @contextmanager
    def without_a_turn(self) -> Iterator[None]:
        """Let people act without the flow being told; their bells hang."""
        self.attended = False
        yield
        self.attended = True

    def turn(self) -> str:
        """Ring, wait until the bells are answered, and return the state the last run ended in."""
        assert self.case_id
        if not self.attended:
            return ""
        gateway.ring(self.case_id)
        until(lambda: not self.unanswered())
        self.state = self.runs()[-1].ended_in
        return self.state

    def unanswered(self) -> list[Bell]:
        with reading() as session:
            bells = select(Bell).where(Bell.case_id == self.case_id, col(Bell.answered_at).is_(None))
            return list(session.exec(bells))

    def runs(self) -> list[Run]:
        with reading() as session:
            runs = select(Run).where(Run.case_id == self.case_id).order_by(col(Run.started_at))
            return list(session.exec(runs))

    def letters(self) -> list[tuple[str, str]]:
        """Return what the case's letters are and to whom, once all have left."""
        until(lambda: all(m.state is MessageState.SENT for m in self._messages()))
        return sorted((m.letter, m.address) for m in self._messages())

    def _messages(self) -> list[Message]:
        with reading() as session:
            return list(session.exec(select(Message).where(Message.case_id == self.case_id)))


@pytest.fixture
def story(engine: Engine) -> RealStory:
    """Begin a story with an application of an institution of its own."""
    del engine
    with transaction() as session:
        applicant = another_institution(session)
        return RealStory(an_application(session, applicant), applicant=applicant)


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


def waits_for_a_lock(database: str) -> bool:
    """Whether somebody's statement waits for a row that another transaction holds."""
    with psycopg.connect(database) as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        row = connection.execute(waiting).fetchone()
        return bool(row and row[0])


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that other processes bring about."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, f"not within {seconds} seconds"
        time.sleep(0.05)
