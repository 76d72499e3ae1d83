"""The summary of a call, the meetings that decide it, and a list decided at once."""

from fastapi import APIRouter, BackgroundTasks
from sqlmodel import Session
from starlette.responses import Response

from api.deps import SignedIn
from api.idempotency import Made, OnlyOnce
from api.schemas.certifying import MeetingTold, ResolutionGiven, ResolutionTold, StandingTold
from api.schemas.common import refusals
from casework.access import OVERSEERS, require
from casework.calls import by_code
from casework.collective import Item, decide_together
from casework.meetings import meetings_of
from casework.people import Person
from casework.summary import summary_of
from core.addresses import Words
from core.db import reading, transaction
from flows.gateway import ring
from models.case import Case
from models.judgement import Decision
from regulation.outcomes import Outcome

router = APIRouter(prefix="/calls/{code}", tags=["Certification"])


@router.get("/summary", responses=refusals(401, 403, 404))
def read_summary(code: Words, person: SignedIn) -> list[StandingTold]:
    """Tell every case of a call in figures, ranked (the office, the department, the auditor)."""
    with reading() as session:
        return [StandingTold.of(one) for one in summary_of(session, by_code(session, code), by=person)]


@router.get("/meetings", responses=refusals(401, 403, 404))
def list_meetings(code: Words, person: SignedIn) -> list[MeetingTold]:
    """List the meetings that decided on applications of a call, the last first."""
    require(person, *OVERSEERS)
    with reading() as session:
        return [MeetingTold.of(meeting) for meeting, _ in meetings_of(session, by_code(session, code).id)]


@router.post(
    "/resolution",
    status_code=201,
    response_model=ResolutionTold,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def decide_list(
    code: Words, given: ResolutionGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Record what one meeting decided on a list of cases (the department): all of it or nothing."""
    with transaction() as session:

        def effect() -> Made:
            made = _decided(session, code, given, person)
            for decision in made:
                after.add_task(ring, decision.case_id)
            cases = [session.get_one(Case, decision.case_id).reference for decision in made]
            return Made(ResolutionTold(decided=sorted(cases)), location=f"/api/v1/calls/{code}/meetings")

        return once.answer(session, effect)


def _decided(session: Session, code: str, given: ResolutionGiven, person: Person) -> list[Decision]:
    items = [Item(one.assignment, Outcome(one.outcome), one.reasons) for one in given.items]
    sitting = given.meeting.sitting() if given.meeting else None
    return decide_together(session, by_code(session, code), items, sitting, by=person)
