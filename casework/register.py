"""Entering a base in the public register (Art. 6); `casework.publication.register` is how it is read."""

from sqlmodel import Session

from casework import journal
from casework.by_hand import Place, parts_done
from casework.cases import latest_submission, parties
from casework.certificates import of_case, verification_path
from casework.letters import applicants_of, post
from casework.rounds import close_case, find
from core.clock import now, today
from models.case import Case, StageRound
from models.certificate import Certificate, RegisterEntry
from models.judgement import Decision
from models.operating import Part
from regulation.outcomes import Outcome

STAGE = "publication"


def publish(session: Session, case: Case) -> str:
    """Enter the certified base in the register, close the case and tell the applicant; nothing when it was done."""
    certificate = of_case(session, case.id)
    if case.closed_at or not certificate or find(session, case.id, STAGE, 1):
        return ""
    at = StageRound(case_id=case.id, stage=STAGE, round=1)
    case.stage = STAGE
    session.add(at)
    session.flush()
    enter(session, case, certificate)
    session.add(Decision(case_id=case.id, stage=STAGE, round=1, outcome=Outcome.APPROVED, by_system=True))
    at.closed_at, at.outcome = now(), Outcome.APPROVED
    journal.note(session, "published", case=case, by=None, stage=STAGE, round=1, number=certificate.number)
    close_case(session, case, Outcome.APPROVED)
    told_by_hand = Part.LETTERS in parts_done(session, case, Place("publish"))
    for applicant in applicants_of(session, case) if not told_by_hand else ():
        post(
            session,
            "certified",
            applicant,
            about=str(certificate.id),
            case=case,
            number=certificate.number,
            issued_on=certificate.issued_on.isoformat(),
            verification_path=verification_path(certificate),
            register_path="/register",
        )
    return f"published {certificate.number}"


def enter(session: Session, case: Case, certificate: Certificate) -> None:
    """Write the register's line; it holds no personal data."""
    _, unit, _ = parties(session, case)
    papers = latest_submission(session, case).content
    session.add(
        RegisterEntry(
            certificate_id=certificate.id,
            name=certificate.holder,
            base_name=certificate.base_name,
            area_code=str(papers.get("area") or unit.area_code),
            fields=" ".join(papers.get("domains", [])),
            published_on=today(),
        )
    )
