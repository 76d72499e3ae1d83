"""A database that is turned back to an earlier state, which is much quicker than to make another one.

Rows are kept aside in a schema of their own, and put back: those and no others.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from core import db
from core.settings import DatabaseSettings
from models.tables import METADATA

BEGINNING = "beginning"
SHARED: set[str] = set()
WAITING_IN_VAIN = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
"""A transaction that a test has left open would hold the rows for ever."""


def is_shared(url: str) -> bool:
    """Whether a database is used by test after test, so that connections to it are worth keeping."""
    return url in SHARED


class States:
    """A database with the states it can be turned back to."""

    def __init__(self, connection: psycopg.Connection, url: str) -> None:
        """Take a connection to the database of that address."""
        self.connection = connection
        self.url = url
        self.filled: dict[str, list[str]] = {}

    def keep(self, state: str) -> None:
        """Keep what the database holds now under a name."""
        self.connection.execute(keeping(state))
        has_rows = (self.connection.execute(any_row(f"{state}.{name}")).fetchone() for name in tables())
        self.filled[state] = [found[0].removeprefix(f"{state}.") for found in has_rows if found]

    def turn_back(self, state: str = BEGINNING) -> None:
        """Make the database hold what it held when the state was kept."""
        self.connection.execute(WAITING_IN_VAIN)
        used = self.connection.execute(" UNION ALL ".join(map(any_row, tables()))).fetchall()
        names = sorted({name for (name,) in used} | set(self.filled[state]))
        with self.connection.transaction():
            self.connection.execute(putting_back(state, names, self.filled[state]))


@contextmanager
def shared(url: str) -> Iterator[States]:
    """Give the states of a database, of which the first is how it is now."""
    SHARED.add(url)
    with psycopg.connect(url, autocommit=True) as connection:
        states = States(connection, url)
        states.keep(BEGINNING)
        yield states
    SHARED.discard(url)
    db.pool(url, DatabaseSettings().pool_size).dispose()


def any_row(table: str) -> str:
    """Return a question that has an answer, the table's name, if the table has a row."""
    return f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"  # noqa: S608 - our own tables


def keeping(aside: str) -> str:
    """Return the statements that keep every row of every table aside."""
    return "; ".join([f"CREATE SCHEMA {aside}", *(f"CREATE TABLE {aside}.{t} AS TABLE public.{t}" for t in tables())])


def putting_back(aside: str, emptied: Sequence[str], filled: Sequence[str]) -> str:
    """Return the statements that put rows back; triggers and references look away meanwhile."""
    away = ["SET LOCAL session_replication_role = replica", "SET LOCAL lock_timeout = '5s'"]
    out = [f"DELETE FROM public.{t}" for t in emptied]  # noqa: S608 - our own tables
    back = [f"INSERT INTO public.{t} SELECT * FROM {aside}.{t}" for t in filled]  # noqa: S608
    return "; ".join([*away, *out, *back])


def tables() -> list[str]:
    """Return the names of the tables."""
    return [table.name for table in METADATA.sorted_tables]
