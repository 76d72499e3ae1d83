"""The journal: one append-only line of what happened, chained to the line before it; triggers see to both."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, Index
from sqlmodel import Field, SQLModel

from models.columns import instant, json, present, to

NO_CASE = UUID(int=0)
"""The chain of the lines that are about no case."""


def by_the_database() -> Any:  # noqa: ANN401 - SQLModel types its fields so
    """Declare a column that a trigger fills."""
    return Field(default=None, nullable=False, sa_column_kwargs={"server_default": FetchedValue()})


class JournalEntry(SQLModel, table=True):
    """Who did what, when, to which case; `by` is empty when the system acted.

    `number` counts the lines of one chain, a case's or that of no case; `hash` is of the whole line and of `previous`,
    the hash of the line before it.
    """

    __tablename__ = "journal"
    __table_args__ = (Index("one_line_a_number", "case_id", "number", unique=True, postgresql_nulls_not_distinct=True),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = present()
    case_id: UUID | None = to("cases", default=None, nullable=True)
    by: UUID | None = to("users", default=None, nullable=True)
    act: str = Field(max_length=40)
    stage: str = Field(default="", max_length=20)
    round: int = 0
    detail: dict[str, Any] = json()
    number: int = by_the_database()
    previous: str = by_the_database()
    hash: str = by_the_database()


class JournalChain(SQLModel, table=True):
    """Where a chain ends: how many lines it has and the hash of its last; written by the trigger alone."""

    __tablename__ = "journal_chains"

    chain: UUID = Field(primary_key=True)
    lines: int
    hash: str = Field(max_length=64)


class JournalSeal(SQLModel, table=True):
    """A seal over every chain that has grown since the seal before; its hash is what is published.

    `lines` counts the lines of the whole journal that are sealed by then.
    """

    __tablename__ = "journal_seals"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sealed_at: datetime = instant()
    lines: int
    previous: str = Field(default="", max_length=64)
    hash: str = Field(unique=True, max_length=64)


class SealedHead(SQLModel, table=True):
    """The end of one chain as a seal found it."""

    __tablename__ = "sealed_heads"
    __table_args__ = (Index("sealed_by_chain", "chain", "lines"),)

    seal: int = Field(foreign_key="journal_seals.number", primary_key=True)
    chain: UUID = Field(primary_key=True)
    lines: int
    hash: str = Field(max_length=64)
