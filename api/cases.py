"""Cases: the list one may see, and one case as its reader may know it."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query
from pydantic import AfterValidator, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from api.deps import CaseReference, SignedIn
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.assignments import Recorded
from api.schemas.cases import CaseBrief, CaseTold, DecisionTold, HappeningTold, RoundTold, WithdrawalGiven
from api.schemas.common import Given, Page, refusals
from api.schemas.processing import ProcessingTold
from casework.access import sight_of
from casework.cases import by_reference, rounds_of
from casework.certificates import of_case
from casework.chronicle import is_told
from casework.decisions import decisions_of, withdraw
from casework.journal import timeline_of
from casework.naming import Naming, naming_of
from casework.overview import Search, rows_of, search_cases, selected
from casework.people import Person
from casework.processing import processing_of
from casework.turns import turns_in
from core.addresses import Words
from core.db import reading, transaction
from core.i18n import marked
from flows.gateway import ring
from models.case import Case
from regulation.definition import BY_KEY

router = APIRouter(prefix="/cases", tags=["Cases"])

NO_STAGE = marked("没有这个环节。")


def known_stage(key: str) -> str:
    """Return the key of a stage; raises ValueError for a word that is none."""
    if key and key not in BY_KEY:
        raise ValueError(NO_STAGE)
    return key


Stage = Annotated[str, AfterValidator(known_stage)]


class CasesAsked(Given):
    """Which cases are asked for."""

    model_config = ConfigDict(extra="ignore", strict=False)

    q: Words = Field("", description="Words of the reference, the institution or the base.")
    stage: Stage = Field("", description=f"One of {', '.join(BY_KEY)}.")
    call: Words = Field("", description="The call's code.", examples=["2026-1"])
    outcome: Words = Field("", description="open, closed, or how it ended.")
    turn: Words = Field("", description="The role that must act now, such as `recommender`.")
    overdue: bool = Field(default=False, description="Only where somebody is late.")
    stalled: bool = Field(default=False, description="Only where an operator is needed.")
    sort: Words = Field("due", description="due, reference, unit, stage or since; a minus turns it round.")


@router.get("", responses=refusals(401, 422))
def list_cases(person: SignedIn, paging: Paging, asked: Annotated[CasesAsked, Query()]) -> Page[CaseBrief]:
    """List the cases I may see, with whose turn it is in each."""
    given = asked.model_dump(exclude={"q"})
    search = Search(words=asked.q, after=paging.after, limit=paging.limit, **given)
    with reading() as session:
        found = search_cases(session, person, search)
    return paging.told(found, CaseBrief.of)


@router.get("/{reference}", responses=refusals(401, 404))
def read_case(reference: CaseReference, person: SignedIn) -> CaseTold:
    """Tell a case: stage, whose turn it is since when and due when, decisions, and what happened.

    What is told depends on the reader: applicants learn which body acted, never which expert.
    """
    with reading() as session:
        case = by_reference(session, reference)
        return case_told(session, case, naming_of(session, case, person))


@router.post(
    "/{reference}/withdrawal",
    status_code=201,
    response_model=Recorded,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def withdraw_case(
    reference: CaseReference, given: WithdrawalGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Take the application back (Art. 5(1): it is voluntary); ends the case at whatever stage it is."""
    with transaction() as session:
        return once.answer(session, lambda: _withdrawn(session, reference, given, person, after))


def case_told(session: Session, case: Case, naming: Naming) -> CaseTold:
    """Gather what this reader may know of a case."""
    sight = naming.sight
    row = rows_of(session, naming.viewer, selected(Case.id == case.id))[0]  # type: ignore[arg-type]
    turns = turns_in(session, [case], named=sight.names)[case.id]
    certificate = of_case(session, case.id)
    lines = [(entry, user) for entry, user, _ in timeline_of(session, case.id) if is_told(entry, sight)]
    decided = decisions_of(session, case.id) if sight.decisions else []
    return CaseTold(
        **CaseBrief.of(row, turns).model_dump(),
        application_id=case.application_id if sight.owner else None,
        certificate=certificate.number if certificate else "",
        processing=ProcessingTold.of(processing_of(session, case.id)),
        rounds=[RoundTold.of(at) for at in rounds_of(session, case.id)],
        decisions=[DecisionTold.of(decision, user, naming) for decision, user in decided],
        timeline=[HappeningTold.of(entry, user, naming) for entry, user in lines],
        links=CaseTold.links_of(case, naming),
    )


def _withdrawn(
    session: Session, reference: str, given: WithdrawalGiven, person: Person, after: BackgroundTasks
) -> Made:
    case = by_reference(session, reference)
    sight_of(session, person, case)
    decision = withdraw(session, case.id, given.reasons, by=person)
    after.add_task(ring, case.id)
    return Made(Recorded.of(case.reference, decision), location=f"/api/v1/cases/{case.reference}")
