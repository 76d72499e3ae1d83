"""The journal only grows: not for the application's own role, and hardly for its owner."""

# ruff: noqa: S608 - statements of our own

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import make_url

from casework import journal
from casework.trust.privileges import NEVER_CHANGED, NEVER_DELETED, READ_ONLY, rights_on
from casework.trust.seals import seal
from core.db import transaction
from core.errors import Conflict, NotFound
from core.settings import settings
from models.case import Case
from models.tables import METADATA
from regulation.outcomes import Outcome
from terminal.granting import grant, renew
from terminal.verify import verify
from tests.conftest import environment, execute
from tests.stories import book

ROLE = "jidi_app"


@pytest.fixture
def app_role(postgres_url, opened_at) -> Iterator[str]:
    """The database as the application's own role sees it; its owner has granted what it needs."""
    execute(postgres_url, f"CREATE ROLE {ROLE} LOGIN")
    story = opened_at(book.DRAFT)
    grant(ROLE, print)
    address = make_url(settings().database.url).set(username=ROLE).render_as_string(hide_password=False)
    yield address, story
    with psycopg.connect(settings().database.url) as connection:
        connection.execute(f"DROP OWNED BY {ROLE}")
    execute(postgres_url, f"DROP ROLE {ROLE}")


def test_the_application_works_through_a_whole_case_under_its_own_role(app_role):
    address, story = app_role
    with environment(JIDI_DATABASE_URL=address):
        story.submits()
        story.recommends(Outcome.RETURNED)
        story.corrects(base_name="更正后的基地")
        story.goes_on_to_publication()
        with transaction() as session:
            assert seal(session)
        story.time_passes()
        assert verify(print)
    assert story.state == "Certified"


@pytest.mark.parametrize("table", ["journal", "journal_seals", "sealed_heads", "submissions", "journal_chains"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TABLE {table} CASCADE",
    ],
)
def test_its_role_alters_nothing_that_only_grows(app_role, table, statement):
    column = {"journal_chains": "lines", "journal_seals": "number", "sealed_heads": "lines"}.get(table, "id")
    with psycopg.connect(app_role[0]) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement.format(table=table, column=column))


@pytest.mark.parametrize("trick", ["SET session_replication_role = replica", "CREATE TABLE public.x (n int)"])
def test_its_role_cannot_look_away_from_triggers(app_role, trick):
    with psycopg.connect(app_role[0]) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(trick)


def test_what_it_writes_into_the_chain_itself_is_written_over(app_role):
    with psycopg.connect(app_role[0]) as connection:
        told = connection.execute("""
            INSERT INTO journal (at, act, stage, round, detail, number, previous, hash)
            VALUES (now(), 'forged', '', 0, '{}', 77, 'mine', 'mine') RETURNING number, previous, hash
        """).fetchone()
    assert told[0] != 77
    assert "mine" not in told
    assert verify(print)


@pytest.mark.usefixtures("story")
def test_a_role_that_owns_the_tables_is_no_role_for_the_application():
    with pytest.raises(Conflict):
        grant("jidi", print)
    with pytest.raises(NotFound):
        grant("nobody_of_that_name", print)


def test_what_was_granted_is_granted_again_after_a_migration(app_role, capsys):
    with psycopg.connect(settings().database.url) as connection:
        connection.execute(f"REVOKE SELECT ON cases FROM {ROLE}")
    renew(print)
    assert ROLE in capsys.readouterr().out
    with psycopg.connect(app_role[0]) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (0,)


def test_every_table_that_is_named_is_there():
    assert (NEVER_CHANGED | NEVER_DELETED | READ_ONLY) - {"alembic_version"} <= set(METADATA.tables)
    assert rights_on("sign_ins") == "SELECT, INSERT, UPDATE, DELETE"


# The owner: triggers


GROWING = sorted((NEVER_CHANGED - {"policy_rulings"}) | {"decisions", "reviews"})


@pytest.mark.parametrize("table", GROWING)
def test_even_its_owner_empties_no_table_that_only_grows(table, opened_at):
    opened_at("certification")
    with psycopg.connect(settings().database.url) as connection, pytest.raises(errors.RaiseException):
        connection.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", ["journal", "submissions", "decisions", "reviews", "findings"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_even_its_owner_changes_no_row_that_is_written_once(table, statement, opened_at):
    opened_at("certification")
    with psycopg.connect(settings().database.url) as connection, pytest.raises(errors.RaiseException):
        connection.execute(statement.format(table=table))


# Writers at once


def test_lines_written_at_once_stand_in_one_chain_each(opened_at):
    story = opened_at("certification")
    at_once, together = 8, Barrier(8)

    def write(number: int) -> None:
        together.wait()
        for turn in range(10):
            with transaction() as session:
                case = session.get_one(Case, story.case_id) if number % 2 else None
                journal.note(session, "written", case=case, by=None, number=number, turn=turn)
            if number == 3 and turn == 5:
                with transaction() as session:
                    seal(session)

    with ThreadPoolExecutor(at_once) as writers:
        list(writers.map(write, range(at_once)))
    with psycopg.connect(settings().database.url) as connection:
        asked = "SELECT count(*), count(DISTINCT (case_id, number)) FROM journal WHERE act = 'written'"
        assert connection.execute(asked).fetchone() == (80, 80)
    assert verify(print)


def test_a_writer_who_holds_the_case_does_not_wait_for_one_who_does_not(opened_at):
    """One has locked the case's row, the other only refers to it: neither may wait for the other in a circle."""
    story = opened_at("certification")
    with transaction() as holding, ThreadPoolExecutor(1) as other:
        case = holding.get_one(Case, story.case_id, with_for_update=True)

        def refers() -> None:
            with transaction() as session:
                journal.note(session, "referring", case=case, by=None)

        waiting = other.submit(refers)
        while not _somebody_waits():
            assert not waiting.done()
        journal.note(holding, "holding", case=case, by=None)
        holding.flush()
        holding.commit()
        waiting.result(timeout=20)
    assert verify(print)


def _somebody_waits() -> bool:
    with psycopg.connect(settings().database.url) as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return connection.execute(asked).fetchone() != (0,)
