"""Who may not judge: answers to invitations, recusals, the applicant's requests, and the office's rulings."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends
from starlette.responses import Response

from api.deps import CaseReference, Holding, SignedIn
from api.idempotency import Made, OnlyOnce
from api.schemas.common import Page, refusals
from api.schemas.experts import (
    AnswerGiven,
    AnswerTold,
    AvoidanceGiven,
    AvoidedTold,
    ConcernedTold,
    ReasonGiven,
    RulingGiven,
    RulingTold,
)
from casework.access import sight_of
from casework.assignments import own
from casework.cases import by_reference
from casework.experts.answers import Answer, answer
from casework.experts.avoiding import Avoided, ask_to_avoid, asked_for
from casework.experts.invitations import offer_of
from casework.experts.overview import concerned_in, panel_round
from casework.experts.rulings import declare, rule
from casework.people import Person
from core.addresses import KnownId
from core.db import reading, transaction
from core.errors import NotAssigned
from flows.gateway import ring
from regulation.roles import Role

router = APIRouter(tags=["Experts"])

Officer = Annotated[Person, Depends(Holding(Role.OFFICE))]
REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)


@router.post("/assignments/{assignment_id}/answer", status_code=201, response_model=AnswerTold, responses=REFUSALS)
def answer_invitation(
    assignment_id: KnownId, given: AnswerGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Answer an invitation, for all the cases it is about; who will not is followed by the next in order."""
    with transaction() as session:

        def effect() -> Made:
            own(session, assignment_id, person)
            made = answer(session, assignment_id, Answer(given.answer, given.promise, given.reason), by=person)
            for case, _ in offer_of(session, made).places:
                after.add_task(ring, case.id)
            return Made(AnswerTold.of(made))

        return once.answer(session, effect)


@router.post("/assignments/{assignment_id}/recusal", status_code=201, response_model=RulingTold, responses=REFUSALS)
def ask_to_be_recused(assignment_id: KnownId, given: ReasonGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Ask to be recused from a case that was given to oneself; until the office has ruled no opinion is taken."""
    with transaction() as session:

        def effect() -> Made:
            own(session, assignment_id, person)
            return Made(RulingTold.of(declare(session, assignment_id, given.reason, by=person)))

        return once.answer(session, effect)


@router.get("/cases/{reference}/conflicts", responses=refusals(401, 403, 404))
def list_conflicts(reference: CaseReference, officer: Officer) -> Page[ConcernedTold]:
    """List who may not judge a case and why: those on its panel first, then those invited, then the pool."""
    del officer
    with reading() as session:
        case = by_reference(session, reference)
        found = concerned_in(session, case, panel_round(session, case))
        return Page(items=[ConcernedTold.of(one) for one in found if one.grounds], next="")


@router.post("/cases/{reference}/conflicts", status_code=201, response_model=RulingTold, responses=REFUSALS)
def rule_on_conflict(
    reference: CaseReference, given: RulingGiven, officer: Officer, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Dismiss or uphold a conflict with a reason; upheld against a member of the panel, the opinion given is void.

    The others' opinions stand. A round that is decided is not opened again.
    """
    with transaction() as session:

        def effect() -> Made:
            case = by_reference(session, reference)
            ruled = rule(session, case.id, given.ruling(), by=officer)
            after.add_task(ring, case.id)
            return Made(RulingTold.of(ruled))

        return once.answer(session, effect)


@router.get("/cases/{reference}/avoidance", responses=refusals(401, 403, 404))
def list_avoided(reference: CaseReference, person: SignedIn) -> Page[AvoidedTold]:
    """List whom the applicant asked to be avoided; for the applicant and the office."""
    with reading() as session:
        case = by_reference(session, reference)
        if not sight_of(session, person, case).owner and not person.has(Role.OFFICE):
            raise NotAssigned
        told = [AvoidedTold(name=name, reason=reason) for name, reason in asked_for(session, case)]
        return Page(items=told, next="")


@router.post("/cases/{reference}/avoidance", status_code=201, response_model=Page[AvoidedTold], responses=REFUSALS)
def ask_to_avoid_experts(reference: CaseReference, given: AvoidanceGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Name experts to be avoided, with reasons, before the panel is drawn; who is in the pool is not told."""
    with transaction() as session:

        def effect() -> Made:
            case = by_reference(session, reference)
            sight_of(session, person, case)
            ask_to_avoid(session, case.id, [Avoided(one.name, one.reason) for one in given.avoided], by=person)
            told = [AvoidedTold(name=name, reason=reason) for name, reason in asked_for(session, case)]
            return Made(Page[AvoidedTold](items=told, next=""))

        return once.answer(session, effect)
