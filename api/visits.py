"""Arranging a visit: the days, the calendar entry."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.deps import CaseReference, SignedIn
from api.files import download
from api.idempotency import Made, OnlyOnce
from api.schemas.common import refusals
from api.schemas.visits import AnswerGiven, CancellationGiven, MoveGiven, OfferGiven, VisitTold
from casework.access import sight_of
from casework.cases import by_reference
from casework.people import Person
from casework.visits.appointments import accept, cancel, decline, move, offer
from casework.visits.arranging import arrangement_of, round_to_visit
from casework.visits.calendars import NAME, PUBLISH, entry_of
from casework.visits.telling import about
from core.db import reading, transaction
from core.errors import NotFound
from models.case import Case

router = APIRouter(prefix="/cases/{reference}/visit", tags=["Visits"])

REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)
CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"description": "The entry.", "content": {"text/calendar": {"schema": {"type": "string"}}}}
}


@router.get("", responses=refusals(401, 404))
def read_visit(reference: CaseReference, person: SignedIn) -> VisitTold:
    """Tell where the arranging of the visit stands, to both sides and the overseers."""
    with reading() as session:
        return told(session, seen(session, reference, person))


@router.get("/calendar", response_class=Response, responses=CALENDAR | refusals(401, 404))
def read_visit_calendar(reference: CaseReference, person: SignedIn) -> Response:
    """Give the agreed day as a calendar entry (RFC 5545)."""
    with reading() as session:
        case = seen(session, reference, person)
        at = round_to_visit(session, case.id)
        agreed = arrangement_of(session, at).agreed if at else None
        if not agreed:
            raise NotFound
        content = entry_of(agreed, PUBLISH, about(session, case))
    return download(content, NAME, "text/calendar; charset=utf-8")


@router.post("/offer", status_code=201, response_model=VisitTold, responses=REFUSALS)
def offer_days(reference: CaseReference, given: OfferGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Offer days, in place of those that were not answered; the team's leader or the office does it."""
    return done(reference, person, once, lambda s, case: offer(s, case, given.days, given.note, by=person))


@router.post("/answer", status_code=201, response_model=VisitTold, responses=REFUSALS)
def answer_offer(reference: CaseReference, given: AnswerGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Pick one of the offered days, or say why none suits and propose others; the institution does it."""

    def act(session: Session, case_id: UUID) -> None:
        if given.day:
            accept(session, case_id, given.day, by=person)
        else:
            decline(session, case_id, given.reasons, given.proposed, by=person)

    return done(reference, person, once, act)


@router.post("/move", status_code=201, response_model=VisitTold, responses=REFUSALS)
def move_visit(reference: CaseReference, given: MoveGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Move the visit to another day that was agreed by word of mouth."""
    return done(reference, person, once, lambda s, case: move(s, case, given.day, given.reasons, by=person))


@router.post("/cancellation", status_code=201, response_model=VisitTold, responses=REFUSALS)
def cancel_visit(reference: CaseReference, given: CancellationGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Call the visit off; other days may be offered afterwards."""
    return done(reference, person, once, lambda s, case: cancel(s, case, given.reasons, by=person))


def done(reference: str, person: Person, once: OnlyOnce, act: Callable[[Session, UUID], object]) -> Response:
    """Do something about the visit's day and tell where the arranging stands then."""
    with transaction() as session:

        def effect() -> Made:
            case = by_reference(session, reference)
            sight_of(session, person, case)
            act(session, case.id)
            return Made(told(session, case), location=f"/api/v1/cases/{case.reference}/visit")

        return once.answer(session, effect)


def seen(session: Session, reference: str, person: Person) -> Case:
    """Return a case whose visit this person may follow; raises `NotFound`."""
    case = by_reference(session, reference)
    sight = sight_of(session, person, case)
    if not sight.owner and not sight.inspection:
        raise NotFound
    return case


def told(session: Session, case: Case) -> VisitTold:
    """Tell the arrangement of the newest round that has a team; raises `NotFound` without one."""
    at = round_to_visit(session, case.id)
    if not at:
        raise NotFound
    return VisitTold.of(case.reference, arrangement_of(session, at))
