"""Meetings that decide, announcements, plaques, and revocations that take two persons."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import identity, maybe_instant, present, to, word


class MeetingKind(StrEnum):
    """Which body sat (Art. 15)."""

    LEADING_GROUP = "leading-group"
    DEPARTMENT = "department"


class Meeting(SQLModel, table=True):
    """A meeting that decided on applications of a call, known by the number of its minutes."""

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("call_id", "minutes_number", name="one_meeting_a_number"),)

    id: UUID = identity()
    call_id: UUID = to("calls")
    kind: MeetingKind = word(MeetingKind)
    title: str = Field(max_length=100)
    held_on: date
    minutes_number: str = Field(max_length=60)
    recorded_by: UUID = to("users")
    recorded_at: datetime = present()


class Resolution(SQLModel, table=True):
    """One item of a meeting's minutes: a decision that it took; `rank` is where the figures had put the case then."""

    __tablename__ = "resolutions"

    id: UUID = identity()
    meeting_id: UUID = to("meetings")
    decision_id: UUID = Field(foreign_key="decisions.id", unique=True)
    case_id: UUID = to("cases")
    rank: int | None = None
    deviates: bool = False


class Revocation(SQLModel, table=True):
    """The proposal to revoke a certificate and what another person made of it; `basis` is the rule it rests on."""

    __tablename__ = "revocations"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="by_two_persons"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(decided_at IS NULL) = (confirmed IS NULL)", name="decided_one_way"),
        CheckConstraint("confirmed IS NOT FALSE OR answer <> ''", name="declined_with_reasons"),
        Index(
            "one_open_proposal_a_certificate",
            "certificate_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: UUID = identity()
    certificate_id: UUID = to("certificates")
    basis: str = Field(max_length=200)
    reasons: str
    proposed_by: UUID = to("users")
    proposed_at: datetime = present()
    confirmed: bool | None = None
    answer: str = ""
    decided_by: UUID | None = to("users", default=None, nullable=True)
    decided_at: datetime | None = maybe_instant()
