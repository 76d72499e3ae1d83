"""Reviews: each expert's own opinion, hidden from the others until all are in."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from casework import bells, journal
from casework.assignments import finish, is_for
from casework.cases import held, latest_submission
from casework.decisions import refuse_if_ended
from casework.people import Person
from core.clock import local
from core.errors import AlreadyDecided, Fault, Invalid, NotAssigned, NotFound, StageClosed
from core.i18n import marked
from models.case import Assignment, StageRound
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
    assignment = session.get(Assignment, assignment_id)
    if not assignment:
        raise NotFound
    case = held(session, assignment.case_id)
    session.refresh(assignment)
    at = session.get_one(StageRound, assignment.stage_round_id)
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
        score=opinion.score,
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


def reviews_of(session: Session, stage_round_id: UUID) -> list[tuple[Review, User]]:
    """Return the reviews of a round with their authors; whoever calls has checked that they may be seen."""
    found = session.exec(
        select(Review, User)
        .join(Assignment, col(Assignment.id) == Review.assignment_id)
        .join(User, col(User.id) == Assignment.user_id)
        .where(Review.stage_round_id == stage_round_id)
        .order_by(col(Review.reviewed_at))
    )
    return [(written, user) for written, user in found]
