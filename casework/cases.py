"""Cases: finding one, holding one, and where it stands."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from core.errors import NotFound
from core.logging import note
from models.application import Application, Call, Submission
from models.case import Case, StageRound
from models.judgement import Decision
from models.organisation import Organisation
from models.person import User
from regulation.policy import Policy, policy_of

BASE_NAME: ColumnElement[str] = func.coalesce(func.jsonb_extract_path_text(Application.content, "base_name"), "")
"""What the base is to be called: lists ask for this, and leave the rest of a long form where it is."""


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
    """Return the case of that reference (JD-2026-0001), read with all it belongs to."""
    return in_full(session, col(Case.reference) == reference)


def by_id(session: Session, case_id: UUID) -> Case:
    """Return a case, read with all it belongs to."""
    return in_full(session, col(Case.id) == case_id)


def in_full(session: Session, which: ColumnElement[bool]) -> Case:
    """Return a case; its application, its call and both parties are read with it.

    The session remembers them, so `parties` and `call_of` ask nothing afterwards.
    """
    unit, recommender = aliased(Organisation), aliased(Organisation)
    found = session.exec(
        select(Case, Application, Call, unit, recommender)  # type: ignore[call-overload]  # four at most
        .join(Application, col(Application.id) == Case.application_id)
        .join(Call, col(Call.id) == Application.call_id)
        .join(unit, col(unit.id) == Application.organisation_id)
        .join(recommender, col(recommender.id) == Application.recommender_id)
        .where(which)
    ).first()
    if not found:
        raise NotFound
    case: Case = found[0]
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


def of_the_round() -> ColumnElement[bool]:
    """Return the condition under which a decision is that of a round."""
    of_its_case = col(Decision.case_id) == StageRound.case_id
    return and_(of_its_case, col(Decision.stage) == StageRound.stage, col(Decision.round) == StageRound.round)


def is_decided() -> ColumnElement[bool]:
    """Return the condition under which a round that is asked for has its decision."""
    return select(Decision.id).where(of_the_round()).exists()


def latest_submission(session: Session, case: Case) -> Submission:
    """Return the newest frozen papers of a case."""
    submissions = select(Submission).where(Submission.application_id == case.application_id)
    return session.exec(submissions.order_by(col(Submission.number).desc())).first() or _missing()


def submissions_of(session: Session, case: Case) -> list[Submission]:
    """Return the frozen papers of a case, the newest first."""
    submissions = select(Submission).where(Submission.application_id == case.application_id)
    return list(session.exec(submissions.order_by(col(Submission.number).desc())))


def authored_submissions_of(session: Session, case: Case) -> list[tuple[Submission, str]]:
    """Return the frozen papers of a case, the newest first, each with the name of who filed it."""
    filed = select(Submission, User.name).join(User, col(User.id) == Submission.submitted_by)
    filed = filed.where(Submission.application_id == case.application_id)
    return list(session.exec(filed.order_by(col(Submission.number).desc())))


def parties(session: Session, case: Case) -> tuple[Application, Organisation, Organisation]:
    """Return the application of a case, the institution and its recommending body."""
    application = session.get_one(Application, case.application_id)
    unit = session.get_one(Organisation, application.organisation_id)
    return application, unit, session.get_one(Organisation, application.recommender_id)


def _missing() -> Submission:
    raise NotFound
