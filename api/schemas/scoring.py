"""The scoring sheet, drafts, what reviews come to, questions of the panel, and two more experts."""

from typing import Annotated

from pydantic import Field

from api.schemas.common import Day, Given, GivenId, Instant, Long, Reference, Short, Told, Word
from casework.clarifications import Asked
from casework.naming import Naming
from casework.sheets import Line, sheet_from
from core.i18n import gettext
from models.application import Call
from models.judgement import ReviewDraft
from regulation.result import Check, Result, shown
from regulation.roles import Role
from regulation.sheet import Sheet, sheet_of

Points = Annotated[int, Field(description="Points of the item; all together make 100.", examples=[10])]
Bands = Annotated[
    list[int],
    Field(
        min_length=3,
        max_length=3,
        description="Lower ends of 优秀, 优良 and 合格 in percent of an item's points.",
        examples=[[90, 70, 60]],
    ),
]


class ItemGiven(Given):
    """One item of the second level."""

    title: Annotated[Short, Field(examples=["结构与数量"])]
    points: Points
    source: Annotated[Short, Field(description="The article it is tied to.", examples=["Art. 4(1)"])]


class GroupGiven(Given):
    """One line of the first level with its items."""

    title: Annotated[Short, Field(examples=["师资"])]
    items: Annotated[list[ItemGiven], Field(max_length=60)]


class SheetGiven(Given):
    """A scoring sheet for a call that is not yet open."""

    groups: Annotated[list[GroupGiven], Field(max_length=60)]
    bands: Bands = Field(default_factory=lambda: [90, 70, 60])

    def sheet(self) -> Sheet:
        """Return the sheet; items of the first edition keep their keys."""
        lines = [Line(group.title, one.title, one.points, one.source) for group in self.groups for one in group.items]
        return sheet_from(lines, (self.bands[0], self.bands[1], self.bands[2]))


class ItemTold(Told):
    """One item of the second level; its `key` is what `marks` and `remarks` of a review name."""

    key: str = Field(examples=["faculty"])
    title: str = Field(examples=["结构与数量"])
    points: Points
    source: str = Field(examples=["Art. 4(1)"])


class GroupTold(Told):
    """One line of the first level."""

    title: str = Field(examples=["师资"])
    points: int = Field(examples=[20])
    items: list[ItemTold]


class SheetTold(Told):
    """The sheet of a call; without groups a single score is asked for."""

    call: str = Field(examples=["2026-1"])
    editable: bool = Field(description="Whether the office may still change it.")
    groups: list[GroupTold]
    bands: list[int] = Field(description="Lower ends of the bands in percent.", examples=[[90, 70, 60]])

    @classmethod
    def of(cls, call: Call, *, editable: bool) -> "SheetTold":
        """Tell the sheet of a call in the reader's language."""
        sheet = sheet_of(call.policy)
        groups = [
            GroupTold(
                title=gettext(group.title),
                points=group.points,
                items=[
                    ItemTold(key=item.key, title=gettext(item.title), points=item.points, source=item.source)
                    for item in group.items
                ],
            )
            for group in (sheet.groups if sheet else ())
        ]
        return cls(call=call.code, editable=editable, groups=groups, bands=list(sheet.bands) if sheet else [])


class DraftGiven(Given):
    """What was typed so far: `marks.<key>`, `remarks.<key>` or `score`, `recommendation`, `opinion`, all as texts."""

    typed: Annotated[dict[Short, Long], Field(max_length=200, examples=[{"marks.faculty": "8"}])]


class DraftTold(Told):
    """A draft; its version is the next `If-Match`."""

    typed: dict[str, str]
    version: int = Field(description="0 while there is none.", examples=[3])
    saved_at: Instant | None = None

    @classmethod
    def of(cls, draft: ReviewDraft | None) -> "DraftTold":
        """Tell a draft, or that there is none."""
        return cls.model_validate(draft) if draft else cls(typed={}, version=0)


class CheckTold(Told):
    """One rule of the call beside its figure; both are cut to two decimals."""

    rule: Word = Field(examples=[{"key": "votes", "title": "同意票占参评人数"}])
    figure: str = Field(examples=["66.66"])
    threshold: str = Field(examples=["66.6"])
    unit: str = Field(examples=["%"])
    source: str = Field(examples=["assumed"])
    met: bool

    @classmethod
    def of(cls, check: Check) -> "CheckTold":
        """Tell a rule."""
        return cls(
            rule=Word.of(check.key, check.title),
            figure=shown(check.figure),
            threshold=shown(check.threshold),
            unit=gettext(check.unit),
            source=check.source,
            met=check.met,
        )


class ResultTold(Told):
    """What the valid reviews of one round come to under the rules of the call."""

    round: int = Field(examples=[1])
    passed: bool
    pivotal: int = Field(description="How many reviewers would each, alone, tip it; 0: robust.", examples=[0])
    seats: int = Field(description="Of the committee.", examples=[5])
    present: int = Field(description="Who have reviewed.", examples=[5])
    yes: int = Field(description="Votes for it.", examples=[4])
    mean: str = Field(examples=["85.66"])
    deviation: str = Field(examples=["3.06"])
    dropped: list[int] = Field(description="The highest and the lowest score, where they are dropped.")
    checks: list[CheckTold]
    resolution: str = Field(description="The committee's resolution (PDF), once it has concluded.")

    @classmethod
    def of(cls, number: int, found: Result, resolution: str) -> "ResultTold":
        """Tell a result."""
        return cls(
            round=number,
            passed=found.passed,
            pivotal=found.pivotal,
            seats=found.seats,
            present=found.present,
            yes=found.yes,
            mean=shown(found.mean),
            deviation=f"{found.deviation:f}" if found.deviation is not None else "",
            dropped=list(found.dropped or ()),
            checks=[CheckTold.of(check) for check in found.checks],
            resolution=resolution,
        )


class QuestionGiven(Given):
    """A question about the papers; the institution does not learn who asks."""

    question: Annotated[Long, Field(examples=["专职教师名单中有 3 人同时列入兼职名单，请说明。"])]


class AnswerGiven(Given):
    """The institution's answer, in words."""

    answer: Annotated[Long, Field(examples=["该 3 人今年 3 月起转为专职。"])]


class QuestionTold(Told):
    """A question of the panel and its answer."""

    number: int = Field(examples=[1])
    case: Reference
    round: int = Field(examples=[1])
    by: str = Field(description="By name, or by role to whoever may not know it.", examples=["评审专家"])
    question: str
    asked_at: Instant
    due_on: Day
    papers_sha256: str = Field(description="Of the frozen papers it is about; they do not change.")
    answer: str
    answered_at: Instant | None = None

    @classmethod
    def of(cls, reference: str, asked: Asked, naming: Naming) -> "QuestionTold":
        """Tell a question as this reader may know it."""
        question, at, asker, _ = asked
        return cls(
            number=question.number,
            case=reference,
            round=at.round,
            by=naming.person(asker, Role.EXPERT),
            question=question.question,
            asked_at=question.asked_at,
            due_on=question.due_on,
            papers_sha256=question.sha256,
            answer=question.answer,
            answered_at=question.answered_at,
        )


class MoreExpertsGiven(Given):
    """Two experts who are asked in addition."""

    members: Annotated[list[GivenId], Field(max_length=50)]
