"""What the record says of a case, read at once: the flow decides from it which steps are due."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework.cases import policy_for
from casework.certificates import of_case
from casework.rounds import reviews_complete
from models.case import Case, StageRound
from models.judgement import Decision
from regulation.outcomes import Outcome
from regulation.policy import Policy


@dataclass(frozen=True)
class Record:
    """The rounds that were opened (and what they were closed with), their decisions, and what was issued.

    `undone` counts the decisions that were taken back: a step does nothing when another one was meanwhile.
    """

    outcome: Outcome | None
    policy: Policy
    rounds: dict[tuple[str, int], Outcome | None]
    decisions: dict[tuple[str, int], Outcome]
    reviews_complete: bool
    certified: bool
    undone: int


def read(session: Session, case_id: UUID) -> Record:
    """Read the record of a case."""
    case = session.get_one(Case, case_id, populate_existing=True)
    rounds = session.exec(select(StageRound).where(StageRound.case_id == case_id)).all()
    decisions = session.exec(
        select(Decision.stage, Decision.round, Decision.outcome).where(
            col(Decision.case_id) == case_id, col(Decision.undone_at).is_(None)
        )
    ).all()
    current = next((r for r in rounds if r.closed_at is None), None)
    return Record(
        outcome=case.outcome,
        policy=policy_for(session, case),
        rounds={(r.stage, r.round): r.outcome for r in rounds},
        decisions={(stage, number): Outcome(outcome) for stage, number, outcome in decisions},
        reviews_complete=bool(current and reviews_complete(session, current)),
        certified=of_case(session, case_id) is not None,
        undone=undone_in(session, case_id),
    )


def undone_in(session: Session, case_id: UUID) -> int:
    """Count the decisions of a case that were undone: what was read before another one stands no longer."""
    undone = select(func.count()).select_from(Decision).where(col(Decision.case_id) == case_id)
    return session.exec(undone.where(col(Decision.undone_at).is_not(None))).one()
