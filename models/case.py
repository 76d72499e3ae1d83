"""Cases, the rounds of their stages, and whose duty what is."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import identity, maybe_instant, present, to, word
from regulation.outcomes import Outcome
from regulation.roles import Duty


class Case(SQLModel, table=True):
    """The proceeding about one application, pinned to one procedure.

    `stage` repeats the open round's stage for lists; `stalled_at` is set while its
    last run has failed and an operator is needed.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_an_outcome"),
        CheckConstraint("closed_at IS NULL OR stalled_at IS NULL", name="closed_is_not_stalled"),
        Index("open_cases_by_stage", "stage", postgresql_where=text("closed_at IS NULL")),
    )

    id: UUID = identity()
    application_id: UUID = Field(foreign_key="applications.id", unique=True)
    reference: str = Field(unique=True, max_length=20)
    procedure: str = Field(max_length=20)
    stage: str = Field(max_length=20)
    opened_at: datetime = present()
    closed_at: datetime | None = maybe_instant()
    outcome: Outcome | None = word(Outcome, default=None, nullable=True)
    stalled_at: datetime | None = maybe_instant()


class StageRound(SQLModel, table=True):
    """The n-th attempt at a stage; at most one is open in a case."""

    __tablename__ = "stage_rounds"
    __table_args__ = (
        UniqueConstraint("case_id", "stage", "round", name="one_round_a_number"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="round_closed_with_an_outcome"),
        Index("one_open_round_a_case", "case_id", unique=True, postgresql_where=text("closed_at IS NULL")),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    stage: str = Field(max_length=20)
    round: int = Field(ge=1)
    opened_at: datetime = present()
    closed_at: datetime | None = maybe_instant()
    outcome: Outcome | None = word(Outcome, default=None, nullable=True)


class Assignment(SQLModel, table=True):
    """One duty in a round, of a person, of an organisation, or (when both are empty) of everyone with its role.

    `leads` marks the chair of a panel and the leader of a team. `ended_at` is set when it is done or no longer needed;
    `replaced_by` is the duty that the office gave to another in its place; `done_for` is the person in whose place
    somebody did it; a void one counts no longer, whatever was asked or done. `reminded_at` lies before the due day,
    `pressed_at` and `escalated_at` after it.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("user_id IS NULL OR organisation_id IS NULL", name="person_or_organisation_or_role"),
        CheckConstraint("done_at IS NULL OR ended_at IS NOT NULL", name="done_is_ended"),
        CheckConstraint(
            "replaced_by IS NULL OR (ended_at IS NOT NULL AND (done_at IS NULL OR voided_at IS NOT NULL))",
            name="replaced_is_undone_or_void",
        ),
        CheckConstraint("voided_at IS NULL OR ended_at IS NOT NULL", name="voided_is_ended"),
        Index(
            "one_assignment_a_person",
            "stage_round_id",
            "duty",
            "user_id",
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index("one_assignment_a_role", "stage_round_id", "duty", unique=True, postgresql_where=text("user_id IS NULL")),
        Index("open_assignments", "due_on", postgresql_where=text("ended_at IS NULL")),
    )

    id: UUID = identity()
    stage_round_id: UUID = to("stage_rounds")
    case_id: UUID = to("cases")
    duty: Duty = word(Duty)
    user_id: UUID | None = to("users", default=None, nullable=True)
    organisation_id: UUID | None = to("organisations", default=None, nullable=True)
    leads: bool = False
    due_on: date
    provisional: bool = False
    assigned_at: datetime = present()
    assigned_by: UUID | None = Field(default=None, foreign_key="users.id")
    reminded_at: datetime | None = maybe_instant()
    pressed_at: datetime | None = maybe_instant()
    escalated_at: datetime | None = maybe_instant()
    done_at: datetime | None = maybe_instant()
    done_by: UUID | None = Field(default=None, foreign_key="users.id")
    done_for: UUID | None = Field(default=None, foreign_key="users.id")
    ended_at: datetime | None = maybe_instant()
    replaced_by: UUID | None = Field(default=None, foreign_key="assignments.id")
    voided_at: datetime | None = maybe_instant()
