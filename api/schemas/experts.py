"""The pool of experts, draws, answers to invitations, conflicts."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.common import Day, Given, GivenId, GivenInstant, Instant, Long, Reference, Short, Told, Word
from casework.experts.conflicts import Ground
from casework.experts.kept import verified
from casework.experts.mixture import fields_in_words
from casework.experts.overview import Concerned
from casework.experts.pool import KINDS, STATES, Entry
from casework.experts.rulings import Ruling
from models.expert import Conflict, Draw, Employment, Invitation
from models.person import User

Reason = Annotated[Long, Field(description="At most 500 characters.", examples=["与申报单位负责人为近亲属"])]


class EmploymentTold(Told):
    """Where an expert works, or worked."""

    employer: str = Field(examples=["示例大学"])
    credit_code: str = Field(description="Empty where it is not known.", examples=["12420000000000019Q"])
    from_on: Day
    to_on: Day | None = Field(None, description="Empty while the employment lasts.")

    @classmethod
    def of(cls, one: Employment) -> "EmploymentTold":
        """Tell an employment."""
        return cls.model_validate(one)


class ExpertTold(Told):
    """One expert of the pool."""

    id: UUID = Field(description="Of the account.")
    name: str = Field(examples=["赵教授示例"])
    email: str = Field(examples=["zhuanjia1@example.com"])
    kind: Word | None = Field(None, description="continuing-education or field; empty without a profile.")
    fields: list[str] = Field(description="Keys of the form's domains.", examples=[["new-energy"]])
    fields_titled: str = Field(examples=["新能源"])
    title: str = Field(examples=["教授"])
    recommending_unit: str = Field(examples=["示例大学"])
    valid_from: Day | None = None
    valid_to: Day | None = None
    may_chair: bool
    state: Word = Field(description="Only `active` can be drawn.", examples=[{"key": "active", "title": "可抽取"}])
    suspension_reason: str = ""
    employments: list[EmploymentTold]

    @classmethod
    def of(cls, entry: Entry) -> "ExpertTold":
        """Tell an expert."""
        known = entry.profile
        own = {"title", "recommending_unit", "valid_from", "valid_to", "suspension_reason"}
        return cls(
            **(known.model_dump(include=own) if known else {"title": "", "recommending_unit": ""}),
            id=entry.user.id,
            name=entry.user.name,
            email=entry.user.email,
            kind=Word.of(known.kind, KINDS[known.kind]) if known else None,
            fields=known.fields if known else [],
            fields_titled=fields_in_words(known.fields) if known else "",
            may_chair=entry.may_chair,
            state=Word.of(entry.state, STATES[entry.state]),
            employments=[EmploymentTold.of(one) for one in entry.employments],
        )


class DrawGiven(Given):
    """The cases one panel shall judge, by the office's duties to assemble it; the seed, or none for a random one."""

    assignments: Annotated[list[GivenId], Field(min_length=1, max_length=100)]
    seed: Annotated[Short, Field(examples=["2026-001"])] = ""


class ReasonGiven(Given):
    """A reason."""

    reason: Reason


class InvitationTold(Told):
    """One invitation of a draw."""

    number: int
    expert: UUID
    name: str
    leads: bool
    state: str = Field(description="open, accepted, declined, lapsed or withdrawn.", examples=["open"])
    reason: str
    answer_by: Day
    invited_at: Instant
    ended_at: Instant | None = None
    spoken_at: Instant | None = Field(None, description="When it was answered by telephone; empty: in writing.")

    @classmethod
    def of(cls, one: Invitation, user: User) -> "InvitationTold":
        """Tell an invitation."""
        own = {"number", "leads", "state", "reason", "answer_by", "invited_at", "ended_at", "spoken_at"}
        return cls(**one.model_dump(include=own), expert=user.id, name=user.name)


class DrawTold(Told):
    """A draw with everything it can be repeated from; see `regulation/drawing.py` for how."""

    id: UUID
    cases: list[Reference]
    seed: str
    rules: dict[str, object]
    candidates: list[dict[str, object]]
    exclusions: list[dict[str, object]] = Field(description="Who could not be drawn, and why.")
    members: list[UUID]
    chair: UUID
    verified: bool = Field(description="Whether seed, candidates and rules give the same panel again, computed now.")
    drawn_at: Instant
    confirmed_at: Instant | None = None
    assembled_at: Instant | None = None
    discarded_at: Instant | None = None
    discarding_reason: str = ""
    invitations: list[InvitationTold]

    @classmethod
    def of(cls, draw: Draw, cases: list[str], invited: list[tuple[Invitation, User]]) -> "DrawTold":
        """Tell a draw."""
        kept = draw.model_dump(include=set(cls.model_fields) - {"cases", "verified", "invitations"})
        return cls(
            **kept, cases=cases, verified=verified(draw), invitations=[InvitationTold.of(*one) for one in invited]
        )


class AnswerGiven(Given):
    """An expert's answer to an invitation."""

    answer: Literal["accept", "decline", "recuse"]
    promise: Annotated[bool, Field(description="The promise of discipline, required to accept.")] = False
    reason: Annotated[Reason, Field(description="Required unless accepted.")] = ""


class TelephoneAnswerGiven(AnswerGiven):
    """An answer that was given by telephone; `promise`: it was read out, and given by word of mouth."""

    spoken_at: GivenInstant


class AnswerTold(Told):
    """What an invitation came to."""

    state: str = Field(examples=["accepted"])
    ended_at: Instant | None

    @classmethod
    def of(cls, one: Invitation) -> "AnswerTold":
        """Tell an answered invitation."""
        return cls(state=one.state, ended_at=one.ended_at)


class GroundTold(Told):
    """One conflict that stands; `conflict` is its id where somebody raised it or it was ruled on."""

    kind: str = Field(examples=["employer"])
    grounds: str = Field(examples=["江汉示例职业技术学院"])
    sentence: str = Field(examples=["任职于申报单位，或离职未满规定年限（江汉示例职业技术学院）"])
    conflict: UUID | None = None
    upheld: bool

    @classmethod
    def of(cls, one: Ground) -> "GroundTold":
        """Tell a conflict."""
        raised = one.conflict
        return cls(
            kind=one.kind,
            grounds=one.grounds,
            sentence=one.sentence,
            conflict=raised.id if raised else None,
            upheld=bool(raised and raised.upheld),
        )


class ConcernedTold(Told):
    """Somebody against whom something stands."""

    expert: UUID
    name: str
    place: str = Field(description="seated, invited or pool.", examples=["seated"])
    grounds: list[GroundTold]

    @classmethod
    def of(cls, one: Concerned) -> "ConcernedTold":
        """Tell somebody."""
        told = [GroundTold.of(ground) for ground in one.grounds]
        return cls(expert=one.user.id, name=one.user.name, place=one.place, grounds=told)


class RulingGiven(Given):
    """The office's ruling on one conflict: `conflict`, or the expert with kind and grounds of a detected one.

    With kind `found` the office itself says what it has found out.
    """

    upheld: bool
    reason: Reason
    conflict: GivenId | None = None
    expert: GivenId | None = None
    kind: Annotated[Short, Field(examples=["faculty"])] = ""
    grounds: Annotated[Long, Field(examples=["周示例"])] = ""
    substitute: Annotated[GivenId | None, Field(description="Who takes a seat that is lost by it.")] = None

    def ruling(self) -> Ruling:
        """Return what is ruled."""
        return Ruling(self.upheld, self.reason, self.conflict, self.expert, self.kind, self.grounds, self.substitute)


class RulingTold(Told):
    """A conflict that was raised or ruled on."""

    id: UUID
    kind: str
    name: str
    grounds: str
    upheld: bool | None = None
    ruling_reason: str = ""
    ruled_at: Instant | None = None

    @classmethod
    def of(cls, one: Conflict) -> "RulingTold":
        """Tell a conflict."""
        return cls.model_validate(one)


class AvoidedGiven(Given):
    """Whom the applicant asks to be avoided, and why."""

    name: Annotated[Short, Field(examples=["王教授示例"])]
    reason: Reason


class AvoidanceGiven(Given):
    """A request to avoid experts, before the panel is drawn."""

    avoided: Annotated[list[AvoidedGiven], Field(min_length=1, max_length=10)]


class AvoidedTold(Told):
    """Whom the applicant asked to be avoided, and why."""

    name: str
    reason: str
