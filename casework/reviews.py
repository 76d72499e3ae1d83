"""Reviews: each expert's own opinion, hidden from the others until all are in."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, col, select

from casework import bells, journal
from casework.access import Sight
from casework.assignments import finish, held_duty, is_for
from casework.cases import latest_submission
from casework.decisions import refuse_if_ended
from casework.people import Person
from core.clock import local
from core.errors import AlreadyDecided, Fault, Invalid, NotAssigned, StageClosed
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.judgement import Recommendation, Review
from models.person import User
from regulation.roles import Duty

RECOMMENDATIONS = {
    Recommendation.PASS: marked("建议通过"),
    Recommendation.RETURN: marked("建议退回补正"),
    Recommendation.FAIL: marked("建议不通过"),
}


@dataclass(frozen=True)
class Opinion:
    """What an expert says: points of 100, the advice, and why."""

    score: int | None
    recommendation: str
    text: str


def review(session: Session, assignment_id: UUID, opinion: Opinion, *, by: Person) -> Review:
    """Record an expert's opinion on the newest papers, once."""
    assignment, case, at = held_duty(session, assignment_id)
    if not is_for(assignment, by) or assignment.duty is not Duty.REVIEW:
        raise NotAssigned
    if assignment.done_at:
        raise AlreadyDecided(
            by=by.name, at=f"{local(assignment.done_at):%Y-%m-%d %H:%M}", outcome=marked("提交评审意见")
        )
    refuse_if_ended(session, case, at)
    if assignment.ended_at:
        raise StageClosed
    check(opinion)
    written = Review(
        assignment_id=assignment.id,
        stage_round_id=at.id,
        score=opinion.score,  # type: ignore[arg-type]  # checked above
        recommendation=Recommendation(opinion.recommendation),
        opinion=opinion.text.strip(),
        submission_id=latest_submission(session, case).id,
    )
    session.add(written)
    finish(assignment, by=by)
    journal.note(session, "reviewed", case=case, by=by, stage=at.stage, round=at.round)
    bells.hang(session, case, "reviewed", by=by)
    return written


def check(opinion: Opinion) -> None:
    """Raise `Invalid` with everything that is wrong with an opinion."""
    faults = []
    if opinion.score is None or not 0 <= opinion.score <= 100:
        faults.append(Fault("score", marked("请填写 0 至 100 的整数分。")))
    if opinion.recommendation not in set(Recommendation):
        faults.append(Fault("recommendation", marked("请选择评审建议。")))
    if not opinion.text.strip():
        faults.append(Fault("opinion", marked("请填写评审意见。")))
    if len(opinion.text) > 2000:
        faults.append(Fault("opinion", marked("评审意见不超过 2000 字。")))
    if faults:
        raise Invalid(faults=faults)


@dataclass(frozen=True)
class PanelReviews:
    """What one reader may see of a panel's reviews in one round."""

    at: StageRound
    asked: int
    reviews: list[tuple[Review, User]]

    @property
    def complete(self) -> bool:
        """Whether the reader sees the reviews of the whole panel."""
        return len(self.reviews) == self.asked


def reviews_for(session: Session, case: Case, person: Person, sight: Sight) -> list[PanelReviews]:
    """Return the reviews of a case that somebody may see, round by round.

    Each expert sees the own one; whoever may see all sees those of a round when the whole panel has answered, unless
    the sight says at once.
    """
    if not sight.own_review and not sight.all_reviews:
        return []
    rows = session.exec(
        select(StageRound, Assignment, Review, User)
        .join(Assignment, col(Assignment.stage_round_id) == StageRound.id)
        .join(User, col(User.id) == Assignment.user_id)
        .join(Review, col(Review.assignment_id) == Assignment.id, isouter=True)
        .where(StageRound.case_id == case.id, Assignment.duty == Duty.REVIEW, col(Assignment.replaced_by).is_(None))
        .order_by(col(StageRound.round), col(Assignment.leads).desc(), User.name)
    ).all()
    awaited = set() if sight.reviews_at_once else {at.id for at, given, _, _ in rows if not given.ended_at}
    panels: dict[UUID, PanelReviews] = {}
    for at, _, written, user in rows:
        panel = panels.get(at.id) or PanelReviews(at, 0, [])
        seen = written and (user.id == person.id or (sight.all_reviews and at.id not in awaited))
        panels[at.id] = replace(panel, asked=panel.asked + 1, reviews=panel.reviews + [(written, user)] * bool(seen))
    return [panel for panel in panels.values() if panel.reviews or sight.reviews_at_once]
