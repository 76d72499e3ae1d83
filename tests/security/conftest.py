"""One prepared record for this folder, and an engine that hears the bells."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from flows import gateway
from tests.conftest import environment, execute
from tests.security.door import Door
from tests.security.principals import Principal, Who
from tests.security.record import Record, prepare
from tests.unit.api.program import listening


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The engine that is asked for a sign of life listens on this machine."""
    for item in items:
        if "record" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@contextmanager
def prepared(postgres_url: str, template: str, home: Path) -> Iterator[Record]:
    """Have a database of one's own in which the cases of the matrix stand, and an engine that listens."""
    name = f"security_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    with listening() as engine, environment(
        JIDI_DATABASE_URL=postgres_url.format(database=name), JIDI_HOME=str(home), JIDI_MAIL_HOST="",
        JIDI_ENGINE_API_URL=engine.url,
    ):  # fmt: skip
        gateway.deployment_id.cache_clear()
        yield prepare()
    gateway.deployment_id.cache_clear()
    gateway.client().close()
    gateway.client.cache_clear()
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="package")
def record(postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """Make a database in which the cases of the matrix stand, once for the whole folder."""
    with prepared(postgres_url, template, tmp_path_factory.mktemp("security")) as made:
        yield made


@pytest.fixture(scope="package")
def principals(record: Record) -> dict[Who, Principal]:
    """Everybody who comes to the door."""
    del record
    return {who: Principal(who) for who in Who}


@pytest.fixture(scope="package")
def door() -> Iterator[Door]:
    """The application."""
    door = Door()
    yield door
    door.runner.close()
