"""Alembic's entrance: runs the migrations on Jidi's own engine."""

from typing import Any, Literal

from alembic import context

from core.db import engine
from models.columns import Word
from models.tables import METADATA


def plainly(kind: str, item: Any, _: Any) -> str | Literal[False]:  # noqa: ANN401
    """Write a column of words as what it is in the database."""
    return "sa.String()" if kind == "type" and isinstance(item, Word) else False


with engine().connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, compare_type=True, render_item=plainly)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
