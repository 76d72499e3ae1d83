"""Submission: the draft becomes a frozen paper, and the first one a case (Art. 5(3))."""

import hashlib
import json
from typing import Any
from uuid import UUID

from sqlmodel import Session, func, select

from casework import bells, journal
from casework.applications import documents_of, own
from casework.assignments import finish, open_in
from casework.calls import require_open
from casework.cases import held, of_application, open_round
from casework.decisions import refuse_if_ended
from casework.letters import applicants_of, post
from casework.people import Person
from casework.series import next_number
from core.clock import local, now, today
from core.errors import CaseClosed, Invalid, StageClosed, Stale
from core.i18n import marked
from models.application import Application, Call, Submission
from models.case import Case, StageRound
from models.judgement import Decision
from models.organisation import Organisation
from regulation.definition import PROCEDURE
from regulation.form.reading import faults, missing
from regulation.outcomes import Outcome
from regulation.policy import policy_of


def submit(session: Session, application_id: UUID, version: int | None = None, *, by: Person) -> Case:
    """File the draft, for the first time or as a correction; its content is frozen with a SHA-256.

    Raises `CallClosed`, `StageClosed`, `CaseClosed`, `Stale`, or `Invalid` with everything that is missing or wrong.
    """
    application = own(session, application_id, by, hold=True)
    case = of_application(session, application.id)
    call = session.get_one(Call, application.call_id)
    at = correction_round(session, case) if case else None
    if not case:
        require_open(call)
    if version is not None and version != application.version:
        raise Stale
    policy = policy_of(call.policy)
    attached = {document.kind for document in documents_of(session, application.id)}
    wrong = [*faults(application.content, policy), *missing(application.content, attached, policy)]
    if wrong:
        raise Invalid(marked("申报表尚未填写完整，请按提示补充后再提交。"), faults=wrong)
    submission = freeze(session, application, by=by)
    if not case or not at:
        case, at = open_case(session, application)
    file(session, case, at, submission, by=by)
    return case


def correction_round(session: Session, case: Case) -> StageRound:
    """Return the round in which a correction is expected; raises when none is."""
    held(session, case.id)
    if case.closed_at:
        raise CaseClosed
    at = open_round(session, case.id)
    if not at or at.stage != "submission":
        raise StageClosed(marked("申报表已提交，正在审核中，不能重复提交。"))
    refuse_if_ended(session, case, at, to_applicant=True)
    return at


def freeze(session: Session, application: Application, *, by: Person) -> Submission:
    """Keep the draft as it is now, with its attachments, under a checksum."""
    number = session.exec(
        select(func.count()).select_from(Submission).where(Submission.application_id == application.id)
    ).one()
    documents = [
        {"kind": d.kind, "filename": d.filename, "size": d.size, "sha256": d.sha256}
        for d in documents_of(session, application.id)
    ]
    submission = Submission(
        application_id=application.id,
        number=number + 1,
        content=application.content,
        documents=documents,
        sha256=checksum(application.content, documents),
        submitted_by=by.id,
    )
    session.add(submission)
    session.flush()
    return submission


def checksum(content: dict[str, Any], documents: list[dict[str, Any]]) -> str:
    """Return the SHA-256 of a submission's canonical JSON (sorted keys, UTF-8, no spaces)."""
    whole = {"content": content, "documents": documents}
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def open_case(session: Session, application: Application) -> tuple[Case, StageRound]:
    """Open the proceeding with the next reference of the year, in its first round of submission."""
    year = today().year
    number = next_number(session, f"case-{year}")
    case = Case(
        application_id=application.id, reference=f"JD-{year}-{number:04}", procedure=PROCEDURE, stage="submission"
    )
    session.add(case)
    session.flush()
    at = StageRound(case_id=case.id, stage="submission", round=1)
    session.add(at)
    session.flush()
    return case, at


def file(session: Session, case: Case, at: StageRound, submission: Submission, *, by: Person) -> None:
    """Record that papers came in: the decision on the round, the receipt, the journal and the bell."""
    session.add(Decision(case_id=case.id, stage=at.stage, round=at.round, outcome=Outcome.APPROVED, decided_by=by.id))
    for assignment in session.exec(open_in(at.id)):
        finish(assignment, by=by)
    application = session.get_one(Application, case.application_id)
    recommender = session.get_one(Organisation, application.recommender_id)
    for applicant in applicants_of(session, case):
        post(
            session,
            "receipt",
            applicant,
            about=str(submission.id),
            case=case,
            number=submission.number,
            submitted_at=f"{local(now()):%Y-%m-%d %H:%M}",
            sha256=submission.sha256,
            recommender=recommender.name,
        )
    detail = {"number": submission.number, "sha256": submission.sha256}
    journal.note(session, "submitted", case=case, by=by, stage=at.stage, round=at.round, **detail)
    bells.hang(session, case, "submitted", by=by)
