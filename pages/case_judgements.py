"""Decisions, reviews and visits of a case, as this reader may know them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean

from casework.inspections import ITEMS
from casework.naming import Naming
from casework.reviews import RECOMMENDATIONS, PanelReviews
from core.i18n import gettext
from models.case import StageRound
from models.judgement import Decision, Finding, Inspection, Recommendation, Review
from models.person import User
from pages.kit import Tile
from pages.public_sources import cited
from regulation.definition import stage
from regulation.outcomes import Outcome
from regulation.roles import Role

ADVICE_LOOKS = {Recommendation.PASS: "approved", Recommendation.RETURN: "returned", Recommendation.FAIL: "refused"}


@dataclass(frozen=True)
class DecisionLine:
    """One decision."""

    stage: str
    round: int
    outcome: str
    look: str
    who: str
    at: datetime
    reasons: str
    corrections: list[str]


@dataclass(frozen=True)
class ReviewLine:
    """One expert's opinion."""

    round: int
    who: str
    mine: bool
    score: int
    advice: str
    look: str
    opinion: str
    at: datetime


@dataclass(frozen=True)
class Scores:
    """What the scores of one round come to."""

    mean: float
    lowest: int
    highest: int
    pass_mark: float

    @property
    def passed(self) -> bool:
        """Whether the mean reaches the pass mark."""
        return self.mean >= self.pass_mark

    @property
    def tiles(self) -> list[Tile]:
        """The numbers that matter for the conclusion."""
        reached = gettext("达到通过线") if self.passed else gettext("未达通过线")
        return [
            Tile(gettext("平均分"), f"{self.mean:.1f}", reached, mood="good" if self.passed else "bad"),
            Tile(gettext("通过线"), f"{self.pass_mark:g}", gettext("本批次规定")),
            Tile(
                gettext("最高与最低"),
                f"{self.highest} / {self.lowest}",
                gettext("相差 {n} 分", n=self.highest - self.lowest),
            ),
        ]


@dataclass(frozen=True)
class ReviewRound:
    """The reviews of one round that may be seen; scores only where all of them may."""

    round: int
    asked: int
    reviews: list[ReviewLine]
    scores: Scores | None


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


def decision_lines(decisions: Sequence[tuple[Decision, User | None]], naming: Naming) -> list[DecisionLine]:
    """Return the decisions in their order; filing papers and publishing them are none that anyone argues about."""
    judged = [pair for pair in decisions if pair[0].stage not in {"submission", "publication"} or _unusual(pair[0])]
    return [decision_line(decision, user, naming) for decision, user in judged]


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
    )


def review_rounds(panels: Sequence[PanelReviews], naming: Naming, pass_mark: float) -> list[ReviewRound]:
    """Return the reviews round by round; what they come to only where the whole panel has answered."""
    return [_round(panel, naming, pass_mark) for panel in panels]


def scores_of(reviews: Sequence[ReviewLine], pass_mark: float) -> Scores:
    """Return mean, lowest and highest beside the pass mark."""
    scores = [review.score for review in reviews]
    return Scores(mean(scores), min(scores), max(scores), pass_mark)


def visit_lines(
    visits: Sequence[tuple[StageRound, Inspection, User, list[Finding]]], naming: Naming
) -> list[VisitLine]:
    """Return the visits with what was found."""
    return [
        VisitLine(
            round=at.round,
            visited_on=visit.visited_on,
            who=naming.person(user, Role.INSPECTOR),
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


def _round(panel: PanelReviews, naming: Naming, pass_mark: float) -> ReviewRound:
    lines = [_review(panel.at, written, user, naming) for written, user in panel.reviews]
    scores = scores_of(lines, pass_mark) if panel.complete and naming.sight.all_reviews else None
    return ReviewRound(panel.at.round, panel.asked, lines, scores)


def _review(at: StageRound, written: Review, user: User, naming: Naming) -> ReviewLine:
    return ReviewLine(
        round=at.round,
        who=naming.person(user, Role.EXPERT),
        mine=user.id == naming.viewer.id,
        score=written.score,
        advice=gettext(RECOMMENDATIONS[written.recommendation]),
        look=ADVICE_LOOKS[written.recommendation],
        opinion=written.opinion,
        at=written.reviewed_at,
    )


def _finding(finding: Finding) -> FindingLine:
    title, source = ITEMS[finding.item]
    return FindingLine(gettext(title), cited(source), finding.declared, finding.found, finding.matches, finding.note)
