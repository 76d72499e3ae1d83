"""Calls beside their windows: extensions and the papers of the notice; the policy's parameters in time."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.i18n import marked
from models.columns import identity, instant, maybe_instant, present, to, word
from regulation.provenance import Source


class Window(StrEnum):
    """The two windows of a call: from the applicant to its recommending body, and from there to the province."""

    APPLICATION = "application"
    RECOMMENDATION = "recommendation"

    @property
    def title(self) -> str:  # type: ignore[override]  # our words have titles, not title case
        """The Chinese term."""
        return WINDOWS[self]


WINDOWS = {Window.APPLICATION: marked("申报截止时间"), Window.RECOMMENDATION: marked("推荐上报截止时间")}


class PolicyChange(SQLModel, table=True):
    """A parameter's value for the calls that open on `effective_on` or later; only added to, never changed.

    It is a proposal until another person has confirmed it, see `PolicyRuling`. Of two confirmed ones for the same day
    the later recorded holds: that is how a slip of the pen is mended.
    """

    __tablename__ = "policy_changes"
    __table_args__ = (
        Index("of_one_parameter", "parameter", "effective_on", "recorded_at"),
        CheckConstraint("citation <> ''", name="rests_on_something"),
        UniqueConstraint("id", "recorded_by", name="a_change_and_its_proposer"),
    )

    id: UUID = identity()
    parameter: str = Field(max_length=40)
    value: float
    effective_on: date
    source: Source = word(Source)
    citation: str = Field(max_length=200)
    recorded_by: UUID = to("users")
    recorded_at: datetime = present()


class PolicyRuling(SQLModel, table=True):
    """How a proposed change of the policy ended, once; only added to, never changed.

    Another person has confirmed or declined it, or its proposer has withdrawn it. Nobody is named where the change was
    recorded before two persons were needed.
    """

    __tablename__ = "policy_rulings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["change_id", "proposed_by"],
            ["policy_changes.id", "policy_changes.recorded_by"],
            name="of_the_change_as_proposed",
        ),
        CheckConstraint("(decided_by = proposed_by) = withdrawn", name="by_two_persons"),
        CheckConstraint("decided_by IS NOT NULL OR confirmed", name="declined_by_somebody"),
        CheckConstraint("confirmed OR withdrawn OR answer <> ''", name="declined_with_reasons"),
        CheckConstraint("NOT (withdrawn AND confirmed)", name="withdrawn_is_not_confirmed"),
    )

    change_id: UUID = Field(primary_key=True)
    proposed_by: UUID
    confirmed: bool
    withdrawn: bool = False
    answer: str = Field(default="", max_length=500)
    decided_by: UUID | None = to("users", default=None, nullable=True)
    decided_at: datetime = present()


class CallExtension(SQLModel, table=True):
    """A decision that a window of a call ends later: which one, from when to when, and why."""

    __tablename__ = "call_extensions"
    __table_args__ = (
        UniqueConstraint("call_id", "number", name="one_extension_a_number"),
        CheckConstraint("until > was", name="extends_to_a_later_moment"),
    )

    id: UUID = identity()
    call_id: UUID = to("calls")
    number: int
    window: Window = word(Window)
    was: datetime = instant()
    until: datetime = instant()
    reasons: str = Field(max_length=500)
    decided_by: UUID = to("users")
    decided_at: datetime = present()


class NoticeAttachment(SQLModel, table=True):
    """A paper of a call's notice: its bytes lie in the file store under `sha256`."""

    __tablename__ = "notice_attachments"
    __table_args__ = (
        Index("one_paper_a_notice", "call_id", "sha256", unique=True, postgresql_where=text("removed_at IS NULL")),
    )

    id: UUID = identity()
    call_id: UUID = to("calls")
    filename: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    attached_by: UUID = to("users")
    attached_at: datetime = present()
    removed_at: datetime | None = maybe_instant()
