"""Public lists: making one, and reading them without an account."""

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks
from sqlmodel import Session
from starlette.responses import Response

from api.deps import SignedIn
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.common import Page, refusals
from api.schemas.publicity import PublicityGiven, PublicityTold, PublicityWithCases
from casework.people import Person
from casework.public_lists import list_of, lists
from casework.publicity import NewPublicity, publicise
from core.addresses import KnownId
from core.db import reading, transaction
from core.errors import Fault, Invalid
from flows.gateway import ring

router = APIRouter(tags=["Publicity"])


@router.get("/publicity", responses=refusals(422))
def list_publicities(paging: Paging) -> Page[PublicityTold]:
    """List the public lists, the oldest first; no sign-in needed."""
    with reading() as session:
        found = lists(session)
    place = paging.cut(found, "publicity", lambda one: (one.publicity.published_at, str(one.publicity.id)))
    return paging.told(place, PublicityTold.of)


@router.get("/publicity/{publicity_id}", responses=refusals(404))
def read_publicity(publicity_id: KnownId) -> PublicityWithCases:
    """Tell one list with the cases on it; no sign-in needed."""
    with reading() as session:
        return PublicityWithCases.whole(*list_of(session, publicity_id))


@router.post(
    "/publicity",
    status_code=201,
    response_model=PublicityWithCases,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def make_public(given: PublicityGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks) -> Response:
    """Make a list public (the office); its last day is counted in working days and told in the answer."""
    with transaction() as session:

        def effect() -> Made:
            told, cases = _published(session, given, person)
            for case_id in cases:
                after.add_task(ring, case_id)
            return Made(told, location=f"/api/v1/publicity/{told.id}")

        return once.answer(session, effect)


def _published(session: Session, given: PublicityGiven, person: Person) -> tuple[PublicityWithCases, list[UUID]]:
    new = NewPublicity(given.title, given.first_on, given.assignments, given.contact)
    try:
        publicity = publicise(session, new, by=person)
    except Invalid as refused:
        faults = [Fault("assignments" if f.field == "duties" else f.field, f.message) for f in refused.faults]
        raise Invalid(faults=faults) from refused
    public, cases = list_of(session, publicity.id)
    return PublicityWithCases.whole(public, cases), [one.case.id for one in cases]
