"""Parts of steps done by hand: what may be, what was, and who confirmed it."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.common import Given, Instant, Long, Reference, Told, Word
from casework.by_hand import IRREVOCABLE, LONGEST_REASON, MEANINGS, TITLES, parts_of, state_of
from casework.foresight import Foreseen
from casework.run_words import did_in_words, step_in_words
from core.i18n import gettext
from models.case import Case
from models.operating import Part, StepWaiver

PartWord = Literal["letters", "notice", "visit-days", "freed-place"]
StateWord = Literal["waiting", "counts", "used", "withdrawn"]


class PartGiven(Given):
    """Which part of the step was done by hand, and why: by whom, when and how."""

    part: PartWord
    reason: Annotated[Long, Field(max_length=LONGEST_REASON, examples=["9 月 14 日王工电话告知申报单位。"])]


class PartTold(Told):
    """A part that people may have done in the step's place."""

    part: PartWord
    title: str = Field(examples=["告知函件"])
    meaning: str = Field(description="What is said by entering it.")
    second_person: bool = Field(description="Whether it counts only once another person has confirmed it.")

    @classmethod
    def of(cls, part: Part) -> "PartTold":
        """Tell a part."""
        return cls(
            part=part.value, title=gettext(TITLES[part]), meaning=gettext(MEANINGS[part]),
            second_person=part in IRREVOCABLE,
        )  # fmt: skip


class ByHandTold(Told):
    """A part that was entered as done by hand. It is passed over when the case is run, once it counts."""

    id: UUID
    reference: Reference
    part: Word
    step: Word
    stage: str = Field(description="Empty where the step is about no stage.", examples=["certification"])
    round: int
    reason: str
    state: StateWord = Field(description="`waiting` for a second person, `counts`, `used` by the step, `withdrawn`.")
    proposed_by: str = Field(examples=["吴工示例"])
    proposed_at: Instant
    confirmed_by: str = Field(description="Empty where nobody has confirmed it, or nobody had to.", examples=[""])
    confirmed_at: Instant | None = None
    withdrawn_by: str = Field(examples=[""])
    withdrawn_at: Instant | None = None
    used_at: Instant | None = None

    @classmethod
    def of(cls, made: StepWaiver, reference: str, names: Mapping[UUID, str]) -> "ByHandTold":
        """Tell one; `names` are those of the people in it."""
        own = {"id", "stage", "round", "reason", "proposed_at", "confirmed_at", "withdrawn_at", "used_at"}
        return cls(
            **made.model_dump(include=own),
            reference=reference,
            part=Word.of(made.part.value, TITLES[made.part]),
            step=Word(key=made.step, title=step_in_words(made.step)),
            state=state_of(made),
            proposed_by=names[made.proposed_by],
            confirmed_by=names[made.confirmed_by] if made.confirmed_by else "",
            withdrawn_by=names[made.withdrawn_by] if made.withdrawn_by else "",
        )


class ByHandPage(Told):
    """What was done by hand, what waits for a second person first, then the newest."""

    items: list[ByHandTold]


class PartsTold(Told):
    """Where a case stands still, what may be done by hand there, and what was."""

    reference: Reference
    stalled: bool
    step: Word | None = Field(description="The step that would be taken next; none where the case is not stalled.")
    parts: list[PartTold]
    items: list[ByHandTold]

    @classmethod
    def of(cls, case: Case, at: Foreseen | None, items: list[ByHandTold]) -> "PartsTold":
        """Tell a case."""
        return cls(
            reference=case.reference, stalled=bool(case.stalled_at),
            step=Word(key=at.step, title=did_in_words(at.did)) if at else None,
            parts=[PartTold.of(part) for part in parts_of(at)], items=items,
        )  # fmt: skip
