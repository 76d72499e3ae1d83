"""What belongs to a visit beside its findings: offered and agreed days, photos, the record's draft, signatures."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import identity, json, maybe_instant, present, to


class VisitOffer(SQLModel, table=True):
    """Days that the team offers to the institution, and what the institution answered.

    `days` and `proposed` are ISO days; at most one offer of a round waits for its answer.
    """

    __tablename__ = "visit_offers"
    __table_args__ = (
        UniqueConstraint("stage_round_id", "number", name="one_offer_a_number"),
        CheckConstraint("chosen_on IS NULL OR answered_at IS NOT NULL", name="chosen_is_answered"),
        CheckConstraint("answered_at IS NULL OR chosen_on IS NOT NULL OR reasons <> ''", name="declined_with_reasons"),
        Index(
            "one_open_offer_a_round",
            "stage_round_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: UUID = identity()
    stage_round_id: UUID = to("stage_rounds")
    number: int
    days: list[str] = json(list)
    note: str = ""
    offered_by: UUID = to("users")
    offered_at: datetime = present()
    answered_at: datetime | None = maybe_instant()
    answered_by: UUID | None = Field(default=None, foreign_key="users.id")
    chosen_on: date | None = None
    reasons: str = ""
    proposed: list[str] = json(list)
    withdrawn_at: datetime | None = maybe_instant()


class Appointment(SQLModel, table=True):
    """The day agreed for the visit of a round; `sequence` grows with every letter that carries it (RFC 5545).

    Its id is the event's UID for ever, so that calendars move or remove the entry instead of adding another.
    """

    __tablename__ = "visit_appointments"
    __table_args__ = (CheckConstraint("cancelled_at IS NULL OR reasons <> ''", name="cancelled_with_reasons"),)

    id: UUID = identity()
    stage_round_id: UUID = Field(foreign_key="stage_rounds.id", unique=True)
    agreed_on: date
    note: str = ""
    sequence: int = 0
    changed_at: datetime = present()
    cancelled_at: datetime | None = maybe_instant()
    reasons: str = ""


class VisitDay(SQLModel, table=True):
    """A member of a team is taken on a day: nobody visits two institutions on one day."""

    __tablename__ = "visit_days"
    __table_args__ = (
        Index("one_visit_a_day", "user_id", "day", unique=True, postgresql_where=text("released_at IS NULL")),
    )

    id: UUID = identity()
    assignment_id: UUID = to("assignments")
    user_id: UUID = to("users")
    day: date
    released_at: datetime | None = maybe_instant()


class VisitPhoto(SQLModel, table=True):
    """A photo of the visit: its bytes lie in the file store under `sha256`; time and place are the camera's.

    `line` is a line or an item of the checklist, empty for the visit as a whole.
    """

    __tablename__ = "visit_photos"
    __table_args__ = (
        Index(
            "one_photo_a_content", "stage_round_id", "sha256", unique=True, postgresql_where=text("removed_at IS NULL")
        ),
    )

    id: UUID = identity()
    stage_round_id: UUID = to("stage_rounds")
    line: str = Field(default="", max_length=60)
    filename: str = Field(max_length=120)
    kind: str = Field(max_length=20)
    size: int
    sha256: str = Field(max_length=64)
    taken_at: str = Field(default="", max_length=19)
    latitude: float | None = None
    longitude: float | None = None
    uploaded_by: UUID = to("users")
    uploaded_at: datetime = present()
    removed_at: datetime | None = maybe_instant()


class VisitDraft(SQLModel, table=True):
    """The record of a round's visit in preparation, for the team to agree on before it is filed."""

    __tablename__ = "visit_drafts"

    id: UUID = identity()
    stage_round_id: UUID = Field(foreign_key="stage_rounds.id", unique=True)
    content: dict[str, Any] = json()
    saved_by: UUID = to("users")
    saved_at: datetime = present()


class VisitSignature(SQLModel, table=True):
    """A member of the team stands by the record of that hash, from the own account or by hand on the scanned paper."""

    __tablename__ = "visit_signatures"
    __table_args__ = (UniqueConstraint("stage_round_id", "user_id", "sha256", name="one_signature_a_record"),)

    id: UUID = identity()
    stage_round_id: UUID = to("stage_rounds")
    user_id: UUID = to("users")
    sha256: str = Field(max_length=64)
    on_paper: bool = False
    signed_at: datetime = present()


class SignedPage(SQLModel, table=True):
    """The scan of the signed page that the team brought before its record was filed; the newest one counts."""

    __tablename__ = "signed_pages"

    id: UUID = identity()
    stage_round_id: UUID = Field(foreign_key="stage_rounds.id", unique=True)
    filename: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    uploaded_by: UUID = to("users")
    uploaded_at: datetime = present()


class LineFinding(SQLModel, table=True):
    """What was found of one declared value; `difference` is its share of the declared number in per cent."""

    __tablename__ = "line_findings"
    __table_args__ = (
        UniqueConstraint("inspection_id", "line", name="one_finding_a_line"),
        CheckConstraint("NOT flagged OR note <> ''", name="flagged_with_a_note"),
    )

    id: UUID = identity()
    inspection_id: UUID = to("inspections")
    number: int
    line: str = Field(max_length=60)
    item: str = Field(max_length=40)
    title: str = Field(max_length=100)
    about: dict[str, Any] = json()
    source: str = Field(max_length=40)
    unit: str = Field(default="", max_length=20)
    declared: str = ""
    found: str = ""
    matches: bool
    difference: float | None = None
    flagged: bool = False
    note: str = ""
