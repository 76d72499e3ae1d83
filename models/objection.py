"""Objections 异议 to a public list, and their answers."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import identity, maybe_instant, present, to, word


class ObjectorKind(StrEnum):
    """Who objects: a person under the real name, or a unit under its seal."""

    PERSON = "person"
    UNIT = "unit"


class ObjectionResult(StrEnum):
    """What an investigated objection has come to."""

    UPHELD = "upheld"
    PARTLY = "partly"
    DISMISSED = "dismissed"


class Objection(SQLModel, table=True):
    """One objection to one case on a public list; `token` opens the page on which the objector follows it.

    First it is accepted or refused, then, if accepted, concluded. `gist` is what the applicant is told of it: never
    who objects. `origin` is a keyed hash of where it came from, to count how many come from there. `request_*` are
    hashes of the key and the content of the request that filed it, so that the same one again files nothing.
    """

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint("(examined_at IS NULL) = (accepted IS NULL)", name="examined_one_way"),
        CheckConstraint("accepted IS NOT FALSE OR answer <> ''", name="refused_with_reasons"),
        CheckConstraint("(concluded_at IS NULL) = (result IS NULL)", name="concluded_one_way"),
        CheckConstraint("concluded_at IS NULL OR (accepted AND answer <> '')", name="concluded_with_reasons"),
        CheckConstraint("(stated_at IS NULL) = (statement = '')", name="stated_in_words"),
        Index("open_objections", "case_id", postgresql_where=text("accepted IS NOT FALSE AND concluded_at IS NULL")),
        Index("objections_by_origin", "origin", "filed_at"),
        Index("one_objection_a_request", "request_key", unique=True, postgresql_where=text("request_key <> ''")),
    )

    id: UUID = identity()
    number: str = Field(unique=True, max_length=20)
    token: str = Field(unique=True, max_length=60)
    publicity_item_id: UUID = to("publicity_items")
    case_id: UUID = to("cases")
    kind: ObjectorKind = word(ObjectorKind)
    name: str = Field(max_length=100)
    contact: str = Field(default="", max_length=50)
    phone: str = Field(max_length=40)
    email: str = Field(default="", max_length=254)
    locale: str = Field(default="zh", max_length=2)
    facts: str
    grounds: str
    origin: str = Field(default="", max_length=64)
    request_key: str = Field(default="", max_length=64)
    request_sha256: str = Field(default="", max_length=64)
    filed_at: datetime = present()
    due_on: date
    provisional: bool = False
    accepted: bool | None = None
    examined_at: datetime | None = maybe_instant()
    examined_by: UUID | None = Field(default=None, foreign_key="users.id")
    gist: str = ""
    statement: str = ""
    stated_at: datetime | None = maybe_instant()
    stated_by: UUID | None = Field(default=None, foreign_key="users.id")
    result: ObjectionResult | None = word(ObjectionResult, default=None, nullable=True)
    answer: str = ""
    concluded_at: datetime | None = maybe_instant()
    concluded_by: UUID | None = Field(default=None, foreign_key="users.id")
    reminded_at: datetime | None = maybe_instant()
    overdue_told_at: datetime | None = maybe_instant()


class ObjectionFile(SQLModel, table=True):
    """A file that came with an objection, the sealed original or evidence; its bytes lie in the file store."""

    __tablename__ = "objection_files"

    id: UUID = identity()
    objection_id: UUID = to("objections")
    sealed: bool = False
    filename: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    size: int
    sha256: str = Field(max_length=64)


class ObjectionNote(SQLModel, table=True):
    """What the office found out while it investigated; never changed."""

    __tablename__ = "objection_notes"

    id: UUID = identity()
    objection_id: UUID = to("objections")
    text: str
    written_by: UUID = to("users")
    written_at: datetime = present()
