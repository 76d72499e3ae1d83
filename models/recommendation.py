"""What recommending and accepting leave on record: check lists, signed scans, ranks, places and notices (Art. 5(3))."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import identity, json, maybe_instant, present, to, word
from regulation.outcomes import Outcome


class Examination(SQLModel, table=True):
    """The check list behind one decision; `items` are `{"item", "answer", "note"}` in the order of the list.

    `handled_by` (经办人) and `signed_by` (负责人) are the names on the paper; empty where the list asks for none.
    """

    __tablename__ = "examinations"

    id: UUID = identity()
    case_id: UUID = to("cases")
    stage_round_id: UUID = Field(foreign_key="stage_rounds.id", unique=True)
    items: list[dict[str, Any]] = json(list)
    handled_by: str = Field(default="", max_length=50)
    signed_by: str = Field(default="", max_length=50)
    recorded_by: UUID = to("users")
    recorded_at: datetime = present()


class SignedScan(SQLModel, table=True):
    """The signed and sealed recommendation, scanned: its bytes lie in the file store under `sha256`."""

    __tablename__ = "signed_scans"
    __table_args__ = (
        Index("one_scan_a_round", "stage_round_id", unique=True, postgresql_where=text("removed_at IS NULL")),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    stage_round_id: UUID = Field(foreign_key="stage_rounds.id")
    filename: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    uploaded_by: UUID = to("users")
    uploaded_at: datetime = present()
    removed_at: datetime | None = maybe_instant()


class Ranking(SQLModel, table=True):
    """A file's rank among those of its body in its call; `waiting_since` while it is on the waiting list."""

    __tablename__ = "rankings"
    __table_args__ = (CheckConstraint("place >= 1", name="place_counts_from_one"),)

    id: UUID = identity()
    case_id: UUID = Field(foreign_key="cases.id", unique=True)
    place: int
    waiting_since: datetime | None = maybe_instant()
    ranked_by: UUID = to("users")
    ranked_at: datetime = present()


class CallQuota(SQLModel, table=True):
    """How many files one body may recommend in one call, where that differs from the call's rule for everybody."""

    __tablename__ = "call_quotas"
    __table_args__ = (
        UniqueConstraint("call_id", "recommender_id", name="one_quota_a_body"),
        CheckConstraint("places >= 0", name="places_are_counted"),
    )

    id: UUID = identity()
    call_id: UUID = to("calls")
    recommender_id: UUID = to("organisations")
    places: int
    set_by: UUID = to("users")
    set_at: datetime = present()


class AcceptanceNotice(SQLModel, table=True):
    """The dated notice 受理通知书, or 不予受理通知书 with its reasons: kept as it was issued, under `sha256`."""

    __tablename__ = "acceptance_notices"

    id: UUID = identity()
    case_id: UUID = to("cases")
    stage_round_id: UUID = Field(foreign_key="stage_rounds.id", unique=True)
    outcome: Outcome = word(Outcome)
    number: str = Field(unique=True, max_length=40)
    submission_id: UUID = to("submissions")
    issued_on: date
    sha256: str = Field(max_length=64)
    issued_at: datetime = present()
