"""Public lists, and the objections to them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.common import Day, Given, GivenDay, GivenId, Instant, Long, Reference, Short, Told, Word
from casework.objections.looking import Dossier, Listed, standing_of
from casework.public_lists import ListedCase, PublicList
from core.i18n import gettext, marked
from models.objection import Objection

STATES = {"open": marked("公示中"), "ahead": marked("即将公示"), "closed": marked("公示期满")}


class PublicityGiven(Given):
    """A list to make public."""

    title: Annotated[Short, Field(examples=["2026年度第一批拟认定名单公示"])]
    first_on: Annotated[GivenDay, Field(description="A working day, today or later.")]
    assignments: Annotated[
        list[GivenId], Field(max_length=500, description="The open `publicise` duties of one call, one a case.")
    ]
    contact: Annotated[Short, Field(max_length=300, description="To whom one may object, line by line.")] = ""


class LineTold(Told):
    """One case on a list."""

    reference: Reference
    unit: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    fields: list[str] = Field(description="By key, see `GET /form`.", examples=[["manufacturing"]])
    recommender: str = Field(examples=["武汉市人力资源和社会保障局"])

    @classmethod
    def of(cls, one: ListedCase) -> "LineTold":
        """Tell a line."""
        return cls(
            reference=one.case.reference,
            unit=one.unit,
            base_name=one.base_name,
            fields=one.domains,
            recommender=one.recommender,
        )


class PublicityTold(Told):
    """A public list: one may object to what is on it from its first to its last day."""

    id: UUID
    call: str = Field(examples=["2026-1"])
    title: str = Field(examples=["2026年度第一批拟认定名单公示"])
    first_on: Day
    last_on: Day
    days: int = Field(description="Working days.", examples=[5])
    state: Word = Field(examples=[{"key": "open", "title": "公示中"}])
    contact: str
    page: str = Field(examples=["/publicity/6f9a1f6e-8a52-4a3e-9f38-3c1c53f5a0d1"])

    @classmethod
    def of(cls, one: PublicList) -> "PublicityTold":
        """Tell a list."""
        own = {"id", "title", "first_on", "last_on", "days", "contact"}
        return cls(
            **one.publicity.model_dump(include=own),
            call=one.call.code,
            state=Word.of(one.state, STATES[one.state]),
            page=f"/publicity/{one.publicity.id}",
        )


class PublicityWithCases(PublicityTold):
    """A public list with the cases on it."""

    cases: list[LineTold]

    @classmethod
    def whole(cls, public: PublicList, cases: list[ListedCase]) -> "PublicityWithCases":
        """Tell a list with its cases."""
        return cls(**PublicityTold.of(public).model_dump(), cases=[LineTold.of(one) for one in cases])


class AcceptanceGiven(Given):
    """What the applicant is told of an objection; never who objects."""

    gist: Annotated[Long, Field(examples=["反映2025年度培训人数不实。"])]


class RefusalGiven(Given):
    """Why an objection is not taken up."""

    reasons: Annotated[Long, Field(examples=["没有具体事实。"])]


class NoteGiven(Given):
    """What was found out."""

    text: Annotated[Long, Field(examples=["已调阅签到表原件，与名册逐一核对。"])]


class ConclusionGiven(Given):
    """What an objection has come to, and why."""

    result: Annotated[Short, Field(description="`upheld`, `partly` or `dismissed`.", examples=["dismissed"])]
    reasons: Annotated[Long, Field(examples=["经核查，所反映的情况与事实不符。"])]


class StatementGiven(Given):
    """The institution's answer."""

    statement: Annotated[Long, Field(examples=["名册系录入错误，附更正说明。"])]


class ObjectionTold(Told):
    """An objection as the applicant may know it: without its author."""

    id: UUID
    number: str = Field(examples=["异议〔2026〕0001号"])
    filed_at: Instant
    due_on: Day
    standing: str = Field(examples=["已受理，调查中"])
    gist: str
    statement: str
    result: str | None = Field(None, examples=["dismissed"])

    @classmethod
    def of(cls, objection: Objection) -> "ObjectionTold":
        """Tell an objection."""
        own = {"id", "number", "filed_at", "due_on", "gist", "statement", "result"}
        return cls(**objection.model_dump(include=own), standing=gettext(standing_of(objection)))


class ObjectionLine(ObjectionTold):
    """An objection in the office's list."""

    case: Reference
    open: bool = Field(description="Whether it still holds its case up.")

    @classmethod
    def line(cls, one: Listed) -> "ObjectionLine":
        """Tell a line."""
        told = ObjectionTold.of(one.objection).model_dump()
        return cls(**told, case=one.case.reference, open=one.open)


class FileTold(Told):
    """A file that came with an objection."""

    filename: str
    media_type: str
    size: int
    sha256: str
    sealed: bool = Field(description="Whether it is the unit's sealed original.")


class NoteTold(Told):
    """One note of an investigation."""

    text: str
    by: str
    at: Instant


class ObjectionWhole(ObjectionLine):
    """An objection with everything, for those who handle or decide it."""

    kind: str = Field(examples=["person"])
    name: str
    contact: str
    phone: str
    email: str
    facts: str
    grounds: str
    answer: str
    files: list[FileTold]
    notes: list[NoteTold]

    @classmethod
    def whole(cls, found: Dossier) -> "ObjectionWhole":
        """Tell everything."""
        own = {"kind", "name", "contact", "facts", "grounds", "answer"}
        return cls(
            **ObjectionLine.line(found.listed).model_dump(),
            **found.objection.model_dump(include=own),
            phone=found.phone,
            email=found.email,
            files=[FileTold.model_validate(one) for one in found.files],
            notes=[NoteTold(text=note.text, by=user.name, at=note.written_at) for note, user in found.notes],
        )
