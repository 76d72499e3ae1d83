"""The pool of experts and the panels drawn from it, for the office."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Query
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from api.deps import Holding
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.common import Given, Page, refusals
from api.schemas.experts import DrawGiven, DrawTold, ExpertTold, ReasonGiven
from casework.experts.answers import invited
from casework.experts.confirming import confirm, discard
from casework.experts.draws import cases_of, draw_of, draw_panel
from casework.experts.pool import PoolSearch, expert_of, experts
from casework.people import Person
from core.addresses import KnownId, Words
from core.db import reading, transaction
from flows.gateway import ring
from models.expert import Draw
from regulation.roles import Role

router = APIRouter(tags=["Experts"])

Officer = Annotated[Person, Depends(Holding(Role.OFFICE))]
REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)


class ExpertsAsked(Given):
    """Which experts are asked for."""

    model_config = ConfigDict(extra="ignore", strict=False)

    q: Words = Field("", description="Words of the name, the address, the title or a unit.")
    kind: Words = Field("", description="continuing-education or field.")
    field: Words = Field("", description="A key of the form's domains, such as `new-energy`.")


@router.get("/experts", responses=refusals(401, 403, 422))
def list_experts(person: Officer, paging: Paging, asked: Annotated[ExpertsAsked, Query()]) -> Page[ExpertTold]:
    """List the pool by name, with what keeps whom from being drawn."""
    del person
    with reading() as session:
        found = experts(session, PoolSearch(asked.q, asked.kind, asked.field, paging.after, paging.limit))
    return paging.told(found, ExpertTold.of)


@router.get("/experts/{person_id}", responses=refusals(401, 403, 404))
def read_expert(person_id: KnownId, person: Officer) -> ExpertTold:
    """Tell one expert, by the account."""
    del person
    with reading() as session:
        return ExpertTold.of(expert_of(session, person_id))


@router.post("/draws", status_code=201, response_model=DrawTold, responses=REFUSALS)
def draw_a_panel(given: DrawGiven, officer: Officer, once: OnlyOnce) -> Response:
    """Draw one panel for one case or several of a call; the seed gives the same panel again.

    Refused, the answer names every rule that cannot be kept, and everybody who was excluded and why.
    """
    with transaction() as session:

        def effect() -> Made:
            draw = draw_panel(session, given.assignments, given.seed, by=officer)
            return Made(told(session, draw), location=f"/api/v1/draws/{draw.id}")

        return once.answer(session, effect)


@router.get("/draws/{draw_id}", responses=refusals(401, 403, 404))
def read_draw(draw_id: KnownId, officer: Officer) -> DrawTold:
    """Tell a draw with everything it can be repeated from, and what became of its invitations."""
    del officer
    with reading() as session:
        return told(session, draw_of(session, draw_id))


@router.post("/draws/{draw_id}/confirmation", status_code=201, response_model=DrawTold, responses=REFUSALS)
def confirm_draw(draw_id: KnownId, officer: Officer, once: OnlyOnce) -> Response:
    """Invite everybody who was drawn; each has the days of the call's policy to answer."""
    with transaction() as session:

        def effect() -> Made:
            confirm(session, draw_id, by=officer)
            return Made(told(session, draw_of(session, draw_id)))

        return once.answer(session, effect)


@router.post("/draws/{draw_id}/discard", status_code=201, response_model=DrawTold, responses=REFUSALS)
def discard_draw(
    draw_id: KnownId, given: ReasonGiven, officer: Officer, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Set a draw aside with a reason, as long as nobody was seated; its record stays."""
    with transaction() as session:

        def effect() -> Made:
            draw = discard(session, draw_id, given.reason, by=officer)
            for case, _ in cases_of(session, draw_id):
                after.add_task(ring, case.id)
            return Made(told(session, draw))

        return once.answer(session, effect)


def told(session: Session, draw: Draw) -> DrawTold:
    """Tell a draw."""
    session.flush()
    return DrawTold.of(draw, [case.reference for case, _ in cases_of(session, draw.id)], invited(session, draw.id))
