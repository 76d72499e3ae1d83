"""Delegations 委托: who stands in for whom, from day to day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, maybe_instant, present, to


class Delegation(SQLModel, table=True):
    """One person does another's duties from the first to the last day, both counted, unless it was ended before."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="period_is_a_period"),
        CheckConstraint("absent_id <> deputy_id", name="of_two_people"),
    )

    id: UUID = identity()
    absent_id: UUID = to("users")
    deputy_id: UUID = to("users")
    first_on: date
    last_on: date
    reason: str = Field(max_length=200)
    made_by: UUID = Field(foreign_key="users.id")
    made_at: datetime = present()
    ended_at: datetime | None = maybe_instant()
