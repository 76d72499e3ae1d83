"""Settling a stage: its rounds, its corrections, its end. The same for every stage, so it stands here once."""

from itertools import count

from flows.case import CaseEnded, CaseInHand, Waiting
from regulation.outcomes import ENDINGS, Outcome
from regulation.stage import Stage
from regulation.stages.expert_review import EXPERT_REVIEW
from regulation.stages.submission import SUBMISSION
from tasks.rounds import call_the_chair, close_round, open_round


def settle(case: CaseInHand, stage: Stage) -> None:
    """Bring a stage to its approval, round after round; pass it over if the case's call does without it.

    A return sends the file back: a further round of submission comes first, then the stage's next round. A round whose
    decision was undone is begun again. Raises `Waiting` where a person must act, `CaseEnded` where the proceeding ends.
    """
    if stage.key in case.record.policy.skipped:
        return
    for number in count(1):
        outcome = outcome_of(case, stage, number)
        if outcome is Outcome.APPROVED:
            return
        if outcome is Outcome.RETURNED:
            correct(case)


def correct(case: CaseInHand) -> None:
    """Have the applicant correct the file: the next round of submission that was not undone."""
    for number in count(1 + case.submissions):
        case.submissions = number
        if outcome_of(case, SUBMISSION, number) is not Outcome.UNDONE:
            return


def outcome_of(case: CaseInHand, stage: Stage, number: int) -> Outcome:
    """Open a round unless it is open, wait for its decision, close it, and say how it ended."""
    key = (stage.key, number)
    if key not in case.record.rounds:
        case.take(open_round, *key)
    closed_with = case.record.rounds.get(key)
    outcome = closed_with or case.record.decisions.get(key)
    if outcome is None:
        if stage is EXPERT_REVIEW and case.record.reviews_complete:
            case.take(call_the_chair, number)
        raise Waiting(stage)
    if not closed_with:
        case.take(close_round, *key)
    if outcome in ENDINGS:
        raise CaseEnded(outcome)
    return outcome
