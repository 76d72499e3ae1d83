"""Certificates: the act of accreditation, its number, its PDF and its verification (Art. 5(4), 6)."""

import secrets
from calendar import isleap
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.cases import held, latest_submission, parties, policy_for
from casework.organisations import PROVINCE
from casework.series import next_number
from core.clock import on_paper, today
from core.files import keep
from core.i18n import marked
from core.settings import settings
from core.typesetting import typeset
from models.case import Case
from models.certificate import Certificate, RegisterEntry
from models.publication import Plaque, Revocation
from regulation.definition import CITATION


class Validity(StrEnum):
    """Whether a certificate holds; `expired` is one whose last day is over."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def title(self) -> str:  # type: ignore[override]  # our words have titles, not title case
        """The Chinese term."""
        return VALIDITIES[self]


VALIDITIES = {Validity.VALID: marked("有效"), Validity.EXPIRED: marked("已到期"), Validity.REVOKED: marked("已撤销")}


def validity_of(certificate: Certificate) -> Validity:
    """Return whether a certificate holds today; a revoked one stays revoked when its time is over."""
    if certificate.revoked_at:
        return Validity.REVOKED
    ended = certificate.valid_until is not None and certificate.valid_until < today()
    return Validity.EXPIRED if ended else Validity.VALID


def last_day(issued_on: date, years: int) -> date | None:
    """Return the last day of a validity of so many years, the day before the anniversary; None for one without end."""
    if not years:
        return None
    year = issued_on.year + years
    leaps = (issued_on.month, issued_on.day) == (2, 29) and not isleap(year)
    return (date(year, 3, 1) if leaps else issued_on.replace(year=year)) - timedelta(1)


def issue_certificate(session: Session, case: Case) -> str:
    """Issue the certificate of an approved case: take the number, set the PDF, keep it; nothing when it has one."""
    if case.closed_at or of_case(session, case.id):
        return ""
    _, unit, _ = parties(session, case)
    papers = latest_submission(session, case).content
    year = today().year
    number = next_number(session, f"certificate-{year}")
    certificate = Certificate(
        case_id=case.id,
        number=f"鄂继教基地〔{year}〕{number:04}号",
        token=secrets.token_urlsafe(12),
        holder=str(papers.get("unit_name") or unit.name),
        base_name=str(papers.get("base_name", "")),
        credit_code=unit.credit_code or "",
        issued_on=today(),
        valid_until=last_day(today(), policy_for(session, case).validity_years),
    )
    certificate.sha256 = keep(pdf(certificate))
    session.add(certificate)
    journal.note(session, "certificate-issued", case=case, by=None, stage=case.stage, number=certificate.number)
    return f"issued {certificate.number}"


def pdf(certificate: Certificate) -> bytes:
    """Set the certificate as a PDF; the same row gives the same bytes."""
    day, until = certificate.issued_on, certificate.valid_until
    return typeset(
        "certificate",
        {
            "number": certificate.number,
            "holder": certificate.holder,
            "base_name": certificate.base_name,
            "credit_code": certificate.credit_code,
            "citation": CITATION,
            "issued_on": on_paper(day),
            "valid_until": on_paper(until) if until else "",
            "authority": PROVINCE,
            "verification_url": settings().public_url + verification_path(certificate),
            "check_code": certificate.token,
        },
        created=day,
    )


def verification_path(certificate: Certificate) -> str:
    """Return the page that says whether the certificate is valid."""
    return f"/verify/{certificate.token}"


def of_case(session: Session, case_id: UUID) -> Certificate | None:
    """Return the live certificate of a case."""
    live = select(Certificate).where(Certificate.case_id == case_id, col(Certificate.revoked_at).is_(None))
    return session.exec(live).first()


def held_with(session: Session, about: Plaque | Revocation) -> tuple[Certificate, Case]:
    """Hold the case behind what is kept about a certificate, and read that and the certificate anew."""
    certificate = session.get_one(Certificate, about.certificate_id)
    case = held(session, certificate.case_id)
    session.refresh(about)
    session.refresh(certificate)
    return certificate, case


def verify(session: Session, token_or_number: str) -> Certificate | None:
    """Return the certificate behind a check code or a number, live or revoked; None when there is none."""
    wanted = token_or_number.strip()
    return session.exec(
        select(Certificate).where((Certificate.token == wanted) | (Certificate.number == wanted))
    ).first()


def entry_of(session: Session, certificate: Certificate) -> RegisterEntry | None:
    """Return the register's line about a certificate."""
    return session.exec(select(RegisterEntry).where(RegisterEntry.certificate_id == certificate.id)).first()
