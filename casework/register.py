"""The public register of bases, and entering a base in it (Art. 6)."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from casework import journal
from casework.cases import latest_submission, parties
from casework.certificates import of_case, verification_path
from casework.letters import applicants_of, post
from casework.rounds import close_case, find
from core.clock import now, today
from models.case import Case, StageRound
from models.certificate import Certificate, RegisterEntry
from models.judgement import Decision
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
    for applicant in applicants_of(session, case):
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


@dataclass(frozen=True)
class Base:
    """A line of the register as the public sees it."""

    number: str
    token: str
    name: str
    base_name: str
    area_code: str
    fields: str
    published_on: date
    revoked: bool


def search(session: Session, words: str = "", area: str = "", *, after: str = "", limit: int = 50) -> list[Base]:
    """Search the register by name, base or number and by area, in the order of the numbers, after a number."""
    found = select(RegisterEntry, Certificate).join(Certificate, col(Certificate.id) == RegisterEntry.certificate_id)
    for word in words.split():
        columns = (RegisterEntry.name, RegisterEntry.base_name, Certificate.number)
        found = found.where(or_(*(col(c).icontains(word, autoescape=True) for c in columns)))
    if area:
        found = found.where(RegisterEntry.area_code == area)
    if after:
        found = found.where(Certificate.number > after)
    rows = session.exec(found.order_by(Certificate.number).limit(limit))
    return [
        Base(c.number, c.token, e.name, e.base_name, e.area_code, e.fields, e.published_on, c.revoked_at is not None)
        for e, c in rows
    ]
