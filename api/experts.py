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
from api.schemas.expert_profiles import ProfileGiven
from api.schemas.experts import DrawGiven, DrawTold, ExpertTold, ReasonGiven, TelephoneAnswerGiven
from casework.experts.answers import Answer, invited
from casework.experts.by_telephone import record_answer
from casework.experts.confirming import confirm, discard
from casework.experts.draws import cases_of, draw_of, draw_panel
from casework.experts.invitations import invitations_of
from casework.experts.pool import PoolSearch, expert_of, experts
from casework.experts.profiles import resume, save_profile, suspend
from casework.people import Person
from core.addresses import KnownId, Words
from core.db import reading, transaction
from core.errors import NotFound
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


@router.put("/experts/{person_id}", responses=REFUSALS)
def write_profile(person_id: KnownId, given: ProfileGiven, officer: Officer) -> ExpertTold:
    """Enter what is known of an expert, in place of what was; everything that is wrong is told at once."""
    with transaction() as session:
        save_profile(session, person_id, given.profile(), by=officer)
        return ExpertTold.of(expert_of(session, person_id))


@router.post("/experts/{person_id}/suspension", status_code=201, response_model=ExpertTold, responses=REFUSALS)
def suspend_expert(person_id: KnownId, given: ReasonGiven, officer: Officer, once: OnlyOnce) -> Response:
    """Take an expert out of every future draw, with a reason."""
    with transaction() as session:

        def effect() -> Made:
            suspend(session, person_id, given.reason, by=officer)
            return Made(ExpertTold.of(expert_of(session, person_id)), location=f"/api/v1/experts/{person_id}")

        return once.answer(session, effect)


@router.delete("/experts/{person_id}/suspension", status_code=204, responses=refusals(401, 403, 404, 409))
def resume_expert(person_id: KnownId, officer: Officer) -> Response:
    """Let a suspended expert be drawn again."""
    with transaction() as session:
        resume(session, person_id, by=officer)
    return Response(status_code=204)


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


@router.post(
    "/draws/{draw_id}/invitations/{number}/telephone-answer",
    status_code=201,
    response_model=DrawTold,
    responses=REFUSALS,
)
def record_telephone_answer(  # noqa: PLR0913, PLR0917 - what stands in the address is an argument
    draw_id: KnownId, number: int, given: TelephoneAnswerGiven, officer: Officer, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Write down what an invited expert answered by telephone; it has effect at once, the expert is told by letter."""
    with transaction() as session:

        def effect() -> Made:
            draw = draw_of(session, draw_id)
            found = next((one for one in invitations_of(session, draw_id) if one.number == number), None)
            if not found:
                raise NotFound
            said = Answer(given.answer, given.promise, given.reason)
            record_answer(session, found.id, said, given.spoken_at, by=officer)
            for case, _ in cases_of(session, draw_id):
                after.add_task(ring, case.id)
            return Made(told(session, draw))

        return once.answer(session, effect)


def told(session: Session, draw: Draw) -> DrawTold:
    """Tell a draw."""
    session.flush()
    return DrawTold.of(draw, [case.reference for case, _ in cases_of(session, draw.id)], invited(session, draw.id))
