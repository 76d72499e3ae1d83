"""Publicity 公示: the lists that are public for some days, and the cases on them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, present, to


class Publicity(SQLModel, table=True):
    """One public list of a call: everything on it may be objected to from its first to its last day.

    `contact` says, line by line, to whom one may also object on paper or by telephone.
    """

    __tablename__ = "publicities"
    __table_args__ = (CheckConstraint("last_on >= first_on", name="period_is_a_period"),)

    id: UUID = identity()
    call_id: UUID = to("calls")
    title: str = Field(max_length=100)
    first_on: date = Field(index=True)
    last_on: date
    days: int
    contact: str = Field(default="", max_length=300)
    published_by: UUID = to("users")
    published_at: datetime = present()


class PublicityItem(SQLModel, table=True):
    """One case on a public list, bound to the round of publicity it answers."""

    __tablename__ = "publicity_items"

    id: UUID = identity()
    publicity_id: UUID = to("publicities")
    case_id: UUID = to("cases")
    stage_round_id: UUID = Field(foreign_key="stage_rounds.id", unique=True)
