"""The journal: one append-only line of what happened; a trigger refuses changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.columns import json, present, to


class JournalEntry(SQLModel, table=True):
    """Who did what, when, to which case; `by` is empty when the system acted."""

    __tablename__ = "journal"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = present()
    case_id: UUID | None = to("cases", default=None, nullable=True)
    by: UUID | None = to("users", default=None, nullable=True)
    act: str = Field(max_length=40)
    stage: str = Field(default="", max_length=20)
    round: int = 0
    detail: dict[str, Any] = json()
