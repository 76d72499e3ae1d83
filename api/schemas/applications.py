"""Applications: the draft, its papers, and what is still to be done."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from api.errors import pointer_of
from api.schemas.common import Given, GivenId, Instant, ProblemFault, Reference, Short, Told
from casework.applications import documents_of, is_editable
from casework.cases import of_application
from core.errors import Fault
from core.i18n import gettext
from models.application import Application, Call, Document, Submission
from models.organisation import Organisation
from regulation.form.reading import SectionState, completeness
from regulation.policy import policy_of

Sha256 = Annotated[str, Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])]
Kind = Annotated[str, Field(examples=["registration_certificate"])]


class ApplicationGiven(Given):
    """An application to begin."""

    call: Annotated[Short, Field(description="The call's code.", examples=["2026-1"])]
    recommender_id: Annotated[GivenId, Field(description="One of `GET /recommenders`.")]


class AttachmentTold(Told):
    """A paper that is attached."""

    kind: Kind
    filename: str = Field(examples=["事业单位法人证书.pdf"])
    size: int = Field(examples=[204_800])
    sha256: Sha256
    uploaded_at: Instant

    @classmethod
    def of(cls, document: Document) -> "AttachmentTold":
        """Tell a paper."""
        return cls.model_validate(document)


class SectionStateTold(Told):
    """How far a section has come."""

    key: str = Field(examples=["basics"])
    title: str = Field(examples=["基本情况"])
    filled: int = Field(examples=[20])
    of: int = Field(examples=[23])
    complete: bool
    errors: list[ProblemFault] = Field(description="What is filled in, but wrongly.")
    missing: list[ProblemFault] = Field(description="What a submission still lacks.")

    @classmethod
    def told(cls, state: SectionState) -> "SectionStateTold":
        """Tell the state of a section."""
        return cls(
            key=state.section.key,
            title=gettext(state.section.title),
            filled=state.filled,
            of=state.of,
            complete=state.complete,
            errors=[fault_told(fault) for fault in state.faults],
            missing=[fault_told(fault) for fault in state.lacking],
        )


class ApplicationBrief(Told):
    """An application in a list."""

    id: UUID
    call: str = Field(examples=["2026-1"])
    version: int = Field(examples=[7])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    created_at: Instant
    saved_at: Instant

    @classmethod
    def of(cls, application: Application, call: Call) -> "ApplicationBrief":
        """Tell an application in short."""
        return cls(call=call.code, base_name=str(application.content.get("base_name", "")), **_stamps(application))


class ApplicationTold(ApplicationBrief):
    """An application with everything that belongs to it."""

    recommender_id: UUID
    recommender: str = Field(examples=["武汉市人力资源和社会保障局"])
    case: Reference | None = Field(None, description="The case it became by its first submission.")
    editable: bool
    content: dict[str, Any] = Field(
        description="Answers by key, see `GET /form`.", examples=[{"unit_name": "江汉示例职业技术学院"}]
    )
    attachments: list[AttachmentTold]
    sections: list[SectionStateTold]

    @classmethod
    def whole(cls, session: Session, application: Application) -> "ApplicationTold":
        """Tell an application."""
        call = session.get_one(Call, application.call_id)
        case = of_application(session, application.id)
        papers = documents_of(session, application.id)
        states = completeness(application.content, {paper.kind for paper in papers}, policy_of(call.policy))
        return cls(
            **ApplicationBrief.of(application, call).model_dump(),
            recommender_id=application.recommender_id,
            recommender=session.get_one(Organisation, application.recommender_id).name,
            case=case.reference if case else None,
            editable=is_editable(session, application, case),
            content=application.content,
            attachments=[AttachmentTold.of(paper) for paper in papers],
            sections=[SectionStateTold.told(state) for state in states],
        )


class RowsTold(Told):
    """What came of bringing rows."""

    table: str = Field(examples=["teachers"])
    taken: int = Field(description="Rows that were brought.", examples=[24])
    rows: int = Field(description="Rows that the table has now.", examples=[24])
    version: int = Field(examples=[8])


class SubmissionTold(Told):
    """One filed, frozen version, without its content."""

    case: Reference
    number: int = Field(description="1, and one more for every correction.", examples=[1])
    sha256: Sha256 = Field(description="Of the canonical JSON of content and papers.")
    submitted_at: Instant

    @classmethod
    def of(cls, reference: str, submission: Submission) -> "SubmissionTold":
        """Tell what was filed."""
        stamps = submission.model_dump(include={"number", "sha256", "submitted_at"})
        return cls(case=reference, **stamps)


def fault_told(fault: Fault) -> ProblemFault:
    """Tell a fault."""
    return ProblemFault(pointer=pointer_of(fault), detail=gettext(fault.message))


def _stamps(application: Application) -> dict[str, Any]:
    return application.model_dump(include={"id", "version", "created_at", "saved_at"})
