"""`jidi up`: everything on one machine, started in order with a line each, stopped in reverse."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socket import gethostname

from sqlalchemy import make_url

from casework.demonstration import seed
from core.db import transaction
from core.embedded import engine
from core.embedded.children import Service
from core.embedded.home import claimed, require_room
from core.embedded.ports import answers, is_this_machine, require_free, responds
from core.embedded.postgres import Postgres, create_database
from core.embedded.supervision import Supervisor
from core.errors import Unavailable
from core.i18n import gettext, marked
from core.schema import migrate
from core.settings import settings
from terminal import managing

SOURCE = Path(__file__).parent.parent
DATABASE = "jidi"
PATIENCE = 8
"""Seconds granted to an earlier start that is still on its way out."""

CATCHER = marked("本地邮件服务（函件只收存，不外发）")
WORKER = marked("流程执行程序")
WEB = marked("网站")
MIGRATED = marked("数据库结构：已是最新")
SEEDED = marked("演示数据：已录入")
SEEDED_BEFORE = marked("演示数据：此前已录入，未作改动")
DEPLOYING = marked("流程部署：正在登记……")
DEPLOYED = marked("流程部署：已登记（{files}）")
NOT_DEPLOYED = marked("流程未能登记到流程引擎：\n{tail}")
UNCLEAN = marked("上次运行未正常结束，正在接续；已保存的内容不受影响。")


@contextmanager
def running(say: Callable[[str], None]) -> Iterator[Supervisor]:
    """Have the whole house running for the length of a block."""
    home = settings().home
    require_room(home)
    with claimed(home) as unclean:
        if unclean:
            say(gettext(UNCLEAN))
        require_ports()
        with Supervisor(home / "logs", say) as supervisor:
            database = start_database(supervisor)
            engine_child = supervisor.launch(prefect(database)) if starts_engine() else None
            if starts_catcher():
                supervisor.start(catcher())
            prepare(say)
            if engine_child:
                supervisor.wait(engine_child)
            deploy(say)
            working, serving = supervisor.launch(worker()), supervisor.launch(web())
            supervisor.wait(serving)
            supervisor.wait(working)
            yield supervisor


def require_ports() -> None:
    """Refuse to begin where a port is taken, before anything is started."""
    chosen = settings()
    require_free((chosen.web.host, chosen.web.port), name=WEB, setting="JIDI_WEB_PORT", patience=PATIENCE)
    if starts_engine():
        address = engine.address_of(chosen.engine.api_url)
        require_free(address, name=engine.NAME, setting="JIDI_ENGINE_API_URL", patience=PATIENCE)
    if starts_catcher():
        address = (chosen.mail.host, chosen.mail.port)
        require_free(address, name=CATCHER, setting="JIDI_MAIL_PORT", patience=PATIENCE)


def starts_engine() -> bool:
    """Whether Prefect's server is ours to start."""
    return settings().engine.managed and is_this_machine(engine.address_of(settings().engine.api_url)[0])


def starts_catcher() -> bool:
    """Whether letters are to be caught here."""
    return settings().embedded and settings().mail.catcher and is_this_machine(settings().mail.host)


def start_database(supervisor: Supervisor) -> str:
    """Start the embedded PostgreSQL unless another is set; make both databases; return Prefect's address of its own."""
    if not settings().database.url:
        server = Postgres(settings().home)
        supervisor.start(server.prepare())
        os.environ["JIDI_DATABASE_URL"] = server.url(DATABASE)
        settings.cache_clear()
    url = make_url(settings().database.url)
    beside = url.set(database=settings().engine.database)
    for address in (url, beside) if starts_engine() else (url,):
        create_database(address.render_as_string(hide_password=False))
    return beside.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def prepare(say: Callable[[str], None]) -> None:
    """Bring the schema up to date and, in the embedded mode, enter the demonstration data."""
    migrate()
    say(gettext(MIGRATED))
    if settings().embedded:
        with transaction() as session:
            new = seed(session)
        if new:
            say(gettext(SEEDED))
    managing.warn(say)


def deploy(say: Callable[[str], None]) -> None:
    """Register the flows with the engine, from the same file as `prefect deploy` by hand."""
    say(gettext(DEPLOYING))
    chosen = settings().engine
    engine.ensure_work_pool(chosen.api_url, chosen.work_pool, "thread")
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", "prefect.yaml"],
        cwd=SOURCE,
        env={**os.environ, **client_environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(NOT_DEPLOYED, tail=(done.stdout + done.stderr)[-2000:])
    say(gettext(DEPLOYED, files="prefect.yaml"))


def client_environment() -> dict[str, str]:
    """Return what a process needs that talks to the engine."""
    return engine.client_environment(settings().home, settings().engine.api_url)


def worker_environment() -> dict[str, str]:
    """Return what the worker needs besides: how often it asks for runs, and how long a request insists.

    Prefect's client sleeps twice as long after every refusal, for a minute in all: a run in hand would keep its place
    long after the engine is back. What was not heard in six seconds is better asked for anew.
    """
    asking = {"PREFECT_WORKER_QUERY_SECONDS": str(settings().engine.poll_seconds), "PREFECT_CLIENT_MAX_RETRIES": "2"}
    return {**client_environment(), **asking}


def prefect(database: str) -> Service:
    """Describe Prefect's server."""
    return engine.server(settings().home, settings().engine.api_url, database)


def catcher() -> Service:
    """Describe the local SMTP server."""
    mail = settings().mail
    return ours("catcher", CATCHER, lambda: answers(mail.host, mail.port), f"{mail.host}:{mail.port}")


def worker() -> Service:
    """Describe the worker; it is ready when the engine has heard of it."""
    chosen, name = settings().engine, f"{gethostname()}-{os.getpid()}"
    service = ours("worker", WORKER, lambda: name in engine.live_workers(chosen.api_url, chosen.work_pool), name)
    return replace(service, command=[*service.command, "--name", name])


def web() -> Service:
    """Describe the web application."""
    chosen = settings()
    health = f"http://{chosen.web.host}:{chosen.web.port}/healthz"
    return ours("web", WEB, lambda: responds(health), chosen.public_url)


def ours(command: str, name: str, ready: Callable[[], bool], address: str) -> Service:
    """Describe one of our own commands as a service."""
    return Service(
        name=name,
        log=command,
        command=[sys.executable, "-m", "cli", command],
        ready=ready,
        env=client_environment(),
        address=address,
    )
