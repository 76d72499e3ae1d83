"""For operators: stalled cases and running them again, letters and sending them again."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Query
from sqlmodel import Session
from starlette.responses import Response

from api.deps import Holding
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.common import Page, refusals
from api.schemas.operator import MessageTold, RerunGiven, RerunResults, RerunTold, StalledTold, StateWord
from casework import bells
from casework.cases import by_reference, held
from casework.letters import LetterSearch, posted, send_again
from casework.people import Person
from casework.runs import run_again, stalled
from core.addresses import KnownId, Words, words
from core.db import reading, transaction
from core.errors import Conflict, NotFound
from flows.gateway import ring
from models.case import Case
from regulation.roles import Role

router = APIRouter(tags=["Operating"])

Operator = Annotated[Person, Depends(Holding(Role.OPERATOR))]


@router.get("/stalled", responses=refusals(401, 403, 422))
def list_stalled(person: Operator, paging: Paging) -> Page[StalledTold]:
    """List the stalled cases, the longest stalled first: step, error, attempts, traceback, and Prefect's page."""
    del person
    with reading() as session:
        found = stalled(session)
    rows = paging.cut(found, "stalled", lambda one: (one.since, one.case.reference))
    return paging.told(rows, StalledTold.of)


@router.post(
    "/stalled/rerun", status_code=202, response_model=RerunResults, responses=refusals(400, 401, 403, 415, 422)
)
def rerun_stalled(given: RerunGiven, person: Operator, once: OnlyOnce, after: BackgroundTasks) -> Response:
    """Run stalled cases again, one or many; what was finished is not repeated. Says of each what came of it.

    `rung` means that its bell is hung: it is rung right after this answer, and again later if the engine is down.
    """
    with transaction() as session:
        return once.answer(session, lambda: _rerun(session, given.references, person, after))


@router.get("/messages", responses=refusals(401, 403, 422))
def list_messages(
    person: Operator,
    paging: Paging,
    state: Annotated[StateWord | None, Query(description="Only letters in this state.")] = None,
    q: Annotated[Words, Query(description="Words of the recipient, the address or the case.")] = "",
) -> Page[MessageTold]:
    """List posted letters, the newest first."""
    del person
    with reading() as session:
        found = posted(session, LetterSearch(q, state or "", paging.after, paging.limit))
    return paging.told(found, lambda row: MessageTold.of(*row))


@router.post(
    "/messages/{message_id}/send-again",
    status_code=202,
    response_model=MessageTold,
    responses=refusals(401, 403, 404, 409, 422),
)
def send_message_again(message_id: KnownId, person: Operator, once: OnlyOnce) -> Response:
    """Make a failed letter, or one of unknown fate, due again; it keeps its Message-ID."""
    with transaction() as session:

        def effect() -> Made:
            message = send_again(session, message_id, by=person)
            case = session.get(Case, message.case_id) if message.case_id else None
            return Made(MessageTold.of(message, case.reference if case else ""), 202)

        return once.answer(session, effect)


def _rerun(session: Session, references: list[str], person: Person, after: BackgroundTasks) -> Made:
    """Ask for each case once, in one order for everybody, so that two operators cannot block each other."""
    results = {reference: _run_one(session, reference, person, after) for reference in sorted(set(references))}
    told = [RerunTold(reference=reference, result=results[reference]) for reference in references]
    return Made(RerunResults(results=told), 202)


def _run_one(session: Session, reference: str, person: Person, after: BackgroundTasks) -> str:
    try:
        case = held(session, by_reference(session, words(reference)).id)
        if case.stalled_at and bells.waiting(session, case.id):
            after.add_task(ring, case.id)
            return "already-running"
        run_again(session, case, by=person)
    except NotFound:
        return "unknown"
    except Conflict:
        return "not-stalled"
    after.add_task(ring, case.id)
    return "rung"
