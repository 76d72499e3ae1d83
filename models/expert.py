"""The pool of experts, the panels drawn from it, invitations and conflicts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import identity, json, maybe_instant, present, to, word


class ExpertKind(StrEnum):
    """The two kinds of expertise a committee joins, Art. 5(4)."""

    CONTINUING_EDUCATION = "continuing-education"
    FIELD = "field"


class InvitationState(StrEnum):
    """What became of an invitation; `withdrawn`: the office took it back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ConflictKind(StrEnum):
    """Why somebody may not judge a case: five that are detected, three that somebody raises, one that is a fact."""

    EMPLOYER = "employer"
    CREDIT_CODE = "credit-code"
    FACULTY = "faculty"
    BODY = "body"
    RECOMMENDED = "recommended"
    DECLARED = "declared"
    REQUESTED = "requested"
    FOUND = "found"
    PART = "part"


class Expert(SQLModel, table=True):
    """The profile of somebody who may sit on a committee; `fields` are domains of the application form."""

    __tablename__ = "experts"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity_is_a_period"),
        CheckConstraint("(suspended_at IS NULL) = (suspension_reason = '')", name="suspended_with_a_reason"),
    )

    id: UUID = identity()
    user_id: UUID = Field(foreign_key="users.id", unique=True)
    kind: ExpertKind = word(ExpertKind)
    fields: list[str] = json(list)
    title: str = Field(default="", max_length=40)
    recommending_unit: str = Field(default="", max_length=100)
    valid_from: date
    valid_to: date | None = None
    suspended_at: datetime | None = maybe_instant()
    suspension_reason: str = ""
    entered_by: UUID | None = Field(default=None, foreign_key="users.id")
    entered_at: datetime = present()


class Employment(SQLModel, table=True):
    """Where an expert works or worked; without `to_on` still."""

    __tablename__ = "employments"
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="employment_is_a_period"),)

    id: UUID = identity()
    expert_id: UUID = to("experts")
    employer: str = Field(max_length=100)
    credit_code: str = Field(default="", max_length=18)
    from_on: date
    to_on: date | None = None


class Draw(SQLModel, table=True):
    """A panel that was drawn, with everything it can be drawn again from; see `regulation.drawing`."""

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint("(discarded_at IS NULL) = (discarding_reason = '')", name="discarded_with_a_reason"),
        CheckConstraint("confirmed_at IS NULL OR confirmed_by IS NOT NULL", name="confirmed_by_somebody"),
    )

    id: UUID = identity()
    call_id: UUID = to("calls")
    seed: str = Field(max_length=64)
    rules: dict[str, Any] = json()
    candidates: list[dict[str, Any]] = json(list)
    exclusions: list[dict[str, Any]] = json(list)
    members: list[str] = json(list)
    chair: str = Field(max_length=36)
    drawn_by: UUID = to("users")
    drawn_at: datetime = present()
    confirmed_by: UUID | None = Field(default=None, foreign_key="users.id")
    confirmed_at: datetime | None = maybe_instant()
    assembled_at: datetime | None = maybe_instant()
    discarded_at: datetime | None = maybe_instant()
    discarding_reason: str = ""


class DrawnFor(SQLModel, table=True):
    """One round that a draw is for; at most one draw stands for a round."""

    __tablename__ = "drawn_for"
    __table_args__ = (Index("one_draw_a_round", "stage_round_id", unique=True, postgresql_where=text("stands")),)

    id: UUID = identity()
    draw_id: UUID = to("draws")
    case_id: UUID = to("cases")
    stage_round_id: UUID = to("stage_rounds")
    stands: bool = True


class Invitation(SQLModel, table=True):
    """A seat offered to one expert: of the whole draw, or (with `seat_id`) of one seat that was vacated later.

    `standing`, `gone` and `passed` say what the next in order was drawn from, so that the draw can be repeated.
    `recorded_by`: whoever wrote down an answer that was given by telephone at `spoken_at`.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        Index("one_invitation_a_draw", "draw_id", "user_id", unique=True, postgresql_where=text("seat_id IS NULL")),
        Index("one_invitation_a_seat", "seat_id", "user_id", unique=True, postgresql_where=text("seat_id IS NOT NULL")),
        Index("open_invitations", "answer_by", postgresql_where=text("state = 'open'")),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="open_until_ended"),
        CheckConstraint("state <> 'accepted' OR promised_at IS NOT NULL", name="accepted_with_the_promise"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_a_reason"),
        CheckConstraint("(recorded_by IS NULL) = (spoken_at IS NULL)", name="recorded_with_the_hour"),
    )

    id: UUID = identity()
    draw_id: UUID = to("draws")
    user_id: UUID = to("users")
    seat_id: UUID | None = Field(default=None, foreign_key="assignments.id")
    number: int = Field(ge=1)
    leads: bool = False
    standing: list[str] = json(list)
    gone: list[str] = json(list)
    passed: list[dict[str, Any]] = json(list)
    invited_at: datetime = present()
    answer_by: date
    state: InvitationState = word(InvitationState, default=InvitationState.OPEN)
    promised_at: datetime | None = maybe_instant()
    reason: str = ""
    recorded_by: UUID | None = Field(default=None, foreign_key="users.id")
    spoken_at: datetime | None = maybe_instant()
    ended_at: datetime | None = maybe_instant()


class InvitationDuty(SQLModel, table=True):
    """The duty to answer, one in each case the invitation is about."""

    __tablename__ = "invitation_duties"

    id: UUID = identity()
    invitation_id: UUID = to("invitations")
    assignment_id: UUID = Field(foreign_key="assignments.id", unique=True)


class Conflict(SQLModel, table=True):
    """A conflict that somebody raised, or one that was detected and ruled on; `user_id` is empty for a stranger.

    It holds until it is dismissed; `upheld` is empty until the office has ruled.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        CheckConstraint("(ruled_at IS NULL) = (upheld IS NULL)", name="ruled_one_way"),
        CheckConstraint("(ruled_at IS NULL) = (ruling_reason = '')", name="ruled_with_a_reason"),
        CheckConstraint("ruled_by IS NULL OR ruled_by <> user_id", name="not_ruled_by_oneself"),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    user_id: UUID | None = to("users", default=None, nullable=True)
    kind: ConflictKind = word(ConflictKind)
    name: str = Field(default="", max_length=50)
    grounds: str = ""
    raised_by: UUID | None = Field(default=None, foreign_key="users.id")
    raised_at: datetime = present()
    upheld: bool | None = None
    ruling_reason: str = ""
    ruled_by: UUID | None = Field(default=None, foreign_key="users.id")
    ruled_at: datetime | None = maybe_instant()
