"""Cases that stand still because the database, or the disk, refuses what a step would write; run again, foretold."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from casework.foresight import Plan
from casework.reruns import ask
from core.db import transaction
from core.settings import settings
from flows.rehearsal import plans_of
from models.operating import Rerun
from regulation.outcomes import Outcome
from tests import cast
from tests.stories.telling import Story, an_application


@contextmanager
def refused_rows(table: str, when: str = "true", act: str = "INSERT") -> Iterator[None]:
    """Let PostgreSQL refuse new rows of a table, or changed ones, those of which `when` is true."""
    name = f"no_{table}"
    with transaction() as session:
        session.connection().exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE '{name}'; END $$;"
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
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


@contextmanager
def nowhere_to_write() -> Iterator[None]:
    """Let documents have no place: where their folder should be stands a file, as after a mount that went wrong."""
    files = settings().home / "files"
    aside = files.with_name("files-aside")
    there = files.exists()
    if there:
        files.rename(aside)
    files.parent.mkdir(parents=True, exist_ok=True)
    files.write_text("not a folder")
    try:
        yield
    finally:
        files.unlink()
        if there:
            aside.rename(files)


def plan_of(story: Story) -> Plan:
    assert story.case_id
    return plans_of([story.case_id])[story.case_id]


def asks_again(story: Story) -> Rerun:
    assert story.case_id
    with transaction() as session:
        return ask(session, plans_of([story.case_id]), by=cast.person(cast.OPERATOR, session))
