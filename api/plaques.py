"""Plaques: the register, and each step recorded once; the office only."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.deps import SignedIn
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.common import Page, refusals
from api.schemas.plaques import EndingGiven, HandoverGiven, MakingGiven, PlaqueGiven, PlaqueTold
from casework.people import Person
from casework.publication.plaques import end, enter, hand_over, plaque_of, plaques, record_made
from core.addresses import KnownId
from core.db import reading, transaction

router = APIRouter(tags=["Certificates"])

REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)


@router.get("/plaques", responses=refusals(401, 403, 422))
def list_plaques(paging: Paging, person: SignedIn) -> Page[PlaqueTold]:
    """List every published certificate with its plaque, in the order of the certificates' numbers."""
    with reading() as session:
        found = plaques(session, by=person)
    return paging.told(paging.cut(found, "plaques", lambda one: (one.certificate.number,)), PlaqueTold.of)


@router.post("/plaques", status_code=201, response_model=PlaqueTold, responses=REFUSALS)
def enter_plaque(given: PlaqueGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Enter the plaque of a certificate under a number of its own."""
    with transaction() as session:

        def effect() -> Made:
            plaque = enter(session, given.certificate, given.text, by=person)
            return _told(session, plaque.id, person)

        return once.answer(session, effect)


@router.post("/plaques/{plaque_id}/making", status_code=201, response_model=PlaqueTold, responses=REFUSALS)
def record_making(plaque_id: KnownId, given: MakingGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Record the day on which it was made."""
    with transaction() as session:

        def effect() -> Made:
            record_made(session, plaque_id, given.on, by=person)
            return _told(session, plaque_id, person)

        return once.answer(session, effect)


@router.post("/plaques/{plaque_id}/handover", status_code=201, response_model=PlaqueTold, responses=REFUSALS)
def record_handover(plaque_id: KnownId, given: HandoverGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Record when and to whom it was handed over."""
    with transaction() as session:

        def effect() -> Made:
            hand_over(session, plaque_id, given.on, given.to, by=person)
            return _told(session, plaque_id, person)

        return once.answer(session, effect)


@router.post("/plaques/{plaque_id}/ending", status_code=201, response_model=PlaqueTold, responses=REFUSALS)
def record_ending(plaque_id: KnownId, given: EndingGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Record that it was returned or destroyed."""
    with transaction() as session:

        def effect() -> Made:
            end(session, plaque_id, given.on, given.ending, by=person)
            return _told(session, plaque_id, person)

        return once.answer(session, effect)


def _told(session: Session, plaque_id: UUID, person: Person) -> Made:
    session.flush()
    return Made(PlaqueTold.of(plaque_of(session, plaque_id, by=person)), location="/api/v1/plaques")
