"""The few kinds of column our tables are made of."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Dialect, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import DateTime, TypeDecorator
from sqlmodel import Field, SQLModel

from core.clock import now

SQLModel.metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_once",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_refers",
    "pk": "%(table_name)s_key",
}


class Word(TypeDecorator[StrEnum]):
    """A word of a list, stored as plain text so that a new word needs no change of type (ADR 6)."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        """Take the list of words."""
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Store the word; ValueError when it is not in the list."""
        del dialect
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Give the word back as a member of its list."""
        del dialect
        return None if value is None else self.words(value)


def identity() -> Any:  # noqa: ANN401 - SQLModel types its fields so
    """Declare the primary key: a random UUID."""
    return Field(default_factory=uuid4, primary_key=True)


def word(words: type[StrEnum], **options: Any) -> Any:  # noqa: ANN401
    """Declare a column of words."""
    return Field(sa_type=Word(words), **options)


def instant(**options: Any) -> Any:  # noqa: ANN401
    """Declare an aware instant that must be given."""
    return Field(sa_type=DateTime(timezone=True), **options)


def maybe_instant(**options: Any) -> Any:  # noqa: ANN401
    """Declare an aware instant that is empty until it happens."""
    return Field(default=None, sa_type=DateTime(timezone=True), nullable=True, **options)


def present(clock: Callable[[], datetime] = now) -> Any:  # noqa: ANN401
    """Declare an aware instant that is the moment of writing."""
    return Field(default_factory=clock, sa_type=DateTime(timezone=True), nullable=False)


def json(default: Callable[[], Any] = dict, **options: Any) -> Any:  # noqa: ANN401
    """Declare a JSON document."""
    return Field(default_factory=default, sa_type=JSONB, nullable=False, **options)


def to(table: str, **options: Any) -> Any:  # noqa: ANN401
    """Declare a reference to another table's `id`; indexed, because PostgreSQL does not do it."""
    return Field(foreign_key=f"{table}.id", index=True, **options)
