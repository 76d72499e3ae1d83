"""Decisions, reviews and visits of a case, as this reader may know them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework.inspections import ITEMS
from casework.meetings import KINDS
from casework.naming import Naming
from casework.reviews import RECOMMENDATIONS, PanelReviews
from core.i18n import gettext
from models.case import StageRound
from models.judgement import Decision, Finding, Inspection, Recommendation, Review
from models.person import User
from models.publication import Meeting, Resolution
from pages.case_results import Mark, ResultView, marks_of, result_view
from pages.public_sources import cited
from pages.visit_lines import RecordView
from regulation.definition import stage
from regulation.outcomes import Outcome
from regulation.roles import Role
from regulation.sheet import Sheet, sheet_of

Minutes = Mapping[UUID, tuple[Meeting, Resolution]]
ADVICE_LOOKS = {Recommendation.PASS: "approved", Recommendation.RETURN: "returned", Recommendation.FAIL: "refused"}


@dataclass(frozen=True)
class DecisionLine:
    """One decision; `meeting` says in terms and words which meeting took it."""

    stage: str
    round: int
    outcome: str
    look: str
    who: str
    at: datetime
    reasons: str
    corrections: list[str]
    undone_at: datetime | None = None
    undoing_reason: str = ""
    meeting: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class ReviewLine:
    """One expert's opinion; `taken_over`: from the round before, whose conclusion was undone."""

    round: int
    who: str
    mine: bool
    score: int
    advice: str
    look: str
    opinion: str
    at: datetime
    marks: list[Mark]
    taken_over: bool = False


@dataclass(frozen=True)
class ReviewRound:
    """The reviews of one round that may be seen; what they come to only where all of them may."""

    round: int
    asked: int
    reviews: list[ReviewLine]
    result: ResultView | None


@dataclass(frozen=True)
class FindingLine:
    """What was seen of one condition of article 4, beside what was declared."""

    title: str
    source: str
    declared: str
    found: str
    matches: bool
    note: str


@dataclass(frozen=True)
class VisitLine:
    """One visit."""

    round: int
    visited_on: date
    who: str
    at: datetime
    summary: str
    findings: list[FindingLine]
    record: RecordView | None = None


def decision_lines(
    decisions: Sequence[tuple[Decision, User | None]], naming: Naming, minutes: Minutes | None = None
) -> list[DecisionLine]:
    """Return the decisions in their order; filing papers and publishing them are none that anyone argues about.

    `minutes` are the meetings that decided, by decision; only whoever may read the journal is told of them in full.
    """
    judged = [pair for pair in decisions if pair[0].stage not in {"submission", "publication"} or _unusual(pair[0])]
    told = minutes if minutes and naming.sight.journal else {}
    return [
        replace(decision_line(decision, user, naming), meeting=meeting_facts(told.get(decision.id)))
        for decision, user in judged
    ]


def meeting_facts(sat: tuple[Meeting, Resolution] | None) -> list[tuple[str, str]]:
    """Say which meeting took a decision, on which day, under which number of its minutes, and at which rank."""
    if not sat:
        return []
    meeting, item = sat
    facts = [
        (gettext("会议"), gettext("{kind}：{title}", kind=gettext(KINDS[meeting.kind]), title=meeting.title)),
        (gettext("会议日期"), meeting.held_on.isoformat()),
        (gettext("纪要文号"), meeting.minutes_number),
    ]
    if item.rank:
        facts.append((gettext("评审排名"), gettext("第 {n} 名", n=item.rank)))
    if item.deviates:
        facts.append((gettext("说明"), gettext("与专家评审意见或排名不一致，理由见上。")))
    return facts


def decision_line(decision: Decision, user: User | None, naming: Naming) -> DecisionLine:
    """Return one decision in words."""
    at = stage(decision.stage)
    return DecisionLine(
        stage=gettext(at.title),
        round=decision.round,
        outcome=gettext(at.words_for(decision.outcome)),
        look=str(decision.outcome),
        who=naming.decider(decision, user),
        at=decision.decided_at,
        reasons=gettext(decision.reasons) if decision.reasons and _is_ours(decision) else decision.reasons,
        corrections=decision.corrections,
        undone_at=decision.undone_at,
        undoing_reason=decision.undoing_reason,
    )


def review_rounds(panels: Sequence[PanelReviews], naming: Naming, snapshot: Mapping[str, Any]) -> list[ReviewRound]:
    """Return the reviews round by round; what they come to only where the whole panel has answered."""
    return [_round(panel, naming, snapshot) for panel in panels]


def visit_lines(
    visits: Sequence[tuple[StageRound, Inspection, User, list[Finding]]],
    naming: Naming,
    absent: Mapping[tuple[str, int], str],
) -> list[VisitLine]:
    """Return the visits with what was found; `absent`: in whose place a round was recorded."""
    return [
        VisitLine(
            round=at.round,
            visited_on=visit.visited_on,
            who=naming.person(user, Role.INSPECTOR, absent.get((at.stage, at.round), "")),
            at=visit.recorded_at,
            summary=visit.summary,
            findings=[_finding(finding) for finding in findings],
        )
        for at, visit, user, findings in visits
    ]


def _is_ours(decision: Decision) -> bool:
    """Whether the reasons may be the house's own words, which are translated; what people wrote never is."""
    return decision.by_system or decision.outcome is Outcome.WITHDRAWN


def _unusual(decision: Decision) -> bool:
    return decision.outcome is not Outcome.APPROVED


def _round(panel: PanelReviews, naming: Naming, snapshot: Mapping[str, Any]) -> ReviewRound:
    sheet = sheet_of(snapshot)
    lines = [_review(panel.at, (written, user), naming, sheet) for written, user in panel.reviews]
    told = panel.complete and panel.reviews and naming.sight.all_reviews
    return ReviewRound(panel.at.round, panel.asked, lines, result_view(panel, naming, snapshot) if told else None)


def _review(at: StageRound, by: tuple[Review, User], naming: Naming, sheet: Sheet | None) -> ReviewLine:
    written, user = by
    return ReviewLine(
        round=at.round,
        who=naming.person(user, Role.EXPERT),
        mine=user.id == naming.viewer.id,
        score=written.score,
        advice=gettext(RECOMMENDATIONS[written.recommendation]),
        look=ADVICE_LOOKS[written.recommendation],
        opinion=written.opinion,
        at=written.reviewed_at,
        marks=marks_of(written, sheet),
        taken_over=written.taken_from is not None,
    )


def _finding(finding: Finding) -> FindingLine:
    title, source = ITEMS[finding.item]
    return FindingLine(gettext(title), cited(source), finding.declared, finding.found, finding.matches, finding.note)
