"""Opinions, binding decisions and inspections."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, json, maybe_instant, present, to, word
from regulation.outcomes import Outcome


class Recommendation(StrEnum):
    """What an expert advises."""

    PASS = "pass"  # noqa: S105 - not a password
    RETURN = "return"
    FAIL = "fail"


class Review(SQLModel, table=True):
    """One expert's opinion, bound to the assignment it fulfils.

    `marks` and `remarks` are by item of the call's scoring sheet, empty where the call has none; `score` is their sum.
    A void one counts no longer: its expert may not judge the case. `taken_from`: the same opinion in the round before,
    whose conclusion was undone.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score_of_a_hundred"),
        CheckConstraint("(voided_at IS NULL) = (voided_reason = '')", name="voided_with_a_reason"),
    )

    id: UUID = identity()
    assignment_id: UUID = Field(foreign_key="assignments.id", unique=True)
    stage_round_id: UUID = to("stage_rounds")
    score: int
    marks: dict[str, int] = json()
    remarks: dict[str, str] = json()
    recommendation: Recommendation = word(Recommendation)
    opinion: str
    submission_id: UUID = to("submissions")
    reviewed_at: datetime = present()
    voided_at: datetime | None = maybe_instant()
    voided_reason: str = ""
    taken_from: UUID | None = Field(default=None, foreign_key="reviews.id")


class ReviewDraft(SQLModel, table=True):
    """What an expert has typed so far, field by field; gone when the opinion is submitted."""

    __tablename__ = "review_drafts"

    id: UUID = identity()
    assignment_id: UUID = Field(foreign_key="assignments.id", unique=True)
    typed: dict[str, str] = json()
    version: int = 1
    saved_at: datetime = present()


class Decision(SQLModel, table=True):
    """The binding outcome of a round; never changed, at most undone as long as nothing has followed from it.

    Every ending is one: a withdrawal is the applicant's decision on the open round (Art. 5(1): voluntary), a lapse is
    the system's. So whoever comes second, whatever they want, is told who decided and when. `in_place_of` names the
    person whom whoever decided stood in for.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("case_id", "stage", "round", name="one_decision_a_round"),
        CheckConstraint("by_system = (decided_by IS NULL)", name="by_a_person_or_by_the_system"),
        CheckConstraint("outcome = 'approved' OR reasons <> ''", name="unfavourable_with_reasons"),
        CheckConstraint("(undone_at IS NULL) = (undoing_reason = '')", name="undone_with_a_reason"),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    stage: str = Field(max_length=20)
    round: int
    outcome: Outcome = word(Outcome)
    reasons: str = ""
    corrections: list[str] = json(list)
    decided_by: UUID | None = to("users", default=None, nullable=True)
    by_system: bool = False
    decided_at: datetime = present()
    undone_at: datetime | None = maybe_instant()
    undone_by: UUID | None = Field(default=None, foreign_key="users.id")
    undoing_reason: str = ""
    in_place_of: str = Field(default="", max_length=50)


class Inspection(SQLModel, table=True):
    """The visit to the institution, final once it is filed.

    `sha256` is of the canonical record with its photos' hashes: what the team has signed; `scan_*`: the signed
    paper. `basic`: 基本符合, approved with something to be improved.
    """

    __tablename__ = "inspections"

    id: UUID = identity()
    stage_round_id: UUID = Field(foreign_key="stage_rounds.id", unique=True)
    visited_on: date
    summary: str
    basic: bool = False
    representative: str = Field(default="", max_length=50)
    photos: list[dict[str, Any]] = json(list)
    scan_name: str = Field(default="", max_length=120)
    scan_sha256: str = Field(default="", max_length=64)
    sha256: str = Field(default="", max_length=64)
    recorded_by: UUID = to("users")
    recorded_at: datetime = present()


class Finding(SQLModel, table=True):
    """What was seen beside what was declared."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("inspection_id", "item", name="one_finding_an_item"),)

    id: UUID = identity()
    inspection_id: UUID = to("inspections")
    item: str = Field(max_length=40)
    declared: str = ""
    found: str = ""
    matches: bool
    note: str = ""
