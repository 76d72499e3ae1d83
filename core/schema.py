"""The schema of the database and its migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.db import engine

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def configuration() -> Config:
    """Return Alembic's configuration; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def migrate() -> None:
    """Bring the database to the newest schema; does nothing when it is there."""
    command.upgrade(configuration(), "head")


def is_current() -> bool:
    """Whether the database has the newest schema."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
