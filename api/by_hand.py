"""Parts of steps done by hand: proposed by an operator, confirmed by another person, taken back until used."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from api.deps import CaseReference, Holding
from api.idempotency import Made, OnlyOnce
from api.operator import Operator
from api.schemas.by_hand import ByHandPage, ByHandTold, PartGiven, PartsTold
from api.schemas.common import refusals
from casework.by_hand import CONFIRMERS, confirm, listed, names_in, propose, waivers_of, withdraw
from casework.cases import by_reference, held
from casework.people import Person
from core.addresses import KnownId
from core.db import reading, transaction
from flows.gateway import standing_at
from models.case import Case
from models.operating import StepWaiver

router = APIRouter(prefix="/by-hand", tags=["Operating"])

REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)

Confirmer = Annotated[Person, Depends(Holding(*CONFIRMERS))]


@router.get("", responses=refusals(401, 403))
def list_by_hand(person: Confirmer) -> ByHandPage:
    """List what was done by hand (operators, the department); what waits for a second person comes first."""
    del person
    with reading() as session:
        found = listed(session)
        names = names_in(session, [made for made, _ in found])
    return ByHandPage(items=[ByHandTold.of(made, case.reference, names) for made, case in found])


@router.get("/cases/{reference}", responses=refusals(401, 403, 404))
def list_parts(reference: CaseReference, person: Operator) -> PartsTold:
    """Say where a case stands still, which parts of that step may be done by hand, and what was."""
    del person
    with reading() as session:
        case = by_reference(session, reference)
        made = waivers_of(session, case.id)
        names = names_in(session, made)
    return PartsTold.of(case, standing_at(case), [ByHandTold.of(one, case.reference, names) for one in made])


@router.post("/cases/{reference}", status_code=201, response_model=ByHandTold, responses=REFUSALS)
def propose_by_hand(reference: CaseReference, given: PartGiven, person: Operator, once: OnlyOnce) -> Response:
    """Enter that a part of the step at which a stalled case stands was done by hand; run the case again afterwards.

    What cannot be made up for counts once another person has confirmed it.
    """
    with transaction() as session:

        def effect() -> Made:
            case = held(session, by_reference(session, reference).id)
            return _told(session, propose(session, case, standing_at(case), (given.part, given.reason), by=person))

        return once.answer(session, effect)


@router.post("/{waiver_id}/confirmation", status_code=201, response_model=ByHandTold, responses=REFUSALS)
def confirm_by_hand(waiver_id: KnownId, person: Confirmer, once: OnlyOnce) -> Response:
    """Confirm as the second person (an operator, the department) that a part was done by hand."""
    return _acted(confirm, waiver_id, person, once)


@router.post("/{waiver_id}/withdrawal", status_code=201, response_model=ByHandTold, responses=REFUSALS)
def withdraw_by_hand(waiver_id: KnownId, person: Confirmer, once: OnlyOnce) -> Response:
    """Take it back, or refuse it as the second person, as long as no step has used it."""
    return _acted(withdraw, waiver_id, person, once)


def _acted(act: Callable[..., StepWaiver], waiver_id: UUID, person: Person, once: OnlyOnce) -> Response:
    with transaction() as session:
        return once.answer(session, lambda: _told(session, act(session, waiver_id, by=person)))


def _told(session: Session, made: StepWaiver) -> Made:
    reference = session.get_one(Case, made.case_id).reference
    return Made(ByHandTold.of(made, reference, names_in(session, [made])), location="/api/v1/by-hand")
