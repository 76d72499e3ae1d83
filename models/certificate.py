"""Certificates, their numbers, and the public register."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import identity, maybe_instant, present, to


class Series(SQLModel, table=True):
    """A counter: numbers are taken by `UPDATE … RETURNING` in the transaction that uses them, so none is lost."""

    __tablename__ = "series"

    name: str = Field(primary_key=True, max_length=40)
    last: int = 0


class Certificate(SQLModel, table=True):
    """The act of accreditation; `token` opens its verification page, `sha256` is of the PDF.

    `valid_until` is its last valid day, empty for one without end.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revocation_reason = '')", name="revoked_with_a_reason"),
        CheckConstraint("valid_until >= issued_on", name="valid_for_a_time"),
        Index("one_live_certificate_a_case", "case_id", unique=True, postgresql_where=text("revoked_at IS NULL")),
    )

    id: UUID = identity()
    case_id: UUID = to("cases")
    number: str = Field(unique=True, max_length=40)
    token: str = Field(unique=True, max_length=40)
    holder: str = Field(max_length=100)
    base_name: str = Field(max_length=100)
    credit_code: str = Field(max_length=18)
    issued_on: date
    valid_until: date | None = None
    sha256: str = Field(default="", max_length=64)
    created_at: datetime = present()
    revoked_at: datetime | None = maybe_instant()
    revocation_reason: str = ""


class RegisterEntry(SQLModel, table=True):
    """A line of the public register, Art. 6."""

    __tablename__ = "register_entries"

    id: UUID = identity()
    certificate_id: UUID = Field(foreign_key="certificates.id", unique=True)
    name: str = Field(max_length=100)
    base_name: str = Field(max_length=100)
    area_code: str = Field(max_length=6)
    fields: str = ""
    published_on: date = Field(index=True)
