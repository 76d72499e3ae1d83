"""The procedure rehearsed: what a run would do now, without doing anything.

The real procedure (`flows.accreditation.proceed`) is gone through with a case whose steps are only noted; of each step
this page knows no more than what it leaves in the record. Where that is not known before, the rehearsal ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ParamSpec
from uuid import UUID, uuid4

from casework import record
from casework.foresight import Foreseen, Plan
from casework.record import Record
from casework.register import STAGE
from core.db import reading
from flows.accreditation import proceed
from flows.case import CaseInHand, stopping
from models.engine import Run
from regulation.outcomes import ENDINGS, Outcome
from regulation.stages.expert_review import EXPERT_REVIEW
from tasks.step import Step

P = ParamSpec("P")
Left = tuple[Foreseen, Record]


class Rehearsal(CaseInHand):
    """A case in nobody's hands: steps are noted, and their traces in the record are supposed."""

    def __init__(self, case_id: UUID, known: Record) -> None:
        """Take the record as it stands."""
        super().__init__(case_id, Run(case_id=case_id, flow_run_id=uuid4()), [], known)
        self.foreseen: list[Foreseen] = []

    def take(self, step: Step[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Note the step and suppose what it leaves in the record."""
        foreseen, self.record = LEAVES[step.name](self.record, *args, **kwargs)
        self.foreseen.append(foreseen)

    def plan(self) -> Plan:
        """Go through the procedure and say what would be done."""
        again = any(at == EXPERT_REVIEW.key and how is Outcome.UNDONE for (at, _), how in self.record.rounds.items())
        with stopping(self):
            proceed(self)
        last = self.foreseen[-1] if self.foreseen else None
        opens = last is not None and (last.step, last.stage) == ("open_round", EXPERT_REVIEW.key)
        return Plan(tuple(self.foreseen), self.state, open_end=again and opens)


def plans_of(case_ids: Sequence[UUID]) -> dict[UUID, Plan]:
    """Return what a run of each case would do now."""
    with reading() as session:
        records = record.read_all(session, case_ids)
    return {case_id: Rehearsal(case_id, known).plan() for case_id, known in records.items()}


def open_round(known: Record, key: str, number: int) -> Left:
    """Suppose an open round: nobody has decided it yet."""
    rounds = known.rounds | {(key, number): None}
    return Foreseen("open_round", f"opened {key} round {number}", key, number), replace(known, rounds=rounds)


def close_round(known: Record, key: str, number: int) -> Left:
    """Suppose a round that is closed with the decision on record."""
    outcome = known.decisions[key, number]
    ended = outcome if outcome in ENDINGS else known.outcome
    left = replace(known, rounds=known.rounds | {(key, number): outcome}, outcome=ended)
    return Foreseen("close_round", f"closed {key} round {number}: {outcome}", key, number), left


def call_the_chair(known: Record, number: int) -> Left:
    """Suppose that the chair was called."""
    seen = Foreseen("call_the_chair", "called the chair", EXPERT_REVIEW.key, number)
    return seen, replace(known, reviews_complete=False)


def issue_certificate(known: Record) -> Left:
    """Suppose a certificate; its number is taken when it is issued."""
    return Foreseen("issue_certificate", "issued"), replace(known, certified=True)


def publish(known: Record) -> Left:
    """Suppose an entry in the register, which ends the case."""
    rounds = known.rounds | {(STAGE, 1): Outcome.APPROVED}
    return Foreseen("publish", "published"), replace(known, rounds=rounds, outcome=Outcome.APPROVED)


LEAVES: dict[str, Callable[..., Any]] = {
    one.__name__: one for one in (open_round, close_round, call_the_chair, issue_certificate, publish)
}
"""What each step leaves in the record; `tests/stories/test_rehearsed.py` holds it to what the steps really leave."""
