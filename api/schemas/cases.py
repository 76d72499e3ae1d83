"""Cases: where one stands, what was decided, and what happened."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.common import Day, Given, Instant, Long, Reference, Told, Word
from api.schemas.processing import ProcessingTold
from casework.chronicle import sentence_of
from casework.naming import Naming
from casework.overview import Row
from casework.turn_words import turn_sentence
from casework.turns import Turn
from core.i18n import gettext
from models.case import Case, StageRound
from models.journal import JournalEntry
from models.judgement import Decision
from models.person import User
from regulation.definition import stage
from regulation.outcomes import Outcome


class WithdrawalGiven(Given):
    """Why the application is taken back."""

    reasons: Annotated[Long, Field(max_length=2000, examples=["单位计划调整"])] = ""


class TurnTold(Told):
    """Who must act, since when and until when."""

    duty: str = Field(examples=["审核并签署推荐意见"])
    holder: str = Field(examples=["武汉市人力资源和社会保障局"])
    since: Instant
    due_on: Day | None = None
    provisional: bool = False
    days_left: int | None = Field(None, description="In working days; negative when overdue.", examples=[7])
    overdue: bool = False

    @classmethod
    def of(cls, turn: Turn) -> "TurnTold":
        """Tell whose turn it is."""
        return cls(
            duty=gettext(turn.duty),
            holder=gettext(turn.holder),
            since=turn.since,
            due_on=turn.due_on,
            provisional=turn.provisional,
            days_left=turn.days_left,
            overdue=turn.overdue,
        )


class CaseBrief(Told):
    """A case in a list."""

    reference: Reference
    call: str = Field(examples=["2026-1"])
    unit: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    recommender: str = Field(examples=["武汉市人力资源和社会保障局"])
    stage: Word
    outcome: Word | None = Field(None, description="How it ended; none while it is open.")
    opened_at: Instant
    closed_at: Instant | None = None
    stalled: bool = Field(description="Whether its last run failed and an operator is needed.")
    overdue: bool
    in_stage_since: Instant
    turn: str = Field(
        description="Whose turn it is in one sentence, softened for the applicant.",
        examples=["推荐单位正在审核，预计 12月8日 前完成。"],
    )
    turns: list[TurnTold] = Field(description="Whose turn it is; nobody's when the case is closed.")

    @classmethod
    def of(cls, row: Row, turns: Sequence[Turn] | None = None) -> "CaseBrief":
        """Tell a case in short."""
        at, turns = stage(row.case.stage), row.turns if turns is None else turns
        return cls(
            reference=row.case.reference,
            call=row.call,
            unit=row.unit,
            base_name=row.base_name,
            recommender=row.recommender,
            stage=Word.of(at.key, at.title),
            outcome=Word.of(row.case.outcome, row.case.outcome.title) if row.case.outcome else None,
            opened_at=row.case.opened_at,
            closed_at=row.case.closed_at,
            stalled=row.case.stalled_at is not None,
            overdue=row.overdue,
            in_stage_since=row.since,
            turn=turn_sentence(row.case, turns, softened=row.softened),
            turns=[TurnTold.of(turn) for turn in turns],
        )


class RoundTold(Told):
    """One attempt at a stage."""

    stage: Word
    round: int = Field(examples=[1])
    opened_at: Instant
    closed_at: Instant | None = None
    outcome: Word | None = None

    @classmethod
    def of(cls, at: StageRound) -> "RoundTold":
        """Tell a round."""
        chapter = stage(at.stage)
        return cls(
            stage=Word.of(chapter.key, chapter.title),
            round=at.round,
            opened_at=at.opened_at,
            closed_at=at.closed_at,
            outcome=Word.of(at.outcome, chapter.words_for(at.outcome)) if at.outcome else None,
        )


class DecisionTold(Told):
    """One binding decision; one that was undone stays in the record and has no effect."""

    id: UUID
    stage: Word
    round: int = Field(examples=[1])
    outcome: Word = Field(examples=[{"key": "approved", "title": "同意推荐"}])
    reasons: str = Field(examples=["符合规定条件。"])
    corrections: list[str]
    decided_by: str = Field(
        description="By name, or by body to whoever may not know it.", examples=["武汉市人力资源和社会保障局"]
    )
    decided_at: Instant
    undone_at: Instant | None = None
    undoing_reason: str = ""

    @classmethod
    def of(cls, decision: Decision, user: User | None, naming: Naming) -> "DecisionTold":
        """Tell a decision as this reader may know it."""
        at = stage(decision.stage)
        return cls(
            id=decision.id,
            stage=Word.of(at.key, at.title),
            round=decision.round,
            outcome=Word.of(decision.outcome, at.words_for(decision.outcome)),
            reasons=gettext(decision.reasons) if decision.reasons else "",
            corrections=decision.corrections,
            decided_by=naming.decider(decision, user),
            decided_at=decision.decided_at,
            undone_at=decision.undone_at,
            undoing_reason=decision.undoing_reason,
        )


WHOSE = frozenset({"in_place_of", "former", "successor", "member", "draw", "after", "conflict", "purpose"})
"""Parts of a line that say who sits on a panel, or why an office looked; only for those who may know names."""


class HappeningTold(Told):
    """One line of the journal."""

    at: Instant
    act: str = Field(description="Stable, for programs.", examples=["decided"])
    stage: str = Field(examples=["local-review"])
    round: int = Field(examples=[1])
    by: str = Field(examples=["武汉市人力资源和社会保障局"])
    sentence: str = Field(description="The same words as on the case's page.", examples=["推荐审核：同意推荐"])
    outcome: Word | None = None
    detail: dict[str, Any] = Field(examples=[{"outcome": "approved"}])

    @classmethod
    def of(cls, entry: JournalEntry, user: User | None, naming: Naming) -> "HappeningTold":
        """Tell a line as this reader may know it."""
        word = str(entry.detail.get("outcome", ""))
        outcome = Outcome(word) if word in set(Outcome) else None
        title = stage(entry.stage).words_for(outcome) if outcome and entry.act != "case-closed" else outcome
        titled = title.title if isinstance(title, Outcome) else title
        return cls(
            at=entry.at,
            act=entry.act,
            stage=entry.stage,
            round=entry.round,
            by=naming.actor(entry, user),
            sentence=sentence_of(entry),
            outcome=Word.of(outcome, titled) if outcome and titled else None,
            detail={name: fact for name, fact in entry.detail.items() if naming.sight.names or name not in WHOSE},
        )


class Links(Told):
    """Where more is told, as far as this reader may see it; empty where not."""

    submissions: str = Field("", examples=["/api/v1/cases/JD-2026-0001/submissions"])
    reviews: str = ""
    inspections: str = ""
    runs: str = ""


class CaseTold(CaseBrief):
    """A case: where it stands, and everything this reader may know of what happened."""

    application_id: UUID | None = Field(None, description="For the applicant.")
    certificate: str = Field("", description="The number, once it is issued.", examples=["鄂继教基地〔2026〕0001号"])
    processing: ProcessingTold
    rounds: list[RoundTold]
    decisions: list[DecisionTold]
    timeline: list[HappeningTold] = Field(description="The journal, the oldest line first.")
    links: Links

    @classmethod
    def links_of(cls, case: Case, naming: Naming) -> Links:
        """Return where more is told."""
        sight, here = naming.sight, f"/api/v1/cases/{case.reference}"
        return Links(
            submissions=f"{here}/submissions" if sight.papers else "",
            reviews=f"{here}/reviews" if sight.own_review or sight.all_reviews else "",
            inspections=f"{here}/inspections" if sight.inspection else "",
            runs=f"{here}/runs" if sight.runs else "",
        )
