"""The database: one engine a process, and the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine, create_engine, event, text
from sqlmodel import Session

from core.settings import settings


def driver_url(url: str) -> str:
    """Return the address with psycopg 3 as its driver, whatever its scheme said."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


def engine() -> Engine:
    """Return this process's connection pool."""
    chosen = settings().database
    return pool(chosen.url, chosen.pool_size)


@cache
def pool(url: str, size: int) -> Engine:
    """Return the connections to one database, made once."""
    return create_engine(
        driver_url(url),
        pool_size=size,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,  # an error would quote them, and it is written into logs and shown to operators
    )


class RememberingSession(Session):
    """A session that lasts one request or step and reads no row twice by its key, whoever still holds the object."""


@event.listens_for(RememberingSession, "pending_to_persistent")
@event.listens_for(RememberingSession, "loaded_as_persistent")
def remember(session: Session, instance: object) -> None:
    """Keep what was read until the session ends; SQLAlchemy alone lets go of it as soon as nobody uses it."""
    session.info.setdefault("remembered", []).append(instance)


@contextmanager
def transaction() -> Iterator[Session]:
    """Open one transaction; it commits when the block ends well and leaves nothing behind when it does not."""
    with RememberingSession(engine(), expire_on_commit=False) as session:
        yield session
        session.commit()


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session that keeps nothing: what was changed in it is rolled back."""
    with RememberingSession(engine(), expire_on_commit=False) as session:
        yield session


def ping() -> None:
    """Ask the database for a sign of life; raise SQLAlchemy's error when there is none."""
    with engine().connect() as connection:
        connection.execute(text("SELECT 1"))
