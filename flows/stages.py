"""Settling a stage: its rounds, its corrections, its end. The same for every stage, so it stands here once."""

from itertools import count

from flows.case import CaseEnded, CaseInHand, Waiting
from regulation.outcomes import ENDINGS, Outcome
from regulation.stage import Stage
from regulation.stages.expert_review import EXPERT_REVIEW
from regulation.stages.submission import SUBMISSION
from tasks.rounds import call_the_chair, close_round, open_round


def settle(case: CaseInHand, stage: Stage) -> None:
    """Bring a stage to its approval, round after round.

    A return sends the file back: a further round of submission comes first, then the stage's next round.
    Raises `Waiting` where a person must act, `CaseEnded` where the proceeding ends.
    """
    for number in count(1):
        if outcome_of(case, stage, number) is Outcome.APPROVED:
            return
        case.corrections += 1
        outcome_of(case, SUBMISSION, 1 + case.corrections)


def outcome_of(case: CaseInHand, stage: Stage, number: int) -> Outcome:
    """Open a round unless it is open, wait for its decision, close it, and say how it ended."""
    key = (stage.key, number)
    if key not in case.record.rounds:
        case.take(open_round, *key)
    outcome = case.record.decisions.get(key)
    if outcome is None:
        if stage is EXPERT_REVIEW and case.record.reviews_complete:
            case.take(call_the_chair, number)
        raise Waiting(stage)
    if not case.record.rounds.get(key):
        case.take(close_round, *key)
    if outcome in ENDINGS:
        raise CaseEnded(outcome)
    return outcome
