"""Certificates: the act of accreditation, its number, its PDF and its verification (Art. 5(4), 6)."""

import secrets
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.cases import held, latest_submission, parties
from casework.organisations import PROVINCE
from casework.people import Person
from casework.series import next_number
from core.clock import now, today
from core.errors import Conflict, Fault, Invalid, NotFound, StageClosed
from core.files import keep
from core.i18n import marked
from core.settings import settings
from core.typesetting import typeset
from models.case import Case
from models.certificate import Certificate, RegisterEntry
from regulation.definition import CITATION
from regulation.roles import Role


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


def revoke(session: Session, number: str, reason: str, *, by: Person) -> Certificate:
    """Revoke a certificate; its verification page says so from now on."""
    require(by, Role.OFFICE)
    certificate = session.exec(select(Certificate).where(Certificate.number == number)).first()
    if not certificate:
        raise NotFound
    case = held(session, certificate.case_id)
    session.refresh(certificate)
    if certificate.revoked_at:
        raise Conflict(marked("该证书已撤销。"))
    if not case.closed_at:
        raise StageClosed(marked("该证书尚未公布，请待公布后再办理撤销。"))
    if not reason.strip():
        raise Invalid(faults=[Fault("reason", marked("请填写撤销理由。"))])
    certificate.revoked_at, certificate.revocation_reason = now(), reason.strip()
    journal.note(session, "certificate-revoked", case=case, by=by, number=number, reason=reason.strip())
    return certificate
