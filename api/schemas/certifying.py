"""The figures of a call, and what a meeting decides on them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.common import Day, Given, GivenDay, GivenId, Long, Reference, Short, Told, Word
from casework.meetings import KINDS, Sitting
from casework.summary import Standing
from models.publication import Meeting
from regulation.definition import BY_KEY
from regulation.result import shown


class MeetingGiven(Given):
    """The meeting that decides, as its minutes name it."""

    kind: Literal["leading-group", "department"]
    title: Annotated[Short, Field(examples=["领导小组2026年第3次会议"])]
    held_on: GivenDay
    minutes_number: Annotated[Short, Field(examples=["鄂继教纪要〔2026〕3号"])]

    def sitting(self) -> Sitting:
        """Return the meeting."""
        return Sitting(self.kind, self.title, self.held_on, self.minutes_number)


class ItemGiven(Given):
    """What the meeting concludes about one case."""

    assignment: Annotated[GivenId, Field(description="The open `certify` duty.")]
    outcome: Literal["approved", "refused"]
    reasons: Annotated[Long, Field(description="Required for a refusal, and for a departure from the ranking.")] = ""


class ResolutionGiven(Given):
    """A list that one meeting decides: all of it or nothing."""

    meeting: MeetingGiven | None = Field(None, description="Required where the call's policy asks for minutes.")
    items: Annotated[list[ItemGiven], Field(max_length=500)]


class MeetingTold(Told):
    """A meeting that decided on applications of a call."""

    id: UUID
    kind: Word = Field(examples=[{"key": "leading-group", "title": "领导小组会议"}])
    title: str = Field(examples=["领导小组2026年第3次会议"])
    held_on: Day
    minutes_number: str = Field(examples=["鄂继教纪要〔2026〕3号"])

    @classmethod
    def of(cls, meeting: Meeting) -> "MeetingTold":
        """Tell a meeting."""
        own = {"id", "title", "held_on", "minutes_number"}
        return cls(**meeting.model_dump(include=own), kind=Word.of(meeting.kind, KINDS[meeting.kind]))


class ResolutionTold(Told):
    """What was decided."""

    decided: list[Reference]


class StandingTold(Told):
    """One case in figures."""

    reference: Reference
    unit: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    area_code: str = Field(examples=["420100"])
    fields: list[str]
    recommender: str = Field(examples=["武汉市人力资源和社会保障局"])
    recommended_place: int | None = Field(description="Among those its body recommends.", examples=[1])
    stage: Word
    outcome: str | None = Field(examples=["approved"])
    rank: int | None = Field(description="By the mean; equal means share it.", examples=[1])
    mean: str = Field(description="Two decimals, cut off; empty without reviews.", examples=["87.66"])
    spread: int | None = Field(description="The highest score less the lowest.", examples=[5])
    votes: dict[str, int] = Field(examples=[{"pass": 3, "return": 0, "fail": 0}])
    decided: dict[str, str] = Field(description="The last outcome of each stage.")
    mismatches: int = Field(description="Findings of the visit that did not match.", examples=[0])
    open_objections: int = Field(examples=[0])
    flags: list[str] = Field(
        description="`stalled`, `overdue`, `fragile`, `mismatch`, `objection`, `upheld`.", examples=[["fragile"]]
    )

    @classmethod
    def of(cls, one: Standing) -> "StandingTold":
        """Tell a standing."""
        at = BY_KEY[one.case.stage]
        return cls(
            reference=one.case.reference,
            unit=one.unit,
            base_name=one.base_name,
            area_code=one.area,
            fields=list(one.domains),
            recommender=one.recommender,
            recommended_place=one.place,
            stage=Word.of(at.key, at.title),
            outcome=one.case.outcome,
            rank=one.rank,
            mean=shown(one.mean) if one.mean is not None else "",
            spread=one.spread,
            votes={str(word): count for word, count in one.votes.items()},
            decided={stage: str(outcome) for stage, outcome in one.decided.items()},
            mismatches=one.mismatches,
            open_objections=one.open_objections,
            flags=one.flags,
        )
