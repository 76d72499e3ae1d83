"""What the record says of a case, read at once: the flow decides from it which steps are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework.cases import of_the_round
from casework.rounds import reviews_complete
from models.application import Application, Call
from models.case import Case, StageRound
from models.certificate import Certificate
from models.judgement import Decision
from regulation.outcomes import Outcome
from regulation.policy import Policy, policy_of
from regulation.stages.expert_review import EXPERT_REVIEW


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
    """Read the record of a case: every step is followed by this, so it asks as little as it can."""
    return read_all(session, [case_id])[case_id]


def read_all(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, Record]:
    """Read the records of several cases at once."""
    rows = session.exec(
        select(StageRound, Decision.outcome, Decision.undone_at)
        .join(Decision, of_the_round(), isouter=True)
        .where(col(StageRound.case_id).in_(case_ids))
        .execution_options(populate_existing=True)
    ).all()
    found: dict[UUID, list[Row]] = {case_id: [] for case_id in case_ids}
    for at, decided, undone in rows:
        found[at.case_id].append((at, decided, undone))
    return {head[0]: record_of(session, head, found[head[0]]) for head in session.exec(headers(case_ids))}


Row = tuple[StageRound, str | None, datetime | None]


def record_of(session: Session, head: tuple[UUID, Outcome | None, dict[str, Any], bool], rows: list[Row]) -> Record:
    """Put the record of a case together from what was read of it."""
    _, outcome, policy, certified = head
    panel = next((at for at, _, _ in rows if at.closed_at is None and at.stage == EXPERT_REVIEW.key), None)
    return Record(
        outcome=outcome,
        policy=policy_of(policy),
        rounds={(at.stage, at.round): at.outcome for at, _, _ in rows},
        decisions={(at.stage, at.round): Outcome(decided) for at, decided, undone in rows if decided and not undone},
        reviews_complete=bool(panel and reviews_complete(session, panel)),
        certified=certified,
        undone=sum(undone is not None for _, _, undone in rows),
    )


def headers(case_ids: Sequence[UUID]):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a statement
    """Select how cases ended, the policies of their calls, and whether they have live certificates."""
    live = select(Certificate.id).where(Certificate.case_id == Case.id, col(Certificate.revoked_at).is_(None)).exists()
    return (
        select(Case.id, Case.outcome, Call.policy, live)
        .join(Application, col(Application.id) == Case.application_id)
        .join(Call, col(Call.id) == Application.call_id)
        .where(col(Case.id).in_(case_ids))
    )


def undone_in(session: Session, case_id: UUID) -> int:
    """Count the decisions of a case that were undone: what was read before another one stands no longer."""
    undone = select(func.count()).select_from(Decision).where(col(Decision.case_id) == case_id)
    return session.exec(undone.where(col(Decision.undone_at).is_not(None))).one()
