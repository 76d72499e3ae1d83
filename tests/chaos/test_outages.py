"""What the house stands on fails for a time, while people work: afterwards all is as if nothing was.

One house of its own for all of them, as `jidi up` runs it, with a PostgreSQL that may be killed.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from tempfile import TemporaryDirectory
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url
from sqlmodel import col, func, select

from benchmarks.chaos.outcome import cases
from benchmarks.chaos.people import Office, gather
from core.clock import now
from core.db import reading
from core.embedded.children import Child, Service
from core.embedded.engine import live_workers
from core.embedded.ports import free_port
from core.embedded.supervision import Supervisor
from core.settings import settings
from flows.engine_room import look
from flows.housekeeping import housekeeping
from models.case import Case
from models.engine import Bell, Run
from models.judgement import Decision
from notifications.delivery import settle_abandoned
from terminal import machine
from tests.chaos import checking
from tests.chaos.sink import Sink, sinking
from tests.conftest import environment
from tests.machinery import HOST, until

pytestmark = [pytest.mark.engine, pytest.mark.chaos, pytest.mark.allow_hosts([HOST]), pytest.mark.timeout(1200)]

OUTAGE_SECONDS = float(os.environ.get("JIDI_CHAOS_OUTAGE_SECONDS", "120"))
PATIENCE_SECONDS = 600


@dataclass
class House:
    """The whole house, and where its letters go."""

    supervisor: Supervisor
    sink: Sink

    def kill(self, name: str, how: int = signal.SIGKILL) -> Child:
        """End a process and all that it has started."""
        child = self.living(name)
        os.killpg(child.process.pid, how)
        child.process.wait()
        return child

    def living(self, name: str) -> Child:
        """Return the process of that name, sound or strange."""
        return next(child for child in self.supervisor.children if child.service.log == name and not child.died)

    def raise_up(self, child: Child) -> None:
        """Start a process that has died once more, and wait until it is ready."""
        self.supervisor.wait(self.supervisor.replace(child))

    @contextmanager
    def instead(self, *strange: Service) -> Iterator[list[Child]]:
        """Have strange processes in place of sound ones for the length of a block."""
        sound = [self.kill(service.log) for service in strange]
        risen = [self.supervisor.launch(service) for service in strange]
        for child in risen:
            self.supervisor.wait(child)
        yield risen
        for child in risen:
            if not child.died:
                self.kill(child.service.log)
        for child in sound:
            self.raise_up(child)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Have the whole house; its PostgreSQL keeps what it has said it keeps."""
    with TemporaryDirectory(prefix="jidi-") as folder, sinking() as sink:
        variables = {
            "JIDI_HOME": folder,
            "JIDI_DATABASE_URL": "",
            "JIDI_WEB_PORT": str(free_port()),
            "JIDI_ENGINE_API_URL": f"http://{HOST}:{free_port()}/api",
            "JIDI_MAIL_PORT": str(sink.port),
            "JIDI_MAIL_CATCHER": "false",
            "JIDI_MAIL_TIMEOUT_SECONDS": "6",
        }
        with environment(**variables), machine.running(print) as supervisor:
            yield House(supervisor, sink)


@contextmanager
def at_work(house: House, number: int, doubtful: Collection[UUID] = ()) -> Iterator[Office]:
    """Let so many applications be filed, and people do their duties until all are published."""
    office = gather(number, print)
    with office.working(number):
        yield office
        until(lambda: len(office.heard.filed) == number, seconds=PATIENCE_SECONDS)
        of_office = cases(office.heard.filed)
        until(lambda: not still_open(of_office), seconds=PATIENCE_SECONDS)
    assert office.heard.refused == []
    all_is_well(house, of_office, doubtful)


def all_is_well(house: House, case_ids: list[UUID], doubtful: Collection[UUID]) -> None:
    """Nothing hangs, nothing is due, and everything holds that must hold; some letters' fate may be unknown."""
    until(lambda: not checking.unanswered(case_ids), seconds=PATIENCE_SECONDS)
    until(lambda: not checking.still_due(case_ids), seconds=120)
    until(lambda: checking.in_hand() <= set(doubtful))
    unknown = checking.in_hand()
    settle_abandoned(timedelta(0))
    assert checking.faults(case_ids, house.sink, unknown) == []


def still_open(case_ids: list[UUID]) -> int:
    with reading() as session:
        still = select(func.count()).where(col(Case.id).in_(case_ids), col(Case.closed_at).is_(None))
        return session.exec(still).one()


def decided() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Decision)).one()


def ended_since(instant: datetime) -> Callable[[], bool]:
    """Return a question: whether a run has ended since."""

    def ended() -> bool:
        with reading() as session:
            return session.exec(select(func.count()).where(col(Run.ended_at) > instant)).one() > 0

    return ended


def hanging() -> int:
    with reading() as session:
        return session.exec(select(func.count()).where(col(Bell.answered_at).is_(None))).one()


def test_the_engine_is_away_while_people_decide(house: House) -> None:
    with at_work(house, 8):
        worker, before = house.living("worker"), decided()
        until(lambda: decided() > before)
        engine, away_since = house.kill("prefect"), time.monotonic()
        until(hanging)
        time.sleep(max(0, away_since + OUTAGE_SECONDS - time.monotonic()))
        assert hanging(), "nothing goes on without the engine"
        assert not worker.died, "the worker waits for it"
        house.raise_up(engine)


def test_the_database_crashes_while_runs_are_under_way(house: House) -> None:
    doubtful: set[UUID] = set()
    with at_work(house, 8, doubtful):
        for _ in range(3):
            until(ended_since(now()), seconds=120)
            postgres = house.kill("postgres", signal.SIGQUIT)  # "immediate": it recovers as after a crash
            house.raise_up(postgres)
            doubtful |= checking.in_hand()


@pytest.mark.parametrize("days", [1, -1])
def test_the_clocks_of_worker_and_website_are_wrong_by_a_day(house: House, days: int) -> None:
    with at_work(house, 6) as office:
        until(lambda: len(office.heard.filed) == 6)
        with house.instead(strange(machine.web(), "clock", str(days)), strange(machine.worker(), "clock", str(days))):
            until(lambda: hung_on_a_wrong_day(days), seconds=120)


def hung_on_a_wrong_day(days: int) -> bool:
    """Whether somebody has acted by a wrong clock; by one that is ahead, whether a run has begun by it as well."""
    half_way = now() + timedelta(days=days) / 2
    with reading() as session:
        bells, begun = select(Bell.created_at), select(func.max(Run.started_at))
        hung = [at for at in session.exec(bells) if (at > half_way if days > 0 else at < half_way)]
        return bool(hung) and (days < 0 or (session.exec(begun).one() or half_way) > half_way)


def test_two_workers_and_two_housekeepers_at_once(house: House) -> None:
    over = threading.Event()

    def keep_house() -> None:
        while not over.wait(0.5):
            housekeeping.fn.__wrapped__()  # type: ignore[attr-defined]  # not only when nobody else does

    second = house.supervisor.launch(second_worker())
    house.supervisor.wait(second)
    housekeepers = [threading.Thread(target=keep_house) for _ in range(2)]
    for housekeeper in housekeepers:
        housekeeper.start()
    try:
        with at_work(house, 8):
            pass
    finally:
        over.set()
        for housekeeper in housekeepers:
            housekeeper.join()
        second.end()


def test_worker_and_engine_die_while_the_house_is_kept(house: House) -> None:
    with house.instead(strange(machine.worker(), "housekeeper")) as [worker]:
        until(lambda: bool(worker.died), seconds=90)
        assert worker.died == "SIGKILL"
        house.raise_up(house.kill("prefect"))
    since = now()
    until(lambda: (look().last_runs.get("housekeeping") or since) > since, seconds=90)
    with at_work(house, 2):
        pass


def test_the_database_of_the_engine_is_emptied_while_fifty_cases_wait(house: House) -> None:
    with at_work(house, 50) as office:
        until(lambda: len(office.heard.filed) == 50, seconds=PATIENCE_SECONDS)
        engine = house.kill("prefect")
        until(lambda: hanging() >= 10)
        empty(settings().engine.database)
        house.raise_up(engine)
        machine.deploy(print)


def strange(service: Service, *how: str) -> Service:
    """Describe a worker or a website that is not as it should be."""
    command = [sys.executable, "-m", "tests.chaos.strange", *how, service.log, service.address]
    return replace(service, command=command, env=machine.worker_environment())


def second_worker() -> Service:
    """Describe another worker beside the one there is."""
    chosen, name = settings().engine, "second"
    ready = machine.ours("worker", machine.WORKER, lambda: name in live_workers(chosen.api_url, chosen.work_pool), name)
    return replace(ready, log=name, command=[*ready.command, "--name", name])


def empty(database: str) -> None:
    """Throw a database away, and make another of its name."""
    of_ours = make_url(settings().database.url).set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(of_ours, autocommit=True) as connection:
        for statement in ("DROP DATABASE {} WITH (FORCE)", "CREATE DATABASE {}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))
