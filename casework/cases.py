"""Cases: finding one, holding one, and where it stands."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from core.errors import NotFound
from core.logging import note
from models.application import Application, Call, Submission
from models.case import Case, StageRound
from models.organisation import Organisation
from regulation.policy import Policy, policy_of


def held(session: Session, case_id: UUID) -> Case:
    """Lock a case for the rest of the transaction: whoever writes to a case holds it first."""
    ours: dict[UUID, Case] = session.info.setdefault("held", {})
    if case_id in ours:
        return ours[case_id]
    case = session.exec(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if not case:
        raise NotFound
    ours[case_id] = case
    note(case=case.reference)
    return case


def by_reference(session: Session, reference: str) -> Case:
    """Return the case of that reference (JD-2026-0001)."""
    case = session.exec(select(Case).where(Case.reference == reference)).first()
    if not case:
        raise NotFound
    note(case=case.reference)
    return case


def of_application(session: Session, application_id: UUID) -> Case | None:
    """Return the case about an application, if it was submitted."""
    return session.exec(select(Case).where(Case.application_id == application_id)).first()


def policy_for(session: Session, case: Case) -> Policy:
    """Return the policy the case's call was opened under."""
    return policy_of(snapshot_for(session, case))


def snapshot_for(session: Session, case: Case) -> Mapping[str, Any]:
    """Return what the case's call was opened under, as it was kept; it never changes, so a session asks for it once."""
    known: dict[UUID, Mapping[str, Any]] = session.info.setdefault("snapshots", {})
    if case.application_id not in known:
        known[case.application_id] = session.exec(
            select(Call.policy)
            .join(Application, col(Application.call_id) == Call.id)
            .where(Application.id == case.application_id)
        ).one()
    return known[case.application_id]


def call_of(session: Session, case: Case) -> Call:
    """Return the call of a case."""
    return session.get_one(Call, session.get_one(Application, case.application_id).call_id)


def rounds_of(session: Session, case_id: UUID) -> list[StageRound]:
    """Return the rounds of a case in the order they were opened."""
    rounds = select(StageRound).where(StageRound.case_id == case_id)
    return list(session.exec(rounds.order_by(col(StageRound.opened_at), col(StageRound.stage))))


def open_round(session: Session, case_id: UUID) -> StageRound | None:
    """Return the round that is open, if one is."""
    rounds = select(StageRound).where(StageRound.case_id == case_id, col(StageRound.closed_at).is_(None))
    return session.exec(rounds).first()


def latest_submission(session: Session, case: Case) -> Submission:
    """Return the newest frozen papers of a case."""
    submissions = select(Submission).where(Submission.application_id == case.application_id)
    return session.exec(submissions.order_by(col(Submission.number).desc())).first() or _missing()


def submissions_of(session: Session, case: Case) -> list[Submission]:
    """Return the frozen papers of a case, the newest first."""
    submissions = select(Submission).where(Submission.application_id == case.application_id)
    return list(session.exec(submissions.order_by(col(Submission.number).desc())))


def parties(session: Session, case: Case) -> tuple[Application, Organisation, Organisation]:
    """Return the application of a case, the institution and its recommending body."""
    application = session.get_one(Application, case.application_id)
    unit = session.get_one(Organisation, application.organisation_id)
    return application, unit, session.get_one(Organisation, application.recommender_id)


def _missing() -> Submission:
    raise NotFound
