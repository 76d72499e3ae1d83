"""What every test stands on: a real PostgreSQL, and a database that is turned back to its beginning for each test."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
import structlog

from casework.demonstration import seed
from core import db
from core.embedded.postgres import Postgres, running
from core.i18n import language
from core.schema import migrate
from core.settings import settings
from tests import turned_back
from tests.turned_back import States

pytest_plugins = ["tests.machinery"]

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # no line for each request


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set variables for a while; connections to a database of one's own are closed in the end."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    settings.cache_clear()
    try:
        yield
    finally:
        ours = settings().database
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        settings.cache_clear()
        if ours.url and not turned_back.is_shared(ours.url):
            db.pool(ours.url, ours.pool_size).dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the address of a running server, with `{database}` where the name goes; it need not survive a power cut.

    Its folder is not pytest's: another run of pytest would make that private again under the server's feet.
    """
    careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with TemporaryDirectory(prefix="jidi-") as folder, running(Postgres(Path(folder), careless)) as server:
        yield server.url("DATABASE").replace("DATABASE", "{database}")


@pytest.fixture(scope="session")
def template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a database with the schema and the demonstration's people in it; return its name."""
    name = f"template_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE DATABASE {name}")
    home = tmp_path_factory.mktemp("template")
    with environment(JIDI_DATABASE_URL=postgres_url.format(database=name), JIDI_HOME=str(home)):
        migrate()
        with db.transaction() as session:
            seed(session)
    return name


@pytest.fixture(scope="session")
def shared(postgres_url: str, template: str) -> Iterator[States]:
    """Give the one database of this process, which can be turned back to how the demonstration begins."""
    name = f"tests_{uuid4().hex[:12]}"
    execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    url = postgres_url.format(database=name)
    with turned_back.shared(url) as states:
        yield states
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(shared: States, tmp_path: Path) -> Iterator[str]:
    """Give the test a database as the demonstration begins, and a home for its files; letters stay due."""
    shared.turn_back()
    with environment(JIDI_DATABASE_URL=shared.url, JIDI_HOME=str(tmp_path / "home"), JIDI_MAIL_HOST=""):
        yield shared.url


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Begin every test in the language of the source."""
    token = language.set("zh")
    yield
    language.reset(token)


def execute(postgres_url: str, statement: str) -> None:
    """Carry out a statement on the server's own database."""
    with psycopg.connect(postgres_url.format(database="postgres"), autocommit=True) as connection:
        connection.execute(statement)
