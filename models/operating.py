"""What operators do: asking for runs again, and marking a part of a step as done by hand."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import identity, json, maybe_instant, present, to, word


class Rerun(SQLModel, table=True):
    """One operator's wish to run stalled cases again, so that it can be looked at later."""

    __tablename__ = "reruns"

    id: UUID = identity()
    by: UUID = to("users")
    asked_at: datetime = present()


class RerunCase(SQLModel, table=True):
    """One case of a rerun: the bell that was hung, what was foretold, or why nothing was asked for.

    What came of it is never written here: it is read from the bell's run, so it cannot say more than happened.
    """

    __tablename__ = "rerun_cases"
    __table_args__ = (
        UniqueConstraint("rerun_id", "case_id", name="a_case_once_a_rerun"),
        CheckConstraint("(bell_id IS NULL) = (refused <> '')", name="asked_or_refused"),
    )

    id: UUID = identity()
    rerun_id: UUID = to("reruns")
    case_id: UUID = to("cases")
    bell_id: UUID | None = to("bells", default=None, nullable=True)
    failed_run: UUID | None = Field(default=None, foreign_key="runs.id")
    foretold: list[str] = json(list)
    leads_to: str = Field(default="", max_length=60)
    refused: str = Field(default="", max_length=20)


class Part(StrEnum):
    """A part of a step that people can do in its place; the facts of the procedure itself are none (ADR 13)."""

    LETTERS = "letters"
    NOTICE = "notice"
    VISIT_DAYS = "visit-days"
    FREED_PLACE = "freed-place"


class StepWaiver(SQLModel, table=True):
    """A part of a step that was done by hand: the step asks for it and passes it over.

    It stands until it is withdrawn, counts once it is confirmed, and can be withdrawn until a step has used it.
    """

    __tablename__ = "step_waivers"
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="by_two_persons"),
        CheckConstraint(
            "confirmed_at IS NULL OR confirmed_by IS NOT NULL OR part NOT IN ('letters', 'notice')",
            name="irrevocable_needs_two",
        ),
        CheckConstraint("confirmed_by IS NULL OR confirmed_at IS NOT NULL", name="confirmed_at_an_instant"),
        CheckConstraint("used_at IS NULL OR confirmed_at IS NOT NULL", name="used_when_confirmed"),
        CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="used_is_not_withdrawn"),
        CheckConstraint("reason <> ''", name="with_a_reason"),
        Index(
            "one_standing_waiver",
            "case_id",
            "step",
            "part",
            "stage",
            "round",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    step: str = Field(max_length=60)
    part: Part = word(Part)
    stage: str = Field(max_length=20)
    round: int
    reason: str = Field(max_length=500)
    proposed_by: UUID = to("users")
    proposed_at: datetime = present()
    confirmed_by: UUID | None = to("users", default=None, nullable=True)
    confirmed_at: datetime | None = maybe_instant()
    withdrawn_by: UUID | None = to("users", default=None, nullable=True)
    withdrawn_at: datetime | None = maybe_instant()
    used_at: datetime | None = maybe_instant()
