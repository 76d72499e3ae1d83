"""Objections in the hands of the office and the department, and the applicant's answer to one."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks
from sqlmodel import Session
from starlette.responses import Response

from api.deps import CaseReference, SignedIn
from api.idempotency import Made, Once, OnlyOnce
from api.paging import Paging
from api.schemas.common import Page, refusals
from api.schemas.publicity import (
    AcceptanceGiven,
    ConclusionGiven,
    NoteGiven,
    ObjectionLine,
    ObjectionTold,
    ObjectionWhole,
    RefusalGiven,
    StatementGiven,
)
from casework.access import sight_of
from casework.cases import by_reference
from casework.objections import handling
from casework.objections.looking import dossier, objections, told_objections
from casework.objections.statements import state
from core.addresses import KnownId
from core.db import reading, transaction
from core.errors import NotFound
from flows.gateway import ring

router = APIRouter(tags=["Objections"])

REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)
ONE = "/objections/{objection_id}"


@router.get("/objections", responses=refusals(401, 403, 422))
def list_objections(paging: Paging, person: SignedIn) -> Page[ObjectionLine]:
    """List the objections (the office, the department), the oldest first."""
    with reading() as session:
        found = objections(session, by=person)
    place = paging.cut(found, "objections", lambda one: (one.objection.filed_at, one.objection.number))
    return paging.told(place, ObjectionLine.line)


@router.get(ONE, responses=refusals(401, 403, 404))
def read_objection(objection_id: KnownId, person: SignedIn) -> ObjectionWhole:
    """Tell one objection with everything, also who objects (the office, the department)."""
    with reading() as session:
        return ObjectionWhole.whole(dossier(session, objection_id, by=person))


@router.post(f"{ONE}/acceptance", status_code=201, response_model=ObjectionLine, responses=REFUSALS)
def accept_objection(
    objection_id: KnownId, given: AcceptanceGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Take an objection up (the office); the applicant is told its gist."""
    return _handled(
        once, objection_id, lambda session: handling.accept(session, objection_id, given.gist, by=person), after
    )


@router.post(f"{ONE}/refusal", status_code=201, response_model=ObjectionLine, responses=REFUSALS)
def refuse_objection(
    objection_id: KnownId, given: RefusalGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Do not take an objection up, and say why (the office)."""
    return _handled(
        once, objection_id, lambda session: handling.refuse(session, objection_id, given.reasons, by=person), after
    )


@router.post(f"{ONE}/notes", status_code=201, response_model=ObjectionLine, responses=REFUSALS)
def note_objection(
    objection_id: KnownId, given: NoteGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Write down what was found out (the office)."""
    return _handled(
        once, objection_id, lambda session: handling.note(session, objection_id, given.text, by=person), after
    )


@router.post(f"{ONE}/conclusion", status_code=201, response_model=ObjectionLine, responses=REFUSALS)
def conclude_objection(
    objection_id: KnownId, given: ConclusionGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """End an investigation with its result (the office); the objector is answered in writing."""

    def act(session: Session) -> object:
        return handling.conclude(session, objection_id, given.result, given.reasons, by=person)

    return _handled(once, objection_id, act, after)


@router.get("/cases/{reference}/objections", responses=refusals(401, 404))
def list_case_objections(reference: CaseReference, person: SignedIn) -> list[ObjectionTold]:
    """List the objections to a case that its reader was told of: the institution those that were taken up."""
    with reading() as session:
        case = by_reference(session, reference)
        sight_of(session, person, case)
        return [ObjectionTold.of(one) for one in told_objections(session, case, by=person)]


@router.post(
    "/cases/{reference}/objections/{objection_id}/statement",
    status_code=201,
    response_model=ObjectionTold,
    responses=REFUSALS,
)
def answer_objection(
    reference: CaseReference, objection_id: KnownId, given: StatementGiven, person: SignedIn, once: OnlyOnce
) -> Response:
    """Answer an objection in the institution's name, once (the applicant)."""
    with transaction() as session:

        def effect() -> Made:
            objection = state(session, objection_id, given.statement, by=person)
            if objection.case_id != by_reference(session, reference).id:
                raise NotFound
            return Made(ObjectionTold.of(objection))

        return once.answer(session, effect)


def _handled(once: Once, objection_id: UUID, act: Callable[[Session], object], after: BackgroundTasks) -> Response:
    """Carry an act of the office out and tell how the objection stands; its case's bell is rung after the commit."""
    with transaction() as session:

        def effect() -> Made:
            act(session)
            found = dossier(session, objection_id, by=once.person).listed
            after.add_task(ring, found.case.id)
            return Made(ObjectionLine.line(found), location=f"/api/v1/objections/{objection_id}")

        return once.answer(session, effect)
