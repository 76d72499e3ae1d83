"""Reviews: each expert's own opinion, hidden from the others until all are in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import Session, col, select

from casework import bells, journal
from casework.access import Sight
from casework.assignments import finish, held_duty, is_for
from casework.cases import latest_submission
from casework.decisions import refuse_if_ended
from casework.experts.conflicts import refuse_conflicted
from casework.people import Person
from casework.review_drafts import discard
from casework.scoring import mark_faults
from casework.separation import refuse_another_part
from casework.sheets import sheet_for
from casework.visits import threshold
from core.clock import local
from core.errors import AlreadyDecided, Fault, Invalid, NotAssigned, StageClosed
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.judgement import Recommendation, Review
from models.person import User
from regulation.roles import Duty
from regulation.sheet import Sheet

RECOMMENDATIONS = {
    Recommendation.PASS: marked("建议通过"),
    Recommendation.RETURN: marked("建议退回补正"),
    Recommendation.FAIL: marked("建议不通过"),
}
VOTES = {True: marked("同意"), False: marked("不同意")}
"""What an advice counts as: only 建议通过 is a yes."""


@dataclass(frozen=True)
class Opinion:
    """What an expert says: points of 100, or marks and remarks by item of the call's sheet; the advice, and why."""

    score: int | None
    recommendation: str
    text: str
    marks: Mapping[str, int | None] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)


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
    refuse_another_part(session, assignment.duty, case, by=by)
    refuse_conflicted(session, case, by.id)
    sheet = sheet_for(session, case)
    check(opinion, sheet)
    refuse_below_the_threshold(session, case, opinion)
    marks = {key: mark for key, mark in opinion.marks.items() if mark is not None}
    written = Review(
        assignment_id=assignment.id,
        stage_round_id=at.id,
        score=opinion.score if opinion.score is not None else sum(marks.values()),
        marks=marks,
        remarks={key: words.strip() for key, words in opinion.remarks.items() if words.strip()},
        recommendation=Recommendation(opinion.recommendation),
        opinion=opinion.text.strip(),
        submission_id=latest_submission(session, case).id,
    )
    session.add(written)
    discard(session, assignment.id)
    finish(assignment, by=by)
    journal.note(session, "reviewed", case=case, by=by, stage=at.stage, round=at.round)
    bells.hang(session, case, "reviewed", by=by)
    return written


def check(opinion: Opinion, sheet: Sheet | None) -> None:
    """Raise `Invalid` with everything that is wrong with an opinion."""
    faults = mark_faults(sheet, opinion.score, opinion.marks, opinion.remarks)
    if opinion.recommendation not in set(Recommendation):
        faults.append(Fault("recommendation", marked("请选择评审建议。")))
    if not opinion.text.strip():
        faults.append(Fault("opinion", marked("请填写评审意见。")))
    if len(opinion.text) > 2000:
        faults.append(Fault("opinion", marked("评审意见不超过 2000 字。")))
    if faults:
        raise Invalid(faults=faults)


def refuse_below_the_threshold(session: Session, case: Case, opinion: Opinion) -> None:
    """Raise `Invalid` when the advice is to pass a file with fewer people a year than Art. 4(4) asks for."""
    favourable = opinion.recommendation == Recommendation.PASS
    if faults := threshold.faults_of_advice(session, case) if favourable else []:
        raise Invalid(faults=faults)


@dataclass(frozen=True)
class PanelReviews:
    """What one reader may see of a panel's reviews in one round; `seats` are all of the panel's, also a vacant one."""

    at: StageRound
    asked: int
    reviews: list[tuple[Review, User]]
    seats: int = 0

    @property
    def complete(self) -> bool:
        """Whether the reader sees the reviews of the whole panel."""
        return len(self.reviews) == self.asked


def reviews_for(session: Session, case: Case, person: Person, sight: Sight) -> list[PanelReviews]:
    """Return the reviews of a case that count and that somebody may see, round by round.

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
    for at, given, written, user in rows:
        panel = panels.get(at.id) or PanelReviews(at, 0, [])
        counts = not given.voided_at
        seen = counts and written and (user.id == person.id or (sight.all_reviews and at.id not in awaited))
        reviews = panel.reviews + [(written, user)] * bool(seen)
        panels[at.id] = replace(panel, asked=panel.asked + counts, seats=panel.seats + 1, reviews=reviews)
    return [panel for panel in panels.values() if panel.reviews or sight.reviews_at_once]
