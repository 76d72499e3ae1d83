"""Revoking a certificate: one of the office proposes, the department confirms or declines."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.deps import SignedIn
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.certificates import CertificateTold
from api.schemas.common import Page, refusals
from api.schemas.revocations import DeclineGiven, RevocationGiven, RevocationTold
from casework.people import Person
from casework.revocations import confirm, decline, proposal_of, proposals, propose
from core.addresses import KnownId, Words
from core.db import reading, transaction

router = APIRouter(tags=["Certificates"])

REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)


@router.post("/certificates/{number}/revocation", status_code=201, response_model=RevocationTold, responses=REFUSALS)
def propose_revocation(number: Words, given: RevocationGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Propose to revoke a certificate (the office); it stays valid until the department confirms."""
    with transaction() as session:
        return once.answer(session, lambda: _proposed(session, number, given, person))


@router.get("/revocations", responses=refusals(401, 403, 422))
def list_revocations(paging: Paging, person: SignedIn) -> Page[RevocationTold]:
    """List the proposals (the office, the department), the oldest first."""
    with reading() as session:
        found = proposals(session, by=person)
    return paging.told(
        paging.cut(found, "revocations", lambda one: (one.revocation.proposed_at, str(one.revocation.id))),
        RevocationTold.of,
    )


@router.post(
    "/revocations/{revocation_id}/confirmation", status_code=201, response_model=CertificateTold, responses=REFUSALS
)
def confirm_revocation(revocation_id: KnownId, person: SignedIn, once: OnlyOnce) -> Response:
    """Revoke the certificate as proposed (the department, another person); its verification says so from now on."""
    with transaction() as session:

        def effect() -> Made:
            certificate = confirm(session, revocation_id, by=person)
            return Made(CertificateTold.of(certificate), location=f"/api/v1/certificates/{certificate.token}")

        return once.answer(session, effect)


@router.post("/revocations/{revocation_id}/refusal", status_code=201, response_model=RevocationTold, responses=REFUSALS)
def decline_revocation(revocation_id: KnownId, given: DeclineGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Leave the certificate as it is (the department), and say why."""
    with transaction() as session:
        return once.answer(session, lambda: _declined(session, revocation_id, given.answer, person))


def _proposed(session: Session, number: str, given: RevocationGiven, person: Person) -> Made:
    proposal = propose(session, number, given.basis, given.reason, by=person)
    return _told(session, proposal.id, person)


def _declined(session: Session, revocation_id: UUID, answer: str, person: Person) -> Made:
    decline(session, revocation_id, answer, by=person)
    return _told(session, revocation_id, person)


def _told(session: Session, revocation_id: UUID, person: Person) -> Made:
    return Made(RevocationTold.of(proposal_of(session, revocation_id, by=person)), location="/api/v1/revocations")
