"""Organisations: who applies, who recommends, who decides."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, present, word


class OrganisationKind(StrEnum):
    """What an organisation is in article 5 and 15."""

    INSTITUTION = "institution"
    AREA_BUREAU = "area-bureau"
    DEPARTMENT = "department"
    PROVINCE = "province"


RECOMMENDING = (OrganisationKind.AREA_BUREAU, OrganisationKind.DEPARTMENT)
"""The kinds that may recommend, Art. 5(3)."""


class Organisation(SQLModel, table=True):
    """An institution, a recommending body, or the province's department."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("kind <> 'institution' OR credit_code IS NOT NULL", name="institution_has_credit_code"),
        CheckConstraint("kind <> 'area-bureau' OR area_code <> ''", name="bureau_has_area"),
    )

    id: UUID = identity()
    kind: OrganisationKind = word(OrganisationKind)
    name: str = Field(max_length=100, unique=True)
    credit_code: str | None = Field(default=None, unique=True, max_length=18)
    area_code: str = Field(default="", max_length=6)
    created_at: datetime = present()
