"""Bells that were rung and the runs that answered them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import identity, maybe_instant, present, to, word


class Bell(SQLModel, table=True):
    """The news that a case has: written with the fact, rung after commit, answered by a run."""

    __tablename__ = "bells"
    __table_args__ = (Index("unanswered_bells", "created_at", postgresql_where=text("answered_at IS NULL")),)

    id: UUID = identity()
    case_id: UUID = to("cases")
    reason: str = Field(max_length=60)
    by: UUID | None = to("users", default=None, nullable=True)
    created_at: datetime = present()
    attempts: int = 0
    last_rung_at: datetime | None = maybe_instant()
    flow_run_id: UUID | None = None
    answered_at: datetime | None = maybe_instant()
    answered_by: UUID | None = Field(default=None, foreign_key="runs.id")


class RunState(StrEnum):
    """How a run ended for us; Prefect has its own words."""

    RUNNING = "running"
    WAITING = "waiting"
    CLOSED = "closed"
    FAILED = "failed"
    LOST = "lost"


class Run(SQLModel, table=True):
    """One waking of a case: what it did and what the case waited for when it ended."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="running_until_ended"),
        Index("running_runs", "started_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    flow_run_id: UUID = Field(unique=True)
    attempt: int = 1
    reason: str = Field(default="", max_length=200)
    state: RunState = word(RunState, default=RunState.RUNNING)
    ended_in: str = Field(default="", max_length=60)
    started_at: datetime = present()
    ended_at: datetime | None = maybe_instant()
    failed_step: str = Field(default="", max_length=60)
    error: str = ""
    traceback: str = ""


class RunStep(SQLModel, table=True):
    """One step a run took; written in the step's own transaction, so it is there exactly when its effect is."""

    __tablename__ = "run_steps"
    __table_args__ = (UniqueConstraint("run_id", "number", name="one_step_a_number"),)

    id: UUID = identity()
    run_id: UUID = to("runs")
    number: int
    step: str = Field(max_length=60)
    did: str = Field(default="", max_length=200)
    at: datetime = present()
