"""Cases that stand still because the database refuses what a step would write."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.db import transaction
from regulation.outcomes import Outcome
from tests.stories.telling import Story, an_application


@contextmanager
def refused_rows(table: str, when: str) -> Iterator[None]:
    """Let PostgreSQL refuse new rows of a table, those of which `when` is true."""
    name = f"no_{table}"
    with transaction() as session:
        session.connection().exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE '{name}'; END $$;"
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )
    try:
        yield
    finally:
        with transaction() as session:
            session.connection().exec_driver_sql(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()")


@contextmanager
def no_letters(kind: str = "refused") -> Iterator[None]:
    """Let PostgreSQL refuse letters of one kind."""
    with refused_rows("messages", f"NEW.letter = '{kind}'"):
        yield


@contextmanager
def stalled(story: Story) -> Iterator[Story]:
    """Let the refusal of a case that comes to its last decision stand still: the letter about it cannot be posted."""
    with no_letters():
        with pytest.raises(Exception, match="no_messages"):
            story.certifies(Outcome.REFUSED)
        yield story


@contextmanager
def a_stalled_refusal() -> Iterator[Story]:
    """Begin a case of one's own and let its refusal stand still."""
    with transaction() as session:
        story = Story(an_application(session))
    story.submits()
    while story.open_duty() != "certify":
        story.says_yes()
    with stalled(story):
        yield story
