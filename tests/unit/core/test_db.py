"""The database: what commits, what does not, and how its address is read."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core import db
from core.schema import is_current, migrate
from models.organisation import Organisation, OrganisationKind
from tests.conftest import environment, execute

pytestmark = pytest.mark.usefixtures("database")


def body(name: str) -> Organisation:
    return Organisation(kind=OrganisationKind.DEPARTMENT, name=name)


def known(name: str) -> bool:
    with db.reading() as session:
        found = session.connection().execute(text("SELECT count(*) FROM organisations WHERE name = :n"), {"n": name})
        return found.scalar_one() == 1


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://jidi@db.example.com/jidi", "postgresql+psycopg://jidi@db.example.com/jidi"),
        ("postgres://jidi@db.example.com/jidi", "postgresql+psycopg://jidi@db.example.com/jidi"),
        ("postgresql+psycopg://db.example.com/jidi", "postgresql+psycopg://db.example.com/jidi"),
    ],
)
def test_every_way_to_write_the_address_means_the_same_driver(given, used):
    assert db.driver_url(given) == used


def test_a_transaction_that_ends_well_stays():
    with db.transaction() as session:
        session.add(body("示例厅"))
    assert known("示例厅")


def test_a_transaction_that_fails_leaves_nothing():
    def fail() -> None:
        with db.transaction() as session:
            session.add(body("示例厅"))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert not known("示例厅")


def test_what_is_changed_while_reading_is_not_kept():
    with db.reading() as session:
        session.add(body("示例厅"))
        session.flush()
    assert not known("示例厅")


def test_what_was_read_can_be_used_after_the_transaction():
    made = body("示例厅")
    with db.transaction() as session:
        session.add(made)
    assert made.name == "示例厅"


def test_a_database_that_answers_and_one_that_does_not(tmp_path):
    db.ping()
    with environment(JIDI_DATABASE_URL=f"postgresql:///jidi?host={tmp_path}"), pytest.raises(OperationalError):
        db.ping()


def test_an_empty_database_is_brought_to_the_newest_schema_and_then_left_alone(postgres_url):
    execute(postgres_url, "CREATE DATABASE fresh_schema")
    with environment(JIDI_DATABASE_URL=postgres_url.format(database="fresh_schema")):
        assert not is_current()
        migrate()
        assert is_current()
        migrate()
        assert is_current()
    execute(postgres_url, "DROP DATABASE fresh_schema WITH (FORCE)")


def test_the_migrations_make_exactly_the_tables_of_the_models():
    from_models = {table.name: set(table.columns.keys()) for table in Organisation.metadata.sorted_tables}
    query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    in_database: dict[str, set[str]] = {}
    with db.reading() as session:
        for table, column in session.connection().execute(text(query)):
            in_database.setdefault(table, set()).add(column)
    in_database.pop("alembic_version")
    assert in_database == from_models
