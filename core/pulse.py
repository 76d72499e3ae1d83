"""Signs of life: a process holds a lock in the database for everything it has in hand, for as long as it has it.

However the process ends, its connection ends and the locks are gone: nobody has to wait to know that it is dead. Who
has no sign of life may still live, where a connection was lost: take it for dead only where that does no harm.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from core.db import engine
from core.discretion import words_of

log = structlog.get_logger()

OURS = 0x4A494449
"""Sets these locks apart from the others of the database."""
LOCK, UNLOCK = (
    text("SELECT pg_advisory_lock_shared(:ours, :key)"),
    text("SELECT pg_advisory_unlock_shared(:ours, :key)"),
)
HELD = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :ours AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Pulse:
    """The connection on which a process shows what it has in hand; none while that is nothing."""

    def __init__(self) -> None:
        """Begin with empty hands."""
        self._guard = threading.Lock()
        self._connection: Connection | None = None
        self._in_hand = 0

    @contextmanager
    def showing(self, what: UUID) -> Iterator[None]:
        """Show that something is in hand for the length of a block; trouble with that is told, and stops nothing."""
        with self._guard:
            self._in_hand += 1
            self._say(LOCK, what)
        try:
            yield
        finally:
            with self._guard:
                self._in_hand -= 1
                if self._connection is not None:
                    self._say(UNLOCK, what)
                if not self._in_hand:
                    self._hang_up()

    def _say(self, statement: TextClause, what: UUID) -> None:
        try:
            if self._connection is None:
                self._connection = engine().connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connection.execute(statement, {"ours": OURS, "key": key(what)})
        except SQLAlchemyError as error:
            log.warning("no sign of life", error=words_of(error))
            if self._connection is not None:
                self._connection.invalidate()
            self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


PULSE = Pulse()
"""This process's."""


def key(what: UUID) -> int:
    """Return the number by which a lock goes: the last 31 bits, for the first ones of an id may be the time."""
    return what.int & 0x7FFFFFFF


def in_living_hands(session: Session) -> set[int]:
    """Return the keys of all that living processes have in hand."""
    return set(session.execute(HELD, {"ours": OURS}).scalars())
