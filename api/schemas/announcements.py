"""Announcements: the numbered documents and what they list."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.applications import Sha256
from api.schemas.certificates import Number
from api.schemas.common import Day, Given, GivenDay, Instant, Short, Told
from casework.certificates import Validity, validity_of
from casework.publication.announcement_pdf import Line
from casework.publication.announcements import Published
from casework.publication.waiting import Unannounced
from models.certificate import Certificate

DocumentNumber = Annotated[Short, Field(max_length=60, examples=["鄂人社函〔2026〕128号"])]


class AnnouncementGiven(Given):
    """A document to be made; `certificates` are numbers, their order does not matter."""

    number: DocumentNumber
    title: Annotated[Short, Field(max_length=100, examples=["关于公布湖北省专业技术人员继续教育基地名单的通知"])]
    dated_on: GivenDay
    certificates: Annotated[list[Short], Field(max_length=500, examples=[["鄂继教基地〔2026〕0001号"]])]


class AnnouncementTold(Told):
    """An announcement."""

    id: UUID
    number: str = Field(examples=["鄂人社函〔2026〕128号"])
    title: str = Field(examples=["关于公布湖北省专业技术人员继续教育基地名单的通知"])
    dated_on: Day
    published_at: Instant
    sha256: Sha256
    call: str = Field(examples=["2026-1"])
    size: int = Field(description="How many bases it lists.")
    pdf: str = Field(examples=["/api/v1/announcements/6f9a1f6e-8a52-4a3e-9f38-3c1c53f5a0d1/pdf"])

    @classmethod
    def of(cls, published: Published) -> "AnnouncementTold":
        """Tell an announcement."""
        own = {"id", "number", "title", "dated_on", "published_at", "sha256"}
        told = published.announcement
        pdf = f"/api/v1/announcements/{told.id}/pdf"
        return cls(**told.model_dump(include=own), call=published.call.code, size=published.size, pdf=pdf)


class AnnouncedBase(Told):
    """One line of an announcement; `validity` is as of now, all else as printed."""

    place: int
    number: Number
    name: str
    base_name: str
    area_code: str = Field(examples=["420100"])
    fields: list[str] = Field(examples=[["biotechnology"]])
    recommender: str = Field(examples=["武汉市人力资源和社会保障局"])
    valid_until: Day | None
    validity: Validity

    @classmethod
    def of(cls, line: Line, certificate: Certificate) -> "AnnouncedBase":
        """Tell a line."""
        return cls(
            place=line.place,
            number=certificate.number,
            name=line.entry.name,
            base_name=line.entry.base_name,
            area_code=line.entry.area_code,
            fields=line.entry.fields.split(),
            recommender=line.recommender,
            valid_until=certificate.valid_until,
            validity=validity_of(certificate),
        )


class AnnouncementWithBases(AnnouncementTold):
    """An announcement with what it lists."""

    bases: list[AnnouncedBase]

    @classmethod
    def whole(cls, published: Published, lines: Sequence[tuple[Line, Certificate]]) -> "AnnouncementWithBases":
        """Tell an announcement and its lines."""
        told = AnnouncementTold.of(published).model_dump()
        return cls(**told, bases=[AnnouncedBase.of(line, certificate) for line, certificate in lines])


class UnannouncedTold(Told):
    """A base that waits to be announced."""

    number: Number
    name: str
    base_name: str
    area_code: str = Field(examples=["420100"])
    recommender: str
    due_on: Day
    provisional: bool = Field(description="Counted over a year that has no official calendar yet.")
    late: bool

    @classmethod
    def of(cls, one: Unannounced) -> "UnannouncedTold":
        """Tell what waits."""
        return cls(
            number=one.certificate.number,
            name=one.entry.name,
            base_name=one.entry.base_name,
            area_code=one.entry.area_code,
            recommender=one.recommender,
            due_on=one.due.day,
            provisional=one.due.provisional,
            late=one.late,
        )
