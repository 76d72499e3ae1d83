"""Certificates: the act of accreditation, its number, its PDF and its verification (Art. 5(4), 6)."""

import secrets
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.cases import latest_submission, parties
from casework.organisations import PROVINCE
from casework.series import next_number
from core.clock import today
from core.files import keep
from core.settings import settings
from core.typesetting import typeset
from models.case import Case
from models.certificate import Certificate, RegisterEntry
from regulation.definition import CITATION


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
    )
    certificate.sha256 = keep(pdf(certificate))
    session.add(certificate)
    journal.note(session, "certificate-issued", case=case, by=None, stage=case.stage, number=certificate.number)
    return f"issued {certificate.number}"


def pdf(certificate: Certificate) -> bytes:
    """Set the certificate as a PDF; the same row gives the same bytes."""
    day = certificate.issued_on
    return typeset(
        "certificate",
        {
            "number": certificate.number,
            "holder": certificate.holder,
            "base_name": certificate.base_name,
            "credit_code": certificate.credit_code,
            "citation": CITATION,
            "issued_on": f"{day.year}年{day.month}月{day.day}日",
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


def verify(session: Session, token_or_number: str) -> Certificate | None:
    """Return the certificate behind a check code or a number, live or revoked; None when there is none."""
    wanted = token_or_number.strip()
    return session.exec(
        select(Certificate).where((Certificate.token == wanted) | (Certificate.number == wanted))
    ).first()


def entry_of(session: Session, certificate: Certificate) -> RegisterEntry | None:
    """Return the register's line about a certificate."""
    return session.exec(select(RegisterEntry).where(RegisterEntry.certificate_id == certificate.id)).first()
