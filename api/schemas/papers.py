"""What a case is judged by: the papers, the reviews, the visits, and the runs of its flow."""

from typing import Any
from uuid import UUID

from pydantic import Field

from api.schemas.applications import Sha256, SubmissionTold
from api.schemas.cases import TurnTold
from api.schemas.common import Day, Instant, Reference, Told, Word
from api.schemas.visits import LineFoundTold, PhotoTold, SignatureTold
from casework.inspections import ITEMS
from casework.naming import Naming
from casework.reviews import RECOMMENDATIONS
from core.i18n import gettext
from flows.gateway import page_of
from models.application import Submission
from models.case import StageRound
from models.engine import Run, RunStep
from models.judgement import Finding, Inspection, Recommendation, Review
from models.person import User
from models.visit import LineFinding, VisitSignature
from regulation.form.masking import masked
from regulation.roles import Role


class FiledPaperTold(Told):
    """A paper that was filed."""

    kind: str = Field(examples=["registration_certificate"])
    filename: str = Field(examples=["事业单位法人证书.pdf"])
    size: int = Field(examples=[204_800])
    sha256: Sha256
    address: str = Field(examples=["/api/v1/cases/JD-2026-0001/files/9f86d081…"])


class FiledTold(SubmissionTold):
    """One filed, frozen version with its content."""

    content: dict[str, Any]
    documents: list[FiledPaperTold]

    @classmethod
    def whole(cls, reference: str, submission: Submission, *, personal: bool) -> "FiledTold":
        """Tell what was filed; without `personal`, phones, e-mails and birth dates hidden."""
        here = f"/api/v1/cases/{reference}/files"
        papers = [FiledPaperTold(**paper, address=f"{here}/{paper['sha256']}") for paper in submission.documents]
        brief = SubmissionTold.of(reference, submission).model_dump()
        return cls(**brief, content=submission.content if personal else masked(submission.content), documents=papers)


class ReviewTold(Told):
    """One expert's opinion."""

    round: int = Field(examples=[1])
    by: str = Field(description="By name, or by role to whoever may not know it.", examples=["评审专家"])
    score: int = Field(examples=[88])
    marks: dict[str, int] = Field(description="By key of the call's sheet; empty without one.")
    remarks: dict[str, str]
    agrees: bool = Field(description="Whether it counts as a yes.")
    recommendation: Word = Field(examples=[{"key": "pass", "title": "建议通过"}])
    opinion: str = Field(examples=["材料齐全，条件具备。"])
    reviewed_at: Instant

    @classmethod
    def of(cls, at: StageRound, written: Review, user: User, naming: Naming) -> "ReviewTold":
        """Tell an opinion as this reader may know it."""
        return cls(
            round=at.round,
            by=naming.person(user, Role.EXPERT),
            score=written.score,
            marks=written.marks,
            remarks=written.remarks,
            agrees=written.recommendation is Recommendation.PASS,
            recommendation=Word.of(written.recommendation, RECOMMENDATIONS[written.recommendation]),
            opinion=written.opinion,
            reviewed_at=written.reviewed_at,
        )


RecordParts = tuple[list[LineFinding], list[tuple[User, VisitSignature]], str]
"""The lines of a record, who stands by it, and in whose place it was written, if in another's."""


class FindingTold(Told):
    """What was seen of one condition of article 4."""

    item: Word = Field(examples=[{"key": "faculty", "title": "师资队伍"}])
    declared: str
    found: str
    matches: bool
    note: str


class InspectionTold(Told):
    """One visit."""

    round: int = Field(examples=[1])
    by: str = Field(examples=["考察人员"])
    visited_on: Day
    summary: str
    findings: list[FindingTold]
    lines: list[LineFoundTold] = Field(description="The declared values, in the order of article 4.")
    photos: list[PhotoTold]
    basic: bool = Field(description="基本符合: approved, with something to be improved.")
    representative: str = Field(description="Who was there for the institution.")
    signatures: list[SignatureTold]
    sha256: str = Field(description="Of the record that was signed.")
    recorded_at: Instant

    @classmethod
    def of(
        cls, row: tuple[StageRound, Inspection, User, list[Finding]], record: RecordParts, naming: Naming
    ) -> "InspectionTold":
        """Tell a visit, with its lines and signatures, as this reader may know it."""
        at, visit, user, found = row
        lines, signed, absent = record
        findings = [
            FindingTold(item=Word.of(f.item, ITEMS[f.item][0]), **f.model_dump(exclude={"id", "inspection_id", "item"}))
            for f in found
        ]
        return cls(
            round=at.round,
            by=naming.person(user, Role.INSPECTOR, absent),
            visited_on=visit.visited_on,
            summary=visit.summary,
            findings=findings,
            lines=[LineFoundTold.of(line) for line in lines],
            photos=[PhotoTold.of(photo) for photo in visit.photos],
            basic=visit.basic,
            representative=visit.representative,
            signatures=[SignatureTold.of(s, naming.person(who, Role.INSPECTOR)) for who, s in signed],
            sha256=visit.sha256,
            recorded_at=visit.recorded_at,
        )


class StepTold(Told):
    """One step of a run: one effect, one transaction."""

    number: int = Field(examples=[1])
    step: str = Field(examples=["open_round"])
    did: str = Field(examples=["opened expert-review round 1"])
    at: Instant


class RunTold(Told):
    """One waking of the case."""

    number: int = Field(examples=[2])
    state: str = Field(description="running, waiting, closed, failed or lost.", examples=["waiting"])
    reason: str = Field(description="The news that woke it.", examples=["local-review approved"])
    attempt: int = Field(description="How many in a row have failed, and this one.", examples=[1])
    started_at: Instant
    ended_at: Instant | None = None
    ended_in: str = Field(description="What the case waited for then.", examples=["Awaiting expert review"])
    steps: list[StepTold]
    failed_step: str
    error: str
    traceback: str = Field(description="For operators.")
    flow_run_id: UUID
    page: str = Field(description="The run in Prefect's own pages; for operators.")

    @classmethod
    def of(cls, number: int, run: Run, steps: list[RunStep], naming: Naming) -> "RunTold":
        """Tell a run as this reader may know it."""
        engine = naming.sight.engine
        own = {"attempt", "reason", "started_at", "ended_at", "ended_in", "failed_step", "flow_run_id"}
        return cls(
            number=number,
            state=run.state,
            **run.model_dump(include=own),
            steps=[StepTold.model_validate(step) for step in steps],
            error=gettext(run.error) if run.error else "",
            traceback=run.traceback if engine else "",
            page=page_of(run.flow_run_id) if engine else "",
        )


class HistoryTold(Told):
    """Every run of a case's flow as one history, and what the case waits for now."""

    case: Reference
    stalled: bool
    news: int = Field(description="Bells that no run has answered yet: another run is due.", examples=[0])
    waits_for: list[TurnTold]
    runs: list[RunTold] = Field(description="The oldest first.")
    next: str = Field(description="`after` of the next page; empty on the last one.", examples=[""])
