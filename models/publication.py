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


class Ending(StrEnum):
    """What became of a plaque in the end."""

    RETURNED = "returned"
    DESTROYED = "destroyed"


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


class Announcement(SQLModel, table=True):
    """A numbered document that announces bases of a call, Art. 6; `sha256` is of its PDF."""

    __tablename__ = "announcements"

    id: UUID = identity()
    call_id: UUID = to("calls")
    number: str = Field(unique=True, max_length=60)
    title: str = Field(max_length=100)
    dated_on: date = Field(index=True)
    sha256: str = Field(default="", max_length=64)
    published_by: UUID = to("users")
    published_at: datetime = present()


class AnnouncementItem(SQLModel, table=True):
    """One line of an announcement as it is printed; a base is announced once."""

    __tablename__ = "announcement_items"
    __table_args__ = (UniqueConstraint("announcement_id", "place", name="one_line_a_place"),)

    id: UUID = identity()
    announcement_id: UUID = to("announcements")
    certificate_id: UUID = Field(foreign_key="certificates.id", unique=True)
    place: int
    recommender: str = Field(max_length=100)


class Plaque(SQLModel, table=True):
    """The plaque of a certificate, Art. 6: entered, made, handed over, and in the end returned or destroyed."""

    __tablename__ = "plaques"
    __table_args__ = (
        CheckConstraint("(handed_on IS NULL) = (handed_to = '')", name="handed_to_somebody"),
        CheckConstraint("handed_on IS NULL OR handed_on >= made_on", name="made_before_handed"),
        CheckConstraint("handed_on IS NULL OR made_on IS NOT NULL", name="handed_when_made"),
        CheckConstraint("(ended_on IS NULL) = (ending IS NULL)", name="ended_one_way"),
        CheckConstraint("ended_on IS NULL OR made_on IS NOT NULL", name="ended_when_made"),
        CheckConstraint("ended_on >= coalesce(handed_on, made_on)", name="ended_last"),
    )

    id: UUID = identity()
    certificate_id: UUID = Field(foreign_key="certificates.id", unique=True)
    number: str = Field(unique=True, max_length=40)
    text: str = Field(max_length=200)
    entered_at: datetime = present()
    made_on: date | None = None
    handed_on: date | None = None
    handed_to: str = Field(default="", max_length=100)
    ended_on: date | None = None
    ending: Ending | None = word(Ending, default=None, nullable=True)
