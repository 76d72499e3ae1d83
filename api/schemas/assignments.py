"""Assignments, and what is recorded in fulfilling them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.common import Day, Given, GivenDay, GivenId, Instant, Long, Reference, Short, Told, Word
from casework.committees import Candidate
from casework.inboxes import Item
from models.case import Assignment
from models.judgement import Decision
from models.person import User
from regulation.definition import stage
from regulation.roles import Duty

ACTS = {
    Duty.RECOMMEND: "decision",
    Duty.CHECK_FORM: "decision",
    Duty.CONCLUDE: "decision",
    Duty.CERTIFY: "decision",
    Duty.RECONSIDER: "decision",
    Duty.REVIEW: "review",
    Duty.INSPECT: "inspection",
    Duty.ASSEMBLE_PANEL: "members",
    Duty.ANSWER: "answer",
    Duty.ASSEMBLE_TEAM: "members",
}
"""Under which address a duty is fulfilled; a correction is fulfilled by submitting the application again."""

ConcludingWord = Literal["approved", "returned", "refused"]
Reasons = Annotated[Long, Field(description="Required unless the outcome is `approved`.", examples=["符合规定条件。"])]
Corrections = Annotated[
    list[Short],
    Field(max_length=100, description="For `returned`: everything, at once.", examples=[["补充近三年培训名册。"]]),
]


class DecisionGiven(Given):
    """A binding decision."""

    outcome: Annotated[ConcludingWord, Field(description="What this stage can end with, see `outcomes`.")]
    reasons: Reasons = ""
    corrections: Corrections = Field(default_factory=list)


class ReviewGiven(Given):
    """An expert's own opinion: marks by item where the call has a scoring sheet, otherwise one score."""

    score: Annotated[int | None, Field(description="Points of 100; left out with a sheet.", examples=[88])] = None
    marks: Annotated[
        dict[Short, int],
        Field(max_length=100, description="Points by key of the call's sheet.", examples=[{"faculty": 8}]),
    ] = Field(default_factory=dict)
    remarks: Annotated[
        dict[Short, Long],
        Field(max_length=100, description="Why, by key; required in the highest and the lowest band."),
    ] = Field(default_factory=dict)
    recommendation: Literal["pass", "return", "fail"]
    opinion: Annotated[Long, Field(examples=["材料齐全，条件具备。"])]


class FindingGiven(Given):
    """What was seen of one condition of article 4, beside what was declared."""

    declared: Annotated[Long, Field(examples=["专职教师 26 人"])] = ""
    found: Annotated[Long, Field(examples=["专职教师 26 人，名册与劳动合同一致"])]
    matches: bool
    note: Long = ""


class InspectionGiven(DecisionGiven):
    """The record of a visit with its conclusion."""

    visited_on: GivenDay
    summary: Annotated[Long, Field(examples=["听取汇报，查阅材料，实地察看教室与实训场所。"])]
    findings: Annotated[
        dict[Short, FindingGiven],
        Field(max_length=20, description="By item: `faculty`, `management`, `premises`, `funds`, `training`."),
    ]


class MembersGiven(Given):
    """Who sits on the panel, or on the team, and who leads it."""

    members: Annotated[list[GivenId], Field(max_length=50, description="Of `GET /assignments/{id}/candidates`.")]
    leader: Annotated[GivenId, Field(description="The chair, or the leader; one of the members.")]


class ReplacementGiven(Given):
    """Who comes instead."""

    member: Annotated[GivenId, Field(description="Of `GET /assignments/{id}/candidates`.")]


class MemberTold(Told):
    """Somebody named for a case, and the duty that is still open."""

    assignment: UUID
    duty: Word = Field(examples=[{"key": "review", "title": "评审申报材料"}])
    name: str = Field(examples=["赵教授示例"])
    leads: bool = Field(description="Whether this is the chair, or the team's leader.")
    due_on: Day

    @classmethod
    def of(cls, given: Assignment, user: User) -> "MemberTold":
        """Tell a member."""
        duty = Word.of(given.duty, given.duty.title)
        return cls(assignment=given.id, duty=duty, name=user.name, leads=given.leads, due_on=given.due_on)


class AssignmentTold(Told):
    """One duty."""

    id: UUID
    duty: Word = Field(examples=[{"key": "review", "title": "评审申报材料"}])
    case: Reference
    stage: Word
    round: int = Field(examples=[1])
    unit: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    leads: bool = Field(description="Whether this is the chair's, or the team leader's.")
    assigned_at: Instant
    due_on: Day
    provisional: bool = Field(description="Whether a year on the way to that day still lacks its official calendar.")
    days_left: int = Field(description="In working days; negative when overdue.", examples=[7])
    overdue: bool
    done_at: Instant | None = None
    ended_at: Instant | None = Field(None, description="Done, or needed no longer.")
    outcomes: list[Word] = Field(description="What a decision here can be.")
    act: str = Field(
        description="Where to post what fulfils it; empty when it is not open, or a correction.",
        examples=["/api/v1/assignments/6f9a1f6e-8a52-4a3e-9f38-3c1c53f5a0d1/review"],
    )

    @classmethod
    def of(cls, item: Item) -> "AssignmentTold":
        """Tell a duty."""
        given, at = item.assignment, stage(item.stage)
        act = ACTS.get(given.duty) if not given.ended_at else None
        own = {"id", "leads", "assigned_at", "due_on", "provisional", "done_at", "ended_at"}
        return cls(
            **given.model_dump(include=own),
            duty=Word.of(given.duty, given.duty.title),
            case=item.case.reference,
            stage=Word.of(at.key, at.title),
            round=item.round,
            unit=item.unit,
            base_name=item.base_name,
            days_left=item.days_left,
            overdue=item.overdue,
            outcomes=[Word.of(o, text) for o, text in at.outcomes.items()] if at.duty is given.duty else [],
            act=f"/api/v1/assignments/{given.id}/{act}" if act else "",
        )


class CandidateTold(Told):
    """Somebody who may be named."""

    id: UUID
    name: str = Field(examples=["赵教授示例"])
    may_lead: bool
    open_duties: int = Field(description="How much this person has to do already.", examples=[2])
    conflicts: list[str] = Field(description="Why this person may not be named for the case; empty: may be.")

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateTold":
        """Tell a candidate."""
        user = candidate.user
        return cls(
            id=user.id,
            name=user.name,
            may_lead=candidate.may_lead,
            open_duties=candidate.open_duties,
            conflicts=[ground.sentence for ground in candidate.conflicts],
        )


class Recorded(Told):
    """What was recorded; the flow takes it up a moment later."""

    case: Reference
    stage: Word
    round: int = Field(examples=[1])
    recorded_at: Instant
    outcome: Word | None = Field(None, description="Of a decision.")

    @classmethod
    def of(cls, reference: str, decision: Decision) -> "Recorded":
        """Tell a decision."""
        at = stage(decision.stage)
        return cls(
            case=reference,
            stage=Word.of(at.key, at.title),
            round=decision.round,
            recorded_at=decision.decided_at,
            outcome=Word.of(decision.outcome, at.words_for(decision.outcome)),
        )
