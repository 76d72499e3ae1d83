"""What the reviews of a round come to under the rules of its call, and whether a conclusion departs from it."""

from uuid import UUID

from sqlmodel import Session, col, select

from casework.assignments import of_round, seats_of
from casework.cases import policy_for, rounds_of
from casework.experts.conflicts import conflict_faults
from core.errors import StageClosed
from core.i18n import marked
from models.case import Case, StageRound
from models.judgement import Recommendation, Review
from regulation.outcomes import Outcome
from regulation.policy import Policy
from regulation.result import Ballot, Result, result
from regulation.roles import Duty

FROM_THE_MEAN = marked("结论与平均分不一致，须说明理由。")
FROM_THE_RESULT = marked("结论与评审结果不一致，须说明理由。")
MAY_NOT_JUDGE = marked(
    "{who}请继教办先在本件的“回避”页面处理：认定无须回避的，说明理由；认定应当回避的，其评审意见作废，席位补选后再作结论。"
)
STILL_AWAITED = marked("仍有专家的评审意见未提交，请待全部提交后再作结论。")


def result_of(session: Session, case: Case, at: StageRound) -> Result | None:
    """Return what the valid reviews of a round come to; None while nobody has reviewed."""
    reviews = standing_reviews(session, at.id)
    policy = policy_for(session, case)
    seated = sum(seat.duty is Duty.REVIEW and not seat.replaced_by for seat in of_round(session, at.id))
    return result_from(reviews, seated, policy) if reviews else None


def results_of(session: Session, case: Case) -> list[tuple[StageRound, Result]]:
    """Return what each round of reviews comes to, once all of its panel have answered."""
    found = []
    for at in rounds_of(session, case.id):
        seats = [seat for seat in seats_of(session, at.id) if seat.duty is Duty.REVIEW]
        result = result_of(session, case, at) if seats and all(seat.ended_at for seat in seats) else None
        if result:
            found.append((at, result))
    return found


def result_from(reviews: list[Review], seated: int, policy: Policy) -> Result:
    """Return what these reviews come to; the committee has at least as many seats as the call's policy says."""
    ballots = [Ballot(one.score, agrees=one.recommendation is Recommendation.PASS) for one in reviews]
    return result(ballots, max(seated, policy.panel_size), policy)


def standing_reviews(session: Session, stage_round_id: UUID) -> list[Review]:
    """Return the reviews of a round that count: all but the void ones."""
    standing = select(Review).where(Review.stage_round_id == stage_round_id, col(Review.voided_at).is_(None))
    return list(session.exec(standing))


def deviation(session: Session, case: Case, at: StageRound, outcome: Outcome) -> str:
    """Return the sentence about a conclusion that departs from what the reviews come to; nothing when it does not."""
    found = result_of(session, case, at)
    if found is None or outcome is Outcome.RETURNED or found.passed is (outcome is Outcome.APPROVED):
        return ""
    return FROM_THE_MEAN if len(found.checks) == 1 else FROM_THE_RESULT


def refuse_while_awaited(session: Session, at: StageRound) -> None:
    """Raise `StageClosed` while a member has still to review: one who came later, or in another's place."""
    if any(seat.duty is Duty.REVIEW and not seat.ended_at for seat in seats_of(session, at.id)):
        raise StageClosed(STILL_AWAITED)


def refuse_while_conflicted(session: Session, case: Case, at: StageRound) -> None:
    """Raise `StageClosed` while somebody whose review counts, or who concludes, may not judge.

    It is asked anew before the conclusion: an employer, the list of teachers or a request may have changed since.
    """
    judging = [seat.user_id for seat in seats_of(session, at.id) if seat.duty in {Duty.REVIEW, Duty.CONCLUDE}]
    if against := conflict_faults(session, case, [one for one in judging if one]):
        raise StageClosed(MAY_NOT_JUDGE, who="".join(fault.message for fault in against))
