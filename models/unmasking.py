"""Looks at personal data: who saw which case's, why, and until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, instant, present, to


class Unmasking(SQLModel, table=True):
    """One person sees the personal data of one case until an instant, for a reason; written once."""

    __tablename__ = "unmaskings"
    __table_args__ = (
        CheckConstraint("until > at", name="ends_after_it_begins"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    user_id: UUID = to("users")
    reason: str = Field(max_length=200)
    at: datetime = present()
    until: datetime = instant()
