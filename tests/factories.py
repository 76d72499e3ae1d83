"""Small real things for tests."""

import io
from functools import cache

import pikepdf
from sqlmodel import Session, select
from stdnum.cn import uscc

from casework.demonstration import PASSWORD
from casework.people import add_user
from casework.series import next_number
from core.db import transaction
from models.organisation import Organisation, OrganisationKind
from regulation.roles import Role


@cache
def a_pdf(pages: int = 1) -> bytes:
    """Return a valid PDF of blank A4 pages."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def joins(email: str, name: str, role: Role, body: str) -> None:
    """Give somebody of a body an account."""
    with transaction() as session:
        of = session.exec(select(Organisation).where(Organisation.name == body)).one()
        add_user(session, email, name, PASSWORD, of=of, roles=[role])


def another_institution(session: Session) -> str:
    """Enter an institution with an account; return the account's e-mail."""
    number = next_number(session, "institutions of tests")
    body = f"52420100MJT{number:06}"
    institution = Organisation(
        kind=OrganisationKind.INSTITUTION,
        name=f"示例培训中心{number}",
        credit_code=body + uscc.calc_check_digit(body),
        area_code="420100",
    )
    session.add(institution)
    session.flush()
    email = f"danwei{number}@example.com"
    add_user(session, email, f"示例经办{number}", PASSWORD, of=institution, roles=[Role.APPLICANT])
    return email
