"""Questions of a panel and their answers, which change nothing in the frozen papers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, maybe_instant, present, to


class Clarification(SQLModel, table=True):
    """One question about the papers of a case, to be answered by `due_on`; `sha256` is of the papers it is about."""

    __tablename__ = "clarifications"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="one_question_a_number"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_with_words"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    number: int
    stage_round_id: UUID = to("stage_rounds")
    asked_by: UUID = to("users")
    question: str
    sha256: str = Field(max_length=64)
    due_on: date
    asked_at: datetime = present()
    answer: str = ""
    answered_by: UUID | None = to("users", default=None, nullable=True)
    answered_at: datetime | None = maybe_instant()
