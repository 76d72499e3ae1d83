"""Calls, applications, their frozen submissions and documents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import identity, instant, json, maybe_instant, present, to


class Call(SQLModel, table=True):
    """A batch (批次): a dated invitation to apply with its own snapshot of the policy.

    It has two windows: applicants file from `opens_at` until `closes_at`, their bodies recommend until `recommend_by`
    (empty: as long as their own period runs). Both ends are moved by an extension only.
    """

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="window_is_a_period"),
        CheckConstraint("recommend_by >= closes_at", name="recommendations_end_last"),
    )

    id: UUID = identity()
    code: str = Field(unique=True, max_length=20)
    title: str = Field(max_length=100)
    notice: str = ""
    opens_at: datetime = instant(index=True)
    closes_at: datetime = instant()
    recommend_by: datetime | None = maybe_instant()
    policy: dict[str, Any] = json()
    opened_by: UUID | None = to("users", default=None, nullable=True)
    created_at: datetime = present()


class Application(SQLModel, table=True):
    """What one organisation asks for in one call; `content` is the draft, `version` grows with every save."""

    __tablename__ = "applications"
    __table_args__ = (UniqueConstraint("call_id", "organisation_id", name="one_application_a_call"),)

    id: UUID = identity()
    call_id: UUID = to("calls")
    organisation_id: UUID = to("organisations")
    recommender_id: UUID = to("organisations")
    content: dict[str, Any] = json()
    version: int = 1
    created_by: UUID = to("users")
    created_at: datetime = present()
    saved_at: datetime = present()


class Submission(SQLModel, table=True):
    """One filed, frozen version of an application; `sha256` is of the canonical JSON of `content` and `documents`."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("application_id", "number", name="one_submission_a_number"),)

    id: UUID = identity()
    application_id: UUID = to("applications")
    number: int
    content: dict[str, Any] = json()
    documents: list[dict[str, Any]] = json(list)
    sha256: str = Field(max_length=64)
    submitted_by: UUID = to("users")
    submitted_at: datetime = present()


class Document(SQLModel, table=True):
    """An attachment: its bytes lie in the file store under `sha256`."""

    __tablename__ = "documents"
    __table_args__ = (
        Index(
            "one_document_a_kind", "application_id", "kind", unique=True, postgresql_where=text("removed_at IS NULL")
        ),
    )

    id: UUID = identity()
    application_id: UUID = to("applications")
    kind: str = Field(max_length=40)
    filename: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    uploaded_by: UUID = to("users")
    uploaded_at: datetime = present()
    removed_at: datetime | None = maybe_instant()
